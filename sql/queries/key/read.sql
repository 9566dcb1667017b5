-- $1 caller, $2 key
SELECT j.body, j.version AS etag
FROM live_key k, key_json j
WHERE k.digest = $1::bytea AND k.role = 'admin' AND k.plan_ids IS NULL AND j.id = $2::bigint;
