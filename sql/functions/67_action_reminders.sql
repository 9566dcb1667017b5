-- One action's reminders: what was sent, what was not, and for each lead who hears of it what is next or
-- why nothing is. It stands on the planner's own question (60_reminder.sql) and on coverage.

-- The ledger's rows of an action with what became of their emails, newest first; p_sent: those that were
-- sent, or those that were not (yet).
CREATE OR REPLACE FUNCTION action_ledger(p_action bigint, p_sent boolean)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(j.body::jsonb || jsonb_build_object(
               'message_id', m.message_id, 'sent_at', instant(m.sent_at), 'via', m.via_lead_id,
               'to_name', m.to_name, 'to', m.to_address) ORDER BY r.day DESC, r.id DESC), '[]')
    FROM (SELECT r.* FROM deadline d JOIN reminder r ON r.deadline_id = d.id WHERE d.action_id = p_action
          UNION ALL
          SELECT r.* FROM reminder r WHERE r.action_id = p_action) r
    JOIN reminder_json j ON j.id = r.id
    LEFT JOIN message m ON m.id = r.message_id
    WHERE (r.state = 'sent') = p_sent;
$$;

-- Why a lead will not hear of a deadline of a chased action.
CREATE OR REPLACE FUNCTION reminder_gap(p_plan plan, p_ladder bigint, p_audiences audience[], p_lead bigint, p_day date)
RETURNS TABLE (state text, code text, why text, fix text) LANGUAGE sql STABLE AS $$
    SELECT g.state, g.code, g.why, g.fix
    FROM (VALUES
        (p_plan.state <> 'active', 'exempt', 'plan_' || p_plan.state,
         'Nobody is reminded of a plan that is ' || CASE p_plan.state WHEN 'draft' THEN 'a draft' ELSE 'closed' END, NULL),
        (NOT EXISTS (SELECT FROM ladder_stage s WHERE s.ladder_id = p_ladder AND s.audience = ANY (p_audiences)),
         'exempt', 'no_stage', 'The ladder has no stage for this role', NULL),
        (NOT EXISTS (SELECT FROM lead_route(p_lead, p_plan.owner_id, p_day)), 'unroutable', 'no_address',
         'The lead, its deputy, its manager and the plan''s owner have no address or are away',
         'Give one of them an address, or name a deputy'),
        (true, 'exempt', 'no_stage_left', 'The ladder has no further stage for it', NULL)
    ) g (holds, state, code, why, fix)
    WHERE g.holds LIMIT 1;
$$;

-- One row for each lead in an audience and each open deadline, or for the lead alone when none is open.
CREATE OR REPLACE FUNCTION action_next(p_action bigint, p_at timestamptz)
RETURNS TABLE (due_on date, deadline_id bigint, audience audience, lead_id bigint, body json)
LANGUAGE sql STABLE SET jit = off AS $$
    WITH asked AS MATERIALIZED (
        SELECT a AS action, p AS plan, sending_day(p.id, p_at) AS day,
               coalesce((SELECT id FROM ladder o WHERE o.plan_id = p.id),
                        (SELECT id FROM ladder u WHERE u.plan_id IS NULL)) AS ladder_id,
               ARRAY(SELECT s FROM plans_sending_from(p_at, NULL, NULL) s WHERE s.plan_id = p.id) AS sending
        FROM action a JOIN plan p ON p.id = a.plan_id WHERE a.id = p_action
    ), course AS MATERIALIZED (
        SELECT c.* FROM asked q, reminder_course(q.sending, p_action) c WHERE NOT c.settled
    ), next AS (
        SELECT DISTINCT ON (c.deadline_id, c.lead_id) c.* FROM course c WHERE NOT c.quiet AND c.deadline_id IS NOT NULL
        ORDER BY c.deadline_id, c.lead_id, c.day
    ), asked_next AS (
        SELECT DISTINCT ON (c.lead_id) c.* FROM course c WHERE c.deadline_id IS NULL ORDER BY c.lead_id, c.day
    ), quiet AS (
        SELECT DISTINCT ON (c.deadline_id, c.lead_id) c.* FROM course c WHERE c.quiet
        ORDER BY c.deadline_id, c.lead_id, c.day
    ), hears AS (
        SELECT m.lead_id, array_agg(m.audience ORDER BY m.audience) AS audiences
        FROM audience_member m WHERE m.action_id = p_action GROUP BY m.lead_id
    ), general AS (
        -- Of the action as a whole, when none of its deadlines is open.
        SELECT i.body->>'state' AS state, i.body->>'code' AS code, i.body->>'why' AS why, i.body->>'fix' AS fix
        FROM asked q, plan_coverage_items((q.plan).id, p_at, p_action) i
        UNION ALL
        SELECT 'exempt', 'action_' || (q.action).status,
               'The action is ' || replace((q.action).status::text, '_', ' '), NULL
        FROM asked q WHERE (q.action).status IN ('complete', 'cancelled', 'transferred')
    )
    SELECT d.due_on, d.id, h.audiences[1], h.lead_id, row_to_json(x)
    FROM asked q
    CROSS JOIN hears h
    JOIN lead l ON l.id = h.lead_id
    LEFT JOIN deadline d ON d.action_id = p_action AND d.in_force AND d.done_on IS NULL
        AND (q.action).status IN ('not_started', 'in_progress')
    LEFT JOIN next n ON n.deadline_id = d.id AND n.lead_id = h.lead_id
    LEFT JOIN quiet s ON s.deadline_id = d.id AND s.lead_id = h.lead_id AND (n.day IS NULL OR s.day < n.day)
    LEFT JOIN lead v ON v.id = n.via
    LEFT JOIN general e ON d.id IS NULL
    LEFT JOIN LATERAL reminder_gap(q.plan, q.ladder_id, h.audiences, h.lead_id, coalesce(n.day, q.day)) g
        ON d.id IS NOT NULL AND n.via IS NULL
    CROSS JOIN LATERAL (SELECT
        h.lead_id AS lead, l.name AS lead_name, coalesce(n.audience, h.audiences[1]) AS role,
        d.id AS deadline, d.label, d.due_on,
        CASE WHEN n.via IS NOT NULL THEN 'scheduled' WHEN n.day IS NOT NULL THEN 'unroutable'
             ELSE coalesce(g.state, e.state) END AS state,
        CASE WHEN n.via IS NULL THEN coalesce(g.code, e.code) END AS code,
        CASE WHEN n.via IS NOT NULL THEN reminder_why(n.offset_days, n.due_on, NULL, n.audience, (q.action).reference)
             ELSE coalesce(g.why, e.why) END
            || CASE WHEN s.day IS NULL THEN '' ELSE '; stage ' || stage_name(s.offset_days)
                    || ' is left out, for the lead posted an update within 7 days' END AS why,
        CASE WHEN n.via IS NULL THEN coalesce(g.fix, e.fix) END AS fix,
        n.day, stage_name(n.offset_days) AS stage, n.offset_days, n.via, v.name AS via_name, n.address AS "to") x
    UNION ALL
    -- When the lead is asked for an update, if there is none until then.
    SELECT NULL, NULL, n.audience, n.lead_id, row_to_json(x)
    FROM asked q
    CROSS JOIN asked_next n
    JOIN lead l ON l.id = n.lead_id
    LEFT JOIN lead v ON v.id = n.via
    LEFT JOIN LATERAL reminder_gap(q.plan, q.ladder_id, ARRAY[n.audience], n.lead_id, n.day) g ON n.via IS NULL
    CROSS JOIN LATERAL (SELECT
        n.lead_id AS lead, l.name AS lead_name, n.audience AS role, NULL::bigint AS deadline, NULL AS label,
        NULL::date AS due_on, CASE WHEN n.via IS NULL THEN 'unroutable' ELSE 'scheduled' END AS state,
        CASE WHEN n.via IS NULL THEN 'no_address' END AS code,
        coalesce(g.why, reminder_why(n.offset_days, NULL, n.silent_since, n.audience, (q.action).reference)) AS why, g.fix,
        n.day, 'update' AS stage, n.offset_days, n.via, v.name AS via_name, n.address AS "to") x;
$$;

CREATE OR REPLACE FUNCTION action_reminders(p_action bigint, p_at timestamptz)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT row_to_json(x) FROM (SELECT
        a.id AS action, p.slug AS plan, a.reference, instant(p_at) AS at, sending_day(p.id, p_at) AS sending_day,
        action_ledger(a.id, true) AS sent, action_ledger(a.id, false) AS not_sent,
        (SELECT coalesce(json_agg(n.body ORDER BY n.due_on, n.deadline_id, n.audience, n.lead_id, n.body->>'stage'), '[]')
         FROM action_next(a.id, p_at) n) AS next
        FROM action a JOIN plan p ON p.id = a.plan_id WHERE a.id = p_action) x;
$$;
