-- $1 caller, $2 request id, $3 recommendation, $4 versions, $5 body
SELECT a.body, a.etag, a.location
FROM recommendation_patch($1::bytea, $2, $3::bigint, $4::bigint[], $5::jsonb) w (id), recommendation_answer(w.id) a;
