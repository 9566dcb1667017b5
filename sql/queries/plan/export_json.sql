-- $1 caller, $2 plan: its id or its slug
SELECT x.body, md5(x.body) AS etag, p.slug
FROM plan p CROSS JOIN LATERAL (SELECT plan_export(p.id)::text AS body) x
WHERE p.id = plan_seen($1::bytea, $2);
