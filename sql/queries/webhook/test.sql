-- $1 caller, $2 request id, $3 webhook
SELECT a.body, a.etag, a.location
FROM webhook_test($1::bytea, $2, $3::bigint) w (id), delivery_answer(w.id) a;
