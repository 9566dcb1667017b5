-- $1 caller, $2 request id, $3 body, $4 digest of the new token, $5 its visible prefix
SELECT a.body, a.etag, a.location
FROM key_create($1::bytea, $2, $3::jsonb, $4::bytea, $5) w (id), key_answer(w.id) a;
