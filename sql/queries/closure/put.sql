-- $1 caller, $2 request id, $3 versions, $4 body
SELECT a.body, a.etag, a.location
FROM closures_put($1::bytea, $2, $3::bigint[], $4::jsonb) w (id), closures_answer(w.id) a;
