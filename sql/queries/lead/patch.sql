-- $1 caller, $2 request id, $3 lead, $4 versions, $5 body, $6 normal form of the name or NULL
SELECT a.body, a.etag, a.location
FROM lead_patch($1::bytea, $2, $3::bigint, $4::bigint[], $5::jsonb, $6) w (id), lead_answer(w.id) a;
