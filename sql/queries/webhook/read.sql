-- $1 caller, $2 webhook
SELECT j.body, j.version AS etag, j.aged
FROM live_key k JOIN webhook_json j ON k.plan_ids IS NULL
WHERE k.digest = $1::bytea AND k.role = 'admin' AND j.id = $2::bigint;
