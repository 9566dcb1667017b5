-- $1 caller, $2 plan: its id or its slug
SELECT x.body, md5(x.body) AS etag
FROM (SELECT plan_seen($1::bytea, $2) AS id) p
CROSS JOIN LATERAL (SELECT plan_progress(p.id)::text AS body) x
WHERE p.id IS NOT NULL;
