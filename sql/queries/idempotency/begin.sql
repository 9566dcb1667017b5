-- $1 caller, $2 method and path, $3 the key of the call, $4 fingerprint
SELECT state, status, location, etag, body FROM idempotency_begin($1::bytea, $2, $3, $4::bytea);
