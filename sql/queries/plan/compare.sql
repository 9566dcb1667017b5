-- $1 caller, $2 plan: its id or its slug, $3 from, $4 to or NULL for now: each a day, an instant or a snapshot's id.
-- The tag leaves out the moment of "now", so that it holds as long as nothing changes.
SELECT x.body, md5((x.body::jsonb #- '{to,at}')::text) AS etag
FROM (SELECT plan_seen($1::bytea, $2) AS id) p
CROSS JOIN LATERAL (SELECT plan_compare(p.id, $3, $4)::text AS body) x
WHERE p.id IS NOT NULL;
