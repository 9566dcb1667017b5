-- $1 caller, $2 request id, $3 webhook, $4 versions, $5 body
SELECT a.body, a.etag, a.location
FROM webhook_patch($1::bytea, $2, $3::bigint, $4::bigint[], $5::jsonb) w (id), webhook_answer(w.id) a;
