-- What a summary says: the portfolio in numbers and, action by action, as much of it as an email can hold.

DROP FUNCTION IF EXISTS summary_actions(bigint, date), summary_content(bigint[]);

-- A portfolio as it stands on a day: which part of the summary each action is in, and its next open deadline.
CREATE FUNCTION summary_actions(p_lead bigint, p_day date)
RETURNS TABLE (action_id bigint, plan_id bigint, part text, due_on date) LANGUAGE sql STABLE AS $$
    SELECT a.id, a.plan_id, CASE
               WHEN a.status = 'on_hold' THEN 'on_hold'
               WHEN d.due_on < p_day THEN 'overdue'
               WHEN d.due_on < date_trunc('month', p_day::timestamp) + interval '1 month' THEN 'this_month'
               WHEN d.due_on IS NOT NULL THEN 'later'
               WHEN d.dated THEN 'undated'
               WHEN t.id IS NULL OR t.confidence = 'unreadable' OR t.kind IN ('relative', 'conditional') THEN 'unreadable'
               ELSE 'undated' END,
           d.due_on
    FROM portfolio f
    JOIN action a ON a.id = f.action_id
    LEFT JOIN timescale t ON t.action_id = a.id AND t.current
    CROSS JOIN LATERAL (SELECT min(d.due_on) FILTER (WHERE d.done_on IS NULL) AS due_on, count(*) > 0 AS dated
                        FROM deadline d WHERE d.action_id = a.id AND d.in_force) d
    WHERE f.lead_id = p_lead;
$$;

-- As message_content: "items" is how many there are to tell of, of which 50 are told.
CREATE FUNCTION summary_content(p_ids bigint[])
RETURNS TABLE (id bigint, items bigint, via bigint, name text, address text, content json)
LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_custom_plan SET jit = off AS $$
#variable_conflict use_column
BEGIN
    -- Most batches have none, and the statement is long.
    IF NOT EXISTS (SELECT FROM message m WHERE m.id = ANY (p_ids) AND m.kind = 'summary') THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT m.id, n.open, t.via, t.name, t.address, json_build_object(
        'kind', 'summary', 'id', m.id, 'day', m.day, 'since', e.day,
        'lead', content_lead(l, m.day), 'to', content_to(l, t.via, t.name, t.address, t.language),
        'owner', (SELECT json_build_object('name', o.name::text, 'holder', o.holder::text, 'email', o.email::text)
                  FROM plan p JOIN lead o ON o.id = p.owner_id WHERE p.id = ANY (n.plan_ids) ORDER BY p.id LIMIT 1),
        'counts', json_build_object('open', n.open, 'overdue', n.overdue, 'this_month', n.this_month, 'later', n.later,
            'unreadable', n.unreadable, 'undated', n.undated, 'on_hold', n.on_hold, 'done', c.done),
        'plans', (SELECT json_agg(json_build_object('id', p.id, 'title', p.title::text, 'organisation', p.organisation::text,
                      'source_url', p.source_url::text) ORDER BY p.id)
                  FROM plan p WHERE p.id = ANY (n.plan_ids)),
        'items', i.items)
    FROM (SELECT * FROM message m WHERE m.id = ANY (p_ids) OFFSET 0) m
    JOIN lead l ON l.id = m.lead_id
    -- Until the day before the last one what was done was told; a first one tells of a month.
    CROSS JOIN LATERAL (
        SELECT coalesce(max(g.day), (m.day - interval '1 month')::date) AS day
        FROM message g WHERE g.kind = 'summary' AND g.lead_id = l.id AND g.state = 'sent' AND g.day < m.day) e
    CROSS JOIN LATERAL (
        SELECT count(*) AS open, count(*) FILTER (WHERE s.part = 'overdue') AS overdue,
               count(*) FILTER (WHERE s.part = 'this_month') AS this_month, count(*) FILTER (WHERE s.part = 'later') AS later,
               count(*) FILTER (WHERE s.part = 'unreadable') AS unreadable,
               count(*) FILTER (WHERE s.part = 'undated') AS undated, count(*) FILTER (WHERE s.part = 'on_hold') AS on_hold,
               array_agg(DISTINCT s.plan_id) AS plan_ids
        FROM summary_actions(l.id, m.day) s) n
    CROSS JOIN LATERAL (
        SELECT count(*) AS done
        FROM assignment s
        JOIN action a ON a.id = s.action_id AND a.status = 'complete' AND a.completed_on >= e.day AND a.completed_on < m.day
        JOIN plan p ON p.id = a.plan_id AND p.state = 'active'
        WHERE s.lead_id = l.id
          AND (s.role = 'cabinet_member' OR (s.role = 'lead' AND l.kind = 'cabinet_member'))) c
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object(
                   'part', s.part, 'plan_id', a.plan_id, 'reference', a.reference::text, 'description', left(a.description, 1000),
                   'status', a.status::text, 'percent', a.percent::integer, 'due_on', s.due_on,
                   'days_left', s.due_on - m.day, 'timescale', left(t.text, 500),
                   'led_by', (SELECT json_agg(b.name::text ORDER BY r.position, b.id) FROM assignment r
                              JOIN lead b ON b.id = r.lead_id WHERE r.action_id = a.id AND r.role = 'lead' AND b.id <> l.id),
                   'updated_on', (SELECT (max(u.created_at) AT TIME ZONE p.time_zone)::date
                                  FROM update u WHERE u.action_id = a.id))
                   ORDER BY s.n) AS items
        FROM (SELECT s.*, row_number() OVER (
                  ORDER BY array_position('{overdue,this_month,unreadable,later,undated,on_hold}', s.part), s.due_on,
                           s.plan_id, s.action_id) AS n
              FROM summary_actions(l.id, m.day) s ORDER BY n LIMIT 50) s
        JOIN action a ON a.id = s.action_id
        JOIN plan p ON p.id = a.plan_id
        LEFT JOIN timescale t ON t.action_id = a.id AND t.current) i
    LEFT JOIN LATERAL summary_route(l.id, m.day, m.id) t ON true
    WHERE m.kind = 'summary';
END $$;
