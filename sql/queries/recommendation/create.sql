-- $1 caller, $2 request id, $3 plan, $4 body
SELECT a.body, a.etag, a.location
FROM recommendation_create($1::bytea, $2, $3, $4::jsonb) w (id), recommendation_answer(w.id) a;
