-- $1 caller, $2 action
SELECT j.body, j.version AS etag, j.aged
FROM live_key k JOIN action_json j ON k.plan_ids IS NULL OR j.plan_id = ANY (k.plan_ids)
WHERE k.digest = $1::bytea AND j.id = $2::bigint;
