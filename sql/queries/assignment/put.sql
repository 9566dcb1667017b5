-- $1 caller, $2 request id, $3 action, $4 lead, $5 versions, $6 body
SELECT a.body, a.etag, a.location
FROM assignment_put($1::bytea, $2, $3::bigint, $4::bigint, $5::bigint[], $6::jsonb) w (id), action_answer(w.id) a;
