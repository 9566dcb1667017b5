-- $1 caller, $2 request id, $3 body, $4 its first secret
SELECT a.body, a.etag, a.location
FROM webhook_create($1::bytea, $2, $3::jsonb, $4::bytea) w (id), webhook_answer(w.id) a;
