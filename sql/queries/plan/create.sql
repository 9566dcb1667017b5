-- $1 caller, $2 request id, $3 body
SELECT a.body, a.etag, a.location
FROM plan_create($1::bytea, $2, $3::jsonb) w (id), plan_answer(w.id) a;
