-- $1 caller, $2 recommendation
SELECT j.body, j.version AS etag
FROM live_key k JOIN recommendation_json j ON k.plan_ids IS NULL OR j.plan_id = ANY (k.plan_ids)
WHERE k.digest = $1::bytea AND j.id = $2::bigint;
