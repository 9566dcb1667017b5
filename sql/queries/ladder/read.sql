-- $1 caller, $2 plan: its id or its slug; NULL for the default. A plan without one follows the default.
SELECT j.body, j.version AS etag
FROM live_key k
LEFT JOIN plan p ON p.slug = $2::text OR p.id::text = $2
JOIN ladder_json j ON j.plan_id IS NULL OR j.plan_id = p.id
WHERE k.digest = $1::bytea AND ($2 IS NULL OR (p.id IS NOT NULL AND sees(k.plan_ids, p.id)))
ORDER BY j.plan_id NULLS LAST LIMIT 1;
