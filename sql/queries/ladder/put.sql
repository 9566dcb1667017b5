-- $1 caller, $2 request id, $3 plan or NULL, $4 versions, $5 body
SELECT a.body, a.etag, a.location
FROM ladder_put($1::bytea, $2, $3, $4::bigint[], $5::jsonb) w (id), ladder_answer(w.id) a;
