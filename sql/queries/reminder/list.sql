-- $1 caller, $2 limit, $3 after, $4 plan, $5 action, $6 lead, $7 state, $8 day
WITH caller AS (
    SELECT plan_ids FROM live_key WHERE digest = $1::bytea
), page AS (
    SELECT x.id FROM caller k, reminder x
    LEFT JOIN deadline d ON d.id = x.deadline_id
    JOIN action a ON a.id = coalesce(x.action_id, d.action_id) JOIN plan p ON p.id = a.plan_id
    WHERE sees(k.plan_ids, a.plan_id) AND x.id > coalesce($3::bigint, 0)
      AND ($4::text IS NULL OR p.slug = $4 OR p.id::text = $4)
      AND ($5::bigint IS NULL OR a.id = $5::bigint)
      AND ($6::bigint IS NULL OR x.lead_id = $6::bigint)
      AND ($7::reminder_state IS NULL OR x.state = $7::reminder_state)
      AND ($8::date IS NULL OR x.day = $8::date)
    ORDER BY x.id LIMIT coalesce($2::integer, 50) + 1
), shown AS (
    SELECT id FROM page ORDER BY id LIMIT coalesce($2::integer, 50)
), next AS (
    SELECT CASE WHEN (SELECT count(*) FROM page) > coalesce($2::integer, 50)
                THEN cursor_of((SELECT max(id) FROM shown)) END AS cursor
)
SELECT json_build_object(
           'items', coalesce((SELECT json_agg(j.body ORDER BY j.id) FROM shown JOIN reminder_json j USING (id)), '[]'),
           'next_cursor', next.cursor) AS body,
       next.cursor AS next_cursor
FROM caller, next;
