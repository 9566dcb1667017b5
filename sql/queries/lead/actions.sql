-- $1 caller, $2 limit, $3 after, $4 lead. No row when there is no such lead, or none that the key may see.
WITH caller AS (
    SELECT plan_ids FROM live_key WHERE digest = $1::bytea
), page AS (
    SELECT x.id FROM caller k, action x JOIN assignment s ON s.action_id = x.id
    WHERE s.lead_id = $4::bigint AND x.id > coalesce($3::bigint, 0) AND sees(k.plan_ids, x.plan_id)
    ORDER BY x.id LIMIT coalesce($2::integer, 50) + 1
), shown AS (
    SELECT id FROM page ORDER BY id LIMIT coalesce($2::integer, 50)
), next AS (
    SELECT CASE WHEN (SELECT count(*) FROM page) > coalesce($2::integer, 50)
                THEN cursor_of((SELECT max(id) FROM shown)) END AS cursor
)
SELECT '{"items":[' || coalesce((SELECT string_agg(j.body, ',' ORDER BY j.id) FROM shown JOIN action_json j USING (id)), '')
           || '],"next_cursor":' || coalesce('"' || next.cursor || '"', 'null') || '}' AS body,
       next.cursor AS next_cursor
FROM caller, next, lead
WHERE lead.id = $4::bigint AND (caller.plan_ids IS NULL OR EXISTS (
    SELECT FROM assignment s JOIN action a ON a.id = s.action_id
    WHERE s.lead_id = lead.id AND a.plan_id = ANY (caller.plan_ids)));
