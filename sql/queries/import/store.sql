-- $1 caller, $2 request id, $3 document, $4 plan (id or slug) or NULL for a new one, $5 dry run
SELECT body, NULL AS etag, location, errors FROM import_create($1::bytea, $2, $3::jsonb, $4, coalesce($5::boolean, false));
