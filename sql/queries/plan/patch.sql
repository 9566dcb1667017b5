-- $1 caller, $2 request id, $3 plan, $4 versions, $5 body
SELECT a.body, a.etag, a.location
FROM plan_patch($1::bytea, $2, $3, $4::bigint[], $5::jsonb) w (id), plan_answer(w.id) a;
