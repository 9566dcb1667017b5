-- $1 caller, $2 plan: its id or its slug
SELECT j.body, j.version AS etag
FROM live_key k JOIN plan_json j ON k.plan_ids IS NULL OR j.id = ANY (k.plan_ids)
WHERE k.digest = $1::bytea AND (j.slug = $2::text OR j.id::text = $2);
