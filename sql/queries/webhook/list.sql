-- $1 caller, $2 limit, $3 after
WITH caller AS (
    SELECT plan_ids FROM live_key WHERE digest = $1::bytea AND role = 'admin'
), page AS (
    SELECT x.id FROM caller, webhook x
    WHERE caller.plan_ids IS NULL AND x.id > coalesce($3::bigint, 0)
    ORDER BY x.id LIMIT coalesce($2::integer, 50) + 1
), shown AS (
    SELECT id FROM page ORDER BY id LIMIT coalesce($2::integer, 50)
), next AS (
    SELECT CASE WHEN (SELECT count(*) FROM page) > coalesce($2::integer, 50)
                THEN cursor_of((SELECT max(id) FROM shown)) END AS cursor
)
SELECT json_build_object(
           'items', coalesce((SELECT json_agg(j.body ORDER BY j.id) FROM shown JOIN webhook_json j USING (id)), '[]'),
           'next_cursor', next.cursor) AS body,
       next.cursor AS next_cursor
FROM caller, next;
