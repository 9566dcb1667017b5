-- What happens next: for each open action the stage, day and lead of the reminder that the planner
-- (60_reminder.sql) will write next, or why there is none. It stands on the planner's own parts and
-- assumes, as the forecast does, that nothing else changes. tests/http/test_plan_coverage.py holds it
-- against what reminder_plan writes on that day.

-- The first day, from a moment on, on which a plan's reminders can leave.
CREATE OR REPLACE FUNCTION sending_day(p_plan bigint, p_at timestamptz)
RETURNS date LANGUAGE sql STABLE AS $$
    SELECT working_day(p.division, l.at::date + CASE WHEN l.at::time < '18:00' THEN 0 ELSE 1 END, 1)
    FROM plan p CROSS JOIN LATERAL (SELECT p_at AT TIME ZONE p.time_zone AS at) l WHERE p.id = p_plan;
$$;

-- The occurrences of one rule that matter from a sending day on: the one that has been reached, and
-- those to come, past the seven days in which an update can silence a repeat (and past the next one, in
-- case the ledger has that already). On a working day a stage after the deadline is reached when its day
-- before moving has come, so the number of the last one needs no search.
CREATE OR REPLACE FUNCTION stages_from(p_division division, p_due_on date, p_day date,
                                       p_offset_days integer, p_repeat_days integer)
RETURNS TABLE (offset_days integer, stage_day date, repeats boolean) LANGUAGE sql STABLE AS $$
    SELECT p_offset_days + coalesce(p_repeat_days, 0) * k,
           stage_day(p_division, p_due_on, p_offset_days + coalesce(p_repeat_days, 0) * k), k > 0
    FROM (SELECT CASE WHEN p_repeat_days IS NULL THEN 0
                      ELSE greatest(0, (p_day - p_due_on - p_offset_days) / p_repeat_days) END AS last) m
    CROSS JOIN LATERAL generate_series(m.last, m.last + coalesce(8 / p_repeat_days + 2, 0)) k;
$$;

-- Whether the ledger settles this reminder for that day: the condition of reminder_reached.
CREATE OR REPLACE FUNCTION reminder_settled(p_deadline bigint, p_offset_days integer, p_lead bigint,
                                            p_day date, p_routable boolean)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM reminder r LEFT JOIN message g ON g.id = r.message_id
        WHERE r.deadline_id = p_deadline AND r.offset_days = p_offset_days AND r.lead_id = p_lead
          AND NOT (r.state IN ('lapsed', 'dropped')
                   OR (r.state = 'unroutable' AND p_routable)
                   OR (r.state = 'planned' AND message_lapses(g, p_day))));
$$;

-- The next reminder of each open deadline of a plan to each lead in an audience of it, after what the
-- ledger has. via NULL: nobody could be reached that day.
CREATE OR REPLACE FUNCTION reminder_next(p_plan bigint, p_at timestamptz)
RETURNS TABLE (action_id bigint, deadline_id bigint, due_on date, lead_id bigint, audience audience,
               offset_days integer, stage_day date, day date, via bigint)
LANGUAGE sql STABLE SET jit = off AS $$
    WITH plan_now AS MATERIALIZED (
        SELECT p.*, f.day AS first_day, working_day(p.division, f.day + 1, 1) AS second_day,
               coalesce((SELECT id FROM ladder o WHERE o.plan_id = p.id),
                        (SELECT id FROM ladder u WHERE u.plan_id IS NULL)) AS ladder_id
        FROM plan p CROSS JOIN LATERAL (SELECT sending_day(p.id, p_at) AS day) f WHERE p.id = p_plan
    ), open AS MATERIALIZED (
        SELECT c.id AS deadline_id, c.action_id, c.due_on FROM chased_deadline c WHERE c.plan_id = p_plan
    ), stage AS MATERIALIZED (
        SELECT o.due_on, g.audience, s.offset_days, s.stage_day, s.repeats
        FROM plan_now p
        JOIN ladder_stage g ON g.ladder_id = p.ladder_id
        CROSS JOIN (SELECT DISTINCT due_on FROM open) o
        CROSS JOIN LATERAL stages_from(p.division, o.due_on, p.first_day, g.offset_days, g.repeat_days) s
    ), owed AS (
        SELECT o.action_id, o.deadline_id, o.due_on, m.lead_id, s.audience, s.offset_days, s.stage_day, s.repeats,
               greatest(s.stage_day, p.first_day) AS day,
               -- Of the stages that have been reached only the latest counts, and one a day.
               row_number() OVER (
                   PARTITION BY o.deadline_id, m.lead_id, greatest(s.stage_day, p.first_day)
                   ORDER BY s.stage_day DESC, s.offset_days DESC, s.audience) AS place
        FROM plan_now p CROSS JOIN open o
        JOIN stage s ON s.due_on = o.due_on
        JOIN audience_member m ON m.action_id = o.action_id AND m.audience = s.audience
    ), busy AS MATERIALIZED (
        -- Whose email of the first day has gone: what comes up waits for the next working day.
        SELECT DISTINCT g.lead_id FROM message g, plan_now p
        WHERE g.kind = 'reminder' AND g.day = p.first_day AND (g.state <> 'queued' OR g.mime IS NOT NULL)
    ), moved AS (
        SELECT w.*, CASE WHEN w.day = p.first_day AND w.lead_id IN (SELECT b.lead_id FROM busy b)
                         THEN p.second_day ELSE w.day END AS leaves
        FROM owed w CROSS JOIN plan_now p WHERE w.place = 1
    ), latest AS (
        SELECT DISTINCT ON (deadline_id, lead_id, leaves) *
        FROM moved ORDER BY deadline_id, lead_id, leaves, stage_day DESC, offset_days DESC, audience
    )
    SELECT DISTINCT ON (l.deadline_id, l.lead_id)
           l.action_id, l.deadline_id, l.due_on, l.lead_id, l.audience, l.offset_days, l.stage_day, l.leaves, t.via
    FROM latest l CROSS JOIN plan_now p
    LEFT JOIN LATERAL lead_route(l.lead_id, p.owner_id, l.leaves) t ON true
    WHERE NOT reminder_settled(l.deadline_id, l.offset_days, l.lead_id, l.leaves, t.via IS NOT NULL)
      AND NOT (l.repeats AND EXISTS (
              SELECT FROM update u WHERE u.action_id = l.action_id AND u.lead_id = l.lead_id
                AND (u.created_at AT TIME ZONE p.time_zone)::date BETWEEN l.leaves - 7 AND l.leaves))
    ORDER BY l.deadline_id, l.lead_id, l.leaves;
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

-- One row an open action.
CREATE OR REPLACE FUNCTION plan_coverage_items(p_plan bigint, p_at timestamptz)
RETURNS TABLE (action_id bigint, state text, body json) LANGUAGE sql STABLE SET jit = off AS $$
    WITH plan_now AS MATERIALIZED (
        SELECT p AS whole, sending_day(p.id, p_at) AS day FROM plan p WHERE p.id = p_plan
    ), upcoming AS MATERIALIZED (
        SELECT * FROM reminder_next(p_plan, p_at)
    ), first AS (
        SELECT DISTINCT ON (u.action_id) u.* FROM upcoming u WHERE u.via IS NOT NULL
        ORDER BY u.action_id, u.day, u.due_on, u.deadline_id, u.lead_id
    ), open AS (
        SELECT a, t, n.whole AS plan,
               EXISTS (SELECT FROM deadline d WHERE d.action_id = a.id AND d.in_force) AS dated,
               EXISTS (SELECT FROM deadline d WHERE d.action_id = a.id AND d.in_force AND d.done_on IS NULL) AS pending,
               EXISTS (SELECT FROM assignment s WHERE s.action_id = a.id AND s.role IN ('lead', 'support')) AS named,
               -- Where reminders are owed and none is first, none of them can leave.
               NOT EXISTS (SELECT FROM upcoming u WHERE u.action_id = a.id)
                   AND EXISTS (SELECT FROM audience_member m
                               CROSS JOIN LATERAL lead_route(m.lead_id, (n.whole).owner_id, n.day)
                               WHERE m.action_id = a.id) AS routable
        FROM plan_now n
        JOIN action a ON a.plan_id = (n.whole).id AND a.status IN ('not_started', 'in_progress', 'on_hold')
        LEFT JOIN timescale t ON t.action_id = a.id AND t.current
    )
    SELECT (o.a).id, s.state, row_to_json(x)
    FROM open o
    LEFT JOIN first f ON f.action_id = (o.a).id AND o.named
    LEFT JOIN lead l ON l.id = f.lead_id
    LEFT JOIN lead v ON v.id = f.via
    LEFT JOIN deadline d ON d.id = f.deadline_id
    CROSS JOIN LATERAL coverage_gap(o.a, o.plan, o.t, o.dated, o.pending, o.named, o.routable) g
    CROSS JOIN LATERAL (SELECT CASE WHEN f.action_id IS NULL THEN g.state ELSE 'scheduled' END AS state) s
    CROSS JOIN LATERAL (SELECT
        (o.a).id AS action, (o.a).reference, (o.a).description, (o.t).text AS timescale, (o.t).confidence, s.state,
        CASE WHEN f.action_id IS NULL THEN g.code END AS code,
        CASE WHEN f.action_id IS NULL THEN g.why
             ELSE reminder_why(f.offset_days, f.due_on, f.audience, (o.a).reference) END AS why,
        CASE WHEN f.action_id IS NULL THEN g.fix END AS fix,
        CASE WHEN f.action_id IS NOT NULL THEN json_build_object(
            'day', f.day, 'stage', stage_name(f.offset_days), 'offset_days', f.offset_days,
            'deadline', f.deadline_id, 'label', d.label, 'due_on', f.due_on,
            'lead', f.lead_id, 'lead_name', l.name, 'role', f.audience, 'via', f.via, 'via_name', v.name) END AS next) x;
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
         FROM item i JOIN action a ON a.id = i.action_id JOIN recommendation r ON r.id = a.recommendation_id) AS items
        FROM plan p WHERE p.id = p_plan) x;
$$;
