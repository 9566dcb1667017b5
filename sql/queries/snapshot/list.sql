-- $1 caller, $2 limit, $3 after, $4 plan: its id or its slug. No row when there is no such plan.
WITH caller AS (
    SELECT plan_ids FROM live_key WHERE digest = $1::bytea
), page AS (
    SELECT x.id FROM plan p, snapshot x
    WHERE (p.slug = $4::text OR p.id::text = $4) AND x.plan_id = p.id AND x.id > coalesce($3::bigint, 0)
    ORDER BY x.id LIMIT coalesce($2::integer, 50) + 1
), shown AS (
    SELECT id FROM page ORDER BY id LIMIT coalesce($2::integer, 50)
), next AS (
    SELECT CASE WHEN (SELECT count(*) FROM page) > coalesce($2::integer, 50)
                THEN cursor_of((SELECT max(id) FROM shown)) END AS cursor
)
SELECT json_build_object(
           'items', coalesce((SELECT json_agg(j.body ORDER BY j.id) FROM shown JOIN snapshot_json j USING (id)), '[]'),
           'next_cursor', next.cursor) AS body,
       next.cursor AS next_cursor
FROM caller k, next, plan p
WHERE (p.slug = $4 OR p.id::text = $4) AND sees(k.plan_ids, p.id);
