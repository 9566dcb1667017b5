-- $1 caller, $2 request id, $3 key, $4 body, $5 digest of the new token, $6 its visible prefix
SELECT a.body, a.etag, a.location
FROM key_rotate($1::bytea, $2, $3::bigint, $4::jsonb, $5::bytea, $6) w (id), key_answer(w.id) a;
