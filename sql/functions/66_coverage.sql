-- What happens next: for each open action the stage, day and lead of the reminder that the planner
-- (60_reminder.sql) will write next, or why there is none. It stands on the planner's own question and
-- assumes, as the forecast does, that nothing else changes. tests/sql/test_coverage.py holds it
-- against what reminder_plan writes on that day.

-- The next reminder of each open deadline of a plan (or of one action of it) to each lead in an audience
-- of it, and of each action that is asked about, after what the ledger has. via NULL: nobody could be
-- reached that day.
CREATE OR REPLACE FUNCTION reminder_next(p_sending sending[], p_action bigint DEFAULT NULL)
RETURNS TABLE (action_id bigint, deadline_id bigint, due_on date, silent_since date, lead_id bigint, audience audience,
               offset_days integer, stage_day date, day date, via bigint, address text)
LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (c.deadline_id, c.action_id, c.lead_id)
           c.action_id, c.deadline_id, c.due_on, c.silent_since, c.lead_id, c.audience, c.offset_days, c.stage_day, c.day, c.via, c.address
    FROM reminder_course(p_sending, p_action) c
    WHERE NOT c.settled AND NOT c.quiet
    ORDER BY c.deadline_id, c.action_id, c.lead_id, c.day;
$$;

-- ---- the report ----

-- Of an open action without anything next: in which state it is, why, and what to mend. The first that
-- holds is told; what can be mended comes before what is as it should be.
CREATE OR REPLACE FUNCTION coverage_gap(p_action action, p_plan plan, p_timescale timescale,
                                        p_dated boolean, p_pending boolean, p_named boolean, p_routable boolean)
RETURNS TABLE (state text, code text, why text, fix text) LANGUAGE sql IMMUTABLE AS $$
    SELECT g.state, g.code, g.why, g.fix
    FROM (VALUES
        (p_action.status = 'on_hold', 'exempt', 'on_hold', 'The action is on hold', NULL),
        (NOT p_dated AND p_timescale.id IS NULL, 'unreadable', 'no_timescale', 'It has no timescale',
         'Give it a timescale'),
        (NOT p_dated AND p_timescale.confidence = 'unreadable', 'unreadable', 'timescale_unreadable',
         'Its timescale could not be read as a date', 'Agree a timescale with a date in it'),
        (NOT p_dated AND p_timescale.kind IN ('relative', 'conditional'), 'unreadable', 'timescale_relative',
         'Its timescale counts from something that is not known',
         'Set the plan''s relative_to, or agree a timescale with a date in it'),
        (NOT p_dated, 'exempt', 'no_deadline', 'Its timescale names no day by which it is due', NULL),
        (NOT p_pending, 'exempt', 'deadlines_done', 'All of its deadlines are done', NULL),
        (NOT p_named, 'unroutable', 'no_lead', 'Nobody is named to do it', 'Name a lead'),
        (NOT p_routable, 'unroutable', 'no_address',
         'Nobody who would be told has an address and is there: no lead, deputy or manager, nor the plan''s owner',
         'Give a lead, its deputy, its manager or the plan''s owner an address'),
        (p_plan.state <> 'active', 'exempt', 'plan_' || p_plan.state,
         'Nobody is reminded of a plan that is ' || CASE p_plan.state WHEN 'draft' THEN 'a draft' ELSE 'closed' END, NULL),
        (true, 'exempt', 'no_stage_left', 'The ladder has no further stage for it', NULL)
    ) g (holds, state, code, why, fix)
    WHERE g.holds LIMIT 1;
$$;

-- One row an open action; p_action: that one only.
DROP FUNCTION IF EXISTS plan_coverage_items(bigint, timestamptz);
CREATE OR REPLACE FUNCTION plan_coverage_items(p_plan bigint, p_at timestamptz, p_action bigint DEFAULT NULL)
RETURNS TABLE (action_id bigint, state text, body json) LANGUAGE sql STABLE SET jit = off AS $$
    WITH plan_now AS MATERIALIZED (
        SELECT p AS whole, sending_day(p.id, p_at) AS day FROM plan p WHERE p.id = p_plan
    ), upcoming AS MATERIALIZED (
        SELECT * FROM reminder_next(
            ARRAY(SELECT s FROM plans_sending_from(p_at, NULL, NULL) s WHERE s.plan_id = p_plan), p_action)
    ), first AS (
        -- Being asked for an update is what happens next only where there is no date to be told of.
        SELECT DISTINCT ON (u.action_id) u.* FROM upcoming u WHERE u.via IS NOT NULL
        ORDER BY u.action_id, u.deadline_id IS NULL, u.day, u.due_on, u.deadline_id, u.lead_id
    ), unled AS (
        -- That somebody above will be told some day is no help where those who do the work cannot be.
        SELECT u.action_id FROM upcoming u WHERE u.audience = 'lead' AND u.deadline_id IS NOT NULL
        GROUP BY u.action_id HAVING count(u.via) = 0
    ), open AS (
        SELECT a, t, n.whole AS plan,
               EXISTS (SELECT FROM deadline d WHERE d.action_id = a.id AND d.in_force) AS dated,
               EXISTS (SELECT FROM deadline d WHERE d.action_id = a.id AND d.in_force AND d.done_on IS NULL) AS pending,
               EXISTS (SELECT FROM assignment s WHERE s.action_id = a.id AND s.role IN ('lead', 'support')) AS named,
               -- Where reminders are owed and none is first, none of them can leave.
               NOT EXISTS (SELECT FROM upcoming u WHERE u.action_id = a.id AND u.deadline_id IS NOT NULL)
                   AND EXISTS (SELECT FROM audience_member m
                               CROSS JOIN LATERAL lead_route(m.lead_id, (n.whole).owner_id, n.day)
                               WHERE m.action_id = a.id) AS routable
        FROM plan_now n
        JOIN action a ON a.plan_id = (n.whole).id AND a.status IN ('not_started', 'in_progress', 'on_hold')
        LEFT JOIN timescale t ON t.action_id = a.id AND t.current
        WHERE p_action IS NULL OR a.id = p_action
    )
    SELECT (o.a).id, s.state, row_to_json(x)
    FROM open o
    CROSS JOIN LATERAL coverage_gap(o.a, o.plan, o.t, o.dated, o.pending, o.named, o.routable) g
    LEFT JOIN first f ON f.action_id = (o.a).id AND o.named AND (f.deadline_id IS NOT NULL OR g.state = 'exempt')
        AND f.action_id NOT IN (SELECT u.action_id FROM unled u)
    LEFT JOIN lead l ON l.id = f.lead_id
    LEFT JOIN lead v ON v.id = f.via
    LEFT JOIN deadline d ON d.id = f.deadline_id
    CROSS JOIN LATERAL (SELECT CASE WHEN f.action_id IS NULL THEN g.state ELSE 'scheduled' END AS state) s
    CROSS JOIN LATERAL (SELECT
        (o.a).id AS action, (o.a).reference, (o.a).description, (o.t).text AS timescale, (o.t).confidence, s.state,
        CASE WHEN f.action_id IS NULL THEN g.code END AS code,
        CASE WHEN f.action_id IS NULL THEN g.why
             ELSE reminder_why(f.offset_days, f.due_on, f.silent_since, f.audience, (o.a).reference) END AS why,
        CASE WHEN f.action_id IS NULL THEN g.fix END AS fix,
        CASE WHEN f.action_id IS NOT NULL THEN json_build_object(
            'day', f.day, 'stage', CASE WHEN f.silent_since IS NULL THEN stage_name(f.offset_days) ELSE 'update' END,
            'offset_days', f.offset_days,
            'deadline', f.deadline_id, 'label', d.label, 'due_on', f.due_on,
            'lead', f.lead_id, 'lead_name', l.name, 'role', f.audience, 'via', f.via, 'via_name', v.name) END AS next) x;
$$;

-- The next monthly summary of each cabinet member who has open actions in a plan.
CREATE OR REPLACE FUNCTION plan_coverage_summaries(p_plan bigint, p_at timestamptz)
RETURNS json LANGUAGE sql STABLE SET jit = off AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY x.lead_name, x.lead), '[]')
    FROM (SELECT l.id AS lead, l.name AS lead_name, CASE WHEN n.via IS NULL THEN 'unroutable' ELSE 'scheduled' END AS state,
                 n.day, n.via, v.name AS via_name,
                 CASE WHEN n.via IS NULL THEN 'Nobody who would get it has an address and is there: no cabinet member, deputy or manager,'
                                             || ' nor the plan''s owner' END AS why,
                 CASE WHEN n.via IS NULL THEN 'Give the cabinet member, its deputy, its manager or the plan''s owner an address' END AS fix
          FROM (SELECT array_agg(DISTINCT f.lead_id) AS leads FROM portfolio f WHERE f.plan_id = p_plan) m
          CROSS JOIN LATERAL (
              SELECT DISTINCT ON (d.lead_id) d.*
              FROM summary_day(p_at, (date_trunc('month', sending_day(p_plan, p_at)::timestamp) + interval '2 months')::date - 1,
                               m.leads) d
              WHERE m.leads IS NOT NULL
              ORDER BY d.lead_id, d.day) n
          JOIN lead l ON l.id = n.lead_id
          LEFT JOIN lead v ON v.id = n.via) x;
$$;

CREATE OR REPLACE FUNCTION plan_coverage(p_plan bigint, p_at timestamptz)
RETURNS json LANGUAGE sql STABLE SET jit = off AS $$
    WITH item AS MATERIALIZED (SELECT * FROM plan_coverage_items(p_plan, p_at))
    SELECT row_to_json(x) FROM (SELECT
        p.slug AS plan, instant(p_at) AS at, sending_day(p.id, p_at) AS sending_day,
        (SELECT json_build_object(
            'open', count(*),
            'scheduled', count(*) FILTER (WHERE i.state = 'scheduled'),
            'exempt', count(*) FILTER (WHERE i.state = 'exempt'),
            'unreadable', count(*) FILTER (WHERE i.state = 'unreadable'),
            'unroutable', count(*) FILTER (WHERE i.state = 'unroutable')) FROM item i) AS counts,
        (SELECT coalesce(json_agg(i.body ORDER BY r.position, r.id, a.id), '[]')
         FROM item i JOIN action a ON a.id = i.action_id JOIN recommendation r ON r.id = a.recommendation_id) AS items,
        plan_coverage_summaries(p.id, p_at) AS summaries
        FROM plan p WHERE p.id = p_plan) x;
$$;
