-- $1 caller, $2 request id, $3 message
SELECT a.body, a.etag, a.location
FROM message_retry($1::bytea, $2, $3::bigint) w (id), message_answer(w.id) a;
