-- $1 caller, $2 method and path, $3 the key of the call, $4 fingerprint, $5 status, $6 location, $7 tag, $8 body
SELECT idempotency_store($1::bytea, $2, $3, $4::bytea, $5::smallint, $6, $7, $8);
