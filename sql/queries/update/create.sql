-- $1 caller, $2 request id, $3 action, $4 body
SELECT a.body, a.etag, a.location
FROM update_create($1::bytea, $2, $3::bigint, $4::jsonb) w (id), update_answer(w.id) a;
