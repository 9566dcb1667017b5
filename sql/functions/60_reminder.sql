-- The planner: which reminders are owed at a moment, and writing them into the ledger.

DROP VIEW IF EXISTS audience_member, chased_deadline CASCADE;

-- Who is in which audience of an action.
CREATE VIEW audience_member AS
SELECT s.action_id, s.role::text::audience AS audience, s.lead_id
FROM assignment s WHERE s.role IN ('lead', 'support', 'cabinet_member')
UNION ALL
SELECT s.action_id, 'manager', l.manager_id
FROM assignment s JOIN lead l ON l.id = s.lead_id
WHERE s.role = 'lead' AND l.manager_id IS NOT NULL
UNION ALL
SELECT a.id, 'plan_owner', p.owner_id
FROM action a JOIN plan p ON p.id = a.plan_id WHERE p.owner_id IS NOT NULL;

-- Open deadlines of chased actions in active plans: what reminders are about.
CREATE VIEW chased_deadline AS
SELECT d.id, d.action_id, d.due_on, a.plan_id
FROM deadline d
JOIN action a ON a.id = d.action_id AND a.status IN ('not_started', 'in_progress')
JOIN plan p ON p.id = a.plan_id AND p.state = 'active'
WHERE d.in_force AND d.done_on IS NULL;

-- Where a lead's email goes on a day: to the lead; with no address, or away, to the deputy, else
-- the manager, else the plan's owner. No row: nobody can be reached.
CREATE OR REPLACE FUNCTION lead_route(p_lead bigint, p_owner bigint, p_day date)
RETURNS TABLE (via bigint, name text, address text, language lead_language) LANGUAGE sql STABLE AS $$
    SELECT c.id, coalesce(c.holder, c.name), c.email, c.language
    FROM lead l
    CROSS JOIN LATERAL unnest(ARRAY[l.id, l.deputy_id, l.manager_id, p_owner]) WITH ORDINALITY o (id, n)
    JOIN lead c ON c.id = o.id
    WHERE l.id = p_lead AND c.email IS NOT NULL
      AND NOT coalesce(p_day BETWEEN c.away_from AND c.away_until, false)
    ORDER BY o.n LIMIT 1;
$$;

-- The plans in which this moment is one for sending: a working day, from send_at to 18:00 local.
CREATE OR REPLACE FUNCTION plans_sending(p_at timestamptz)
RETURNS TABLE (plan_id bigint, division division, owner_id bigint, ladder_id bigint, day date)
LANGUAGE sql STABLE AS $$
    SELECT p.id, p.division, p.owner_id, coalesce(own.id, usual.id), local.at::date
    FROM plan p
    CROSS JOIN LATERAL (SELECT p_at AT TIME ZONE p.time_zone AS at) local
    JOIN ladder usual ON usual.plan_id IS NULL
    LEFT JOIN ladder own ON own.plan_id = p.id
    WHERE p.state = 'active'
      AND local.at::time >= p.send_at AND local.at::time < '18:00'
      AND is_working_day(p.division, local.at::date);
$$;

-- A message that could not leave on its day and has certainly not arrived: its reminders are planned again.
CREATE OR REPLACE FUNCTION message_lapses(p_message message, p_day date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_message.state IN ('queued', 'retry') AND p_message.uncertain = 0 AND p_message.day < p_day;
$$;

-- Results are changed by making the function anew.
DROP FUNCTION IF EXISTS stage_reached(division, date, date, integer, integer), reminder_due(timestamptz);

-- The stage of one rule that applies on a day: its latest occurrence whose day has come, or no row.
-- A closed stretch moves a day by 60 days at the most (working_day), so older repeats need no look.
CREATE OR REPLACE FUNCTION stage_reached(p_division division, p_due_on date, p_day date,
                                         p_offset_days integer, p_repeat_days integer)
RETURNS TABLE (offset_days integer, stage_day date, repeats boolean) LANGUAGE sql STABLE AS $$
    SELECT s.offset_days, s.stage_day, s.offset_days > p_offset_days
    FROM (SELECT CASE WHEN p_repeat_days IS NULL THEN 0
                      ELSE greatest(0, (p_day - p_due_on - p_offset_days) / p_repeat_days) END AS last) m
    CROSS JOIN LATERAL generate_series(
        greatest(0, m.last - coalesce(60 / p_repeat_days + 1, 0)), m.last) k
    CROSS JOIN LATERAL (
        SELECT p_offset_days + coalesce(p_repeat_days, 0) * k AS offset_days,
               stage_day(p_division, p_due_on, p_offset_days + coalesce(p_repeat_days, 0) * k) AS stage_day) s
    WHERE s.stage_day <= p_day
    ORDER BY s.offset_days DESC LIMIT 1;
$$;

-- Every stage that applies at a moment and is not settled in the ledger. What is unroutable, lapsed or
-- dropped counts as absent: it is planned again while its stage still applies. "quiet": a repeat that is
-- not sent, because the lead posted an update within the seven days before.
CREATE OR REPLACE FUNCTION reminder_reached(p_at timestamptz)
RETURNS TABLE (plan_id bigint, action_id bigint, deadline_id bigint, due_on date, offset_days integer,
               stage_day date, lead_id bigint, audience audience, day date, quiet boolean,
               via bigint, address text)
-- Compiling it costs a second and saves nothing: what it expects of its parts is far too much.
LANGUAGE sql STABLE SET jit = off AS $$
    WITH sending AS MATERIALIZED (
        SELECT s.*, (SELECT -min(g.offset_days) FROM ladder_stage g WHERE g.ladder_id = s.ladder_id) AS reach
        FROM plans_sending(p_at) s
    ), open AS MATERIALIZED (
        SELECT d.id AS deadline_id, d.action_id, d.due_on, s.*
        FROM sending s JOIN chased_deadline d ON d.plan_id = s.plan_id
        WHERE d.due_on <= s.day + s.reach + 61
    ), stage AS MATERIALIZED (
        SELECT o.plan_id, o.due_on, g.audience, r.offset_days, r.stage_day, r.repeats
        FROM (SELECT DISTINCT plan_id, division, ladder_id, day, due_on FROM open) o
        JOIN ladder_stage g ON g.ladder_id = o.ladder_id
        CROSS JOIN LATERAL stage_reached(o.division, o.due_on, o.day, g.offset_days, g.repeat_days) r
    ), latest AS (
        SELECT DISTINCT ON (o.deadline_id, m.lead_id)
               o.plan_id, o.action_id, o.deadline_id, o.due_on, s.offset_days, s.stage_day, s.repeats,
               m.lead_id, s.audience, o.day, o.owner_id
        FROM open o
        JOIN stage s ON s.plan_id = o.plan_id AND s.due_on = o.due_on
        JOIN audience_member m ON m.action_id = o.action_id AND m.audience = s.audience
        ORDER BY o.deadline_id, m.lead_id, s.stage_day DESC, s.offset_days DESC, s.audience
    )
    SELECT l.plan_id, l.action_id, l.deadline_id, l.due_on, l.offset_days, l.stage_day, l.lead_id,
           l.audience, l.day,
           l.repeats AND EXISTS (
               SELECT FROM update u JOIN plan p ON p.id = l.plan_id
               WHERE u.action_id = l.action_id AND u.lead_id = l.lead_id
                 AND (u.created_at AT TIME ZONE p.time_zone)::date BETWEEN l.day - 7 AND l.day),
           t.via, t.address
    FROM latest l
    LEFT JOIN LATERAL lead_route(l.lead_id, l.owner_id, l.day) t ON true
    WHERE NOT EXISTS (
            SELECT FROM reminder r LEFT JOIN message g ON g.id = r.message_id
            WHERE r.deadline_id = l.deadline_id AND r.offset_days = l.offset_days AND r.lead_id = l.lead_id
              AND NOT (r.state IN ('lapsed', 'dropped')
                       OR (r.state = 'unroutable' AND t.via IS NOT NULL)
                       OR (r.state = 'planned' AND message_lapses(g, l.day))))
      -- One email a lead a day: what comes up after today's has gone waits for the next working day.
      AND NOT EXISTS (
            SELECT FROM message g
            WHERE g.kind = 'reminder' AND g.lead_id = l.lead_id AND g.day = l.day
              AND (g.state <> 'queued' OR g.mime IS NOT NULL));
$$;

-- Every reminder that is owed at a moment and not in the ledger. It only looks; the forecast, the
-- dry run and the sender all stand on it.
CREATE OR REPLACE FUNCTION reminder_due(p_at timestamptz)
RETURNS TABLE (plan_id bigint, action_id bigint, deadline_id bigint, due_on date, offset_days integer,
               stage_day date, lead_id bigint, audience audience, day date, via bigint, address text)
LANGUAGE sql STABLE AS $$
    SELECT plan_id, action_id, deadline_id, due_on, offset_days, stage_day, lead_id, audience, day, via, address
    FROM reminder_reached(p_at) WHERE NOT quiet;
$$;

-- What could not leave on an earlier day goes back to the planner, unless it may have arrived.
CREATE OR REPLACE FUNCTION reminder_lapse(p_day date)
RETURNS void LANGUAGE sql AS $$
    WITH late AS (
        UPDATE message m SET state = 'cancelled', reason = 'not sent on its day; planned again for a later one'
        WHERE message_lapses(m, p_day)
        RETURNING id)
    UPDATE reminder r SET state = 'lapsed', reason = 'could not leave on its day', updated_at = clock_now()
    FROM late WHERE r.message_id = late.id AND r.state = 'planned';
$$;

-- Writes what is owed into the ledger and queues one message a lead. Returns how many reminders it
-- wrote; NULL when another replica is at it.
CREATE OR REPLACE FUNCTION reminder_plan(p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
    today date := (SELECT min(day) FROM plans_sending(p_at));
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('goldenthread.plan')) THEN
        RETURN NULL;
    END IF;
    PERFORM reminder_lapse(today);
    WITH due AS MATERIALIZED (
        SELECT * FROM reminder_reached(p_at)
    ), queued AS (
        -- Only into a message that nobody has begun to send: another replica may be at it by now.
        INSERT INTO message (kind, lead_id, day)
        SELECT DISTINCT 'reminder', lead_id, day FROM due WHERE via IS NOT NULL AND NOT quiet
        ON CONFLICT (kind, lead_id, day) DO UPDATE SET reason = message.reason
            WHERE message.state = 'queued' AND message.mime IS NULL
        RETURNING id, lead_id, day
    )
    INSERT INTO reminder (deadline_id, offset_days, lead_id, audience, stage_day, day, state, reason, message_id)
    SELECT d.deadline_id, d.offset_days, d.lead_id, d.audience, d.stage_day, d.day,
           CASE WHEN d.quiet THEN 'suppressed' WHEN d.via IS NULL THEN 'unroutable' ELSE 'planned' END::reminder_state,
           CASE WHEN d.quiet THEN 'the lead posted an update within 7 days'
                WHEN d.via IS NULL THEN 'no address for the lead, a deputy, a manager or the plan''s owner' END,
           q.id
    FROM due d LEFT JOIN queued q ON q.lead_id = d.lead_id AND q.day = d.day AND d.via IS NOT NULL AND NOT d.quiet
    WHERE d.quiet OR d.via IS NULL OR q.id IS NOT NULL
    ON CONFLICT (deadline_id, offset_days, lead_id) DO UPDATE
        SET state = excluded.state, reason = excluded.reason, message_id = excluded.message_id,
            day = excluded.day, stage_day = excluded.stage_day, audience = excluded.audience, updated_at = clock_now()
        WHERE reminder.state IN ('unroutable', 'lapsed', 'dropped');
    GET DIAGNOSTICS written = ROW_COUNT;
    RETURN written;
END $$;
