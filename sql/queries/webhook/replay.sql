-- $1 caller, $2 request id, $3 webhook, $4 body
SELECT json_build_object('queued', webhook_replay($1::bytea, $2, $3::bigint, $4::jsonb)) AS body;
