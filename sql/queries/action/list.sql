-- $1 caller, $2 limit, $3 after, $4 plan, $5 status, $6 standing, $7 lead, $8 due before, $9 due after, $10 updated since, $11 words
WITH caller AS (
    SELECT plan_ids FROM live_key WHERE digest = $1::bytea
), page AS (
    -- No join with the plan: actions are to come in the order of their ids, and the first 50 are enough.
    SELECT x.id FROM caller k, action x
    WHERE x.id > coalesce($3::bigint, 0) AND sees(k.plan_ids, x.plan_id)
      AND ($4::text IS NULL OR x.plan_id = (SELECT p.id FROM plan p WHERE p.slug = $4 OR p.id::text = $4))
      AND ($5::action_status IS NULL OR x.status = $5::action_status)
      AND ($6::text IS NULL OR $6 = standing_of(x.status,
              (SELECT min(d.due_on) FROM deadline d WHERE d.action_id = x.id AND d.in_force AND d.done_on IS NULL),
              (clock_now() AT TIME ZONE (SELECT p.time_zone FROM plan p WHERE p.id = x.plan_id))::date))
      AND ($7::bigint IS NULL OR EXISTS (
              SELECT FROM assignment s WHERE s.action_id = x.id AND s.lead_id = $7::bigint))
      AND (($8::date IS NULL AND $9::date IS NULL) OR EXISTS (
              SELECT FROM deadline d WHERE d.action_id = x.id AND d.in_force AND d.done_on IS NULL
                AND d.due_on < coalesce($8::date, 'infinity') AND d.due_on > coalesce($9::date, '-infinity')))
      AND ($10::timestamptz IS NULL OR x.updated_at >= $10::timestamptz)
      AND ($11::text IS NULL OR to_tsvector('english', x.reference || ' ' || x.description)
              @@ websearch_to_tsquery('english', $11))
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
FROM caller, next;
