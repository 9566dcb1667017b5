-- $1 caller, $2 request id, $3 body, $4 normal form of the name
SELECT a.body, a.etag, a.location
FROM lead_create($1::bytea, $2, $3::jsonb, $4) w (id), lead_answer(w.id) a;
