-- $1 caller, $2 plan: its id or its slug, $3 the moment to look from, or NULL for now. The tag leaves
-- out the moment itself, so that it holds as long as nothing else changes.
SELECT x.body, md5((x.body::jsonb - 'at')::text) AS etag
FROM (SELECT plan_seen($1::bytea, $2) AS id) p
CROSS JOIN LATERAL (SELECT plan_coverage(p.id, coalesce($3::timestamptz, clock_now()))::text AS body) x
WHERE p.id IS NOT NULL;
