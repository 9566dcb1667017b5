-- $1 caller, $2 request id, $3 webhook, $4 versions
SELECT webhook_delete($1::bytea, $2, $3::bigint, $4::bigint[]) AS id;
