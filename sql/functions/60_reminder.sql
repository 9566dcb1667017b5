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

-- Results are changed by making the function anew; what is gone goes from older databases too.
DROP FUNCTION IF EXISTS stage_reached(division, date, date, integer, integer), reminder_due(timestamptz),
    reminder_reached(timestamptz), stages_from(division, date, date, integer, integer),
    reminder_settled(bigint, integer, bigint, date, boolean), reminder_next(bigint, timestamptz);

-- The occurrences of one rule that can matter from a working day on: the one reached by then, and
-- those that come after, to p_last. Without an end, those past the seven days in which an update can
-- silence a repeat, and past the next one, in case the ledger has that already. A stage after the
-- deadline is moved later, to a working day: on one, it is reached when its day before moving has come.
CREATE OR REPLACE FUNCTION stages_between(p_division division, p_due_on date, p_first date, p_last date,
                                          p_offset_days integer, p_repeat_days integer)
RETURNS TABLE (offset_days integer, stage_day date, repeats boolean) LANGUAGE sql STABLE AS $$
    SELECT s.offset_days, s.stage_day, s.offset_days > p_offset_days
    FROM (SELECT CASE WHEN p_repeat_days IS NULL THEN 0
                      ELSE greatest(0, (p_first - p_due_on - p_offset_days) / p_repeat_days) END AS reached) m
    CROSS JOIN LATERAL generate_series(m.reached,
        CASE WHEN p_repeat_days IS NULL THEN 0
             WHEN p_last IS NULL THEN m.reached + 8 / p_repeat_days + 2
             ELSE greatest(0, (p_last - p_due_on - p_offset_days) / p_repeat_days) END) k
    CROSS JOIN LATERAL (
        SELECT p_offset_days + coalesce(p_repeat_days, 0) * k AS offset_days,
               stage_day(p_division, p_due_on, p_offset_days + coalesce(p_repeat_days, 0) * k) AS stage_day) s
    WHERE p_last IS NULL OR s.stage_day <= p_last;
$$;

-- Chased actions of plans in which their leads are asked for an update after so many days without one, and
-- the day of the last one, or of the action's beginning.
DROP VIEW IF EXISTS silent_action;
CREATE VIEW silent_action AS
SELECT a.id AS action_id, a.plan_id, p.updates_every_days,
       (coalesce(u.at, a.created_at) AT TIME ZONE p.time_zone)::date AS silent_since
FROM plan p
JOIN action a ON a.plan_id = p.id AND a.status IN ('not_started', 'in_progress')
LEFT JOIN LATERAL (SELECT max(u.created_at) AS at FROM update u WHERE u.action_id = a.id) u ON true
WHERE p.state = 'active' AND p.updates_every_days IS NOT NULL;

-- Whether a lead has posted an update of an action in the week up to a day, as that plan's clocks count days.
CREATE OR REPLACE FUNCTION heard_from(p_action bigint, p_lead bigint, p_time_zone text, p_day date)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM update u WHERE u.action_id = p_action AND u.lead_id = p_lead
                   AND (u.created_at AT TIME ZONE p_time_zone)::date BETWEEN p_day - 7 AND p_day);
$$;

-- What each plan owes over its days, one row for each deadline, lead and day on which a stage comes to
-- apply, and one for each action, lead and day on which an update is asked for (no deadline, but the day
-- since which there was none); p_action: of that action only. The sender asks about one day; the forecast, coverage and "what is
-- next" ask the same about more, and assume that what is owed on one day has gone by the next.
-- "quiet": a repeat that is not sent, because the lead posted an update within the seven days before.
-- "settled": the ledger has it. What is unroutable, lapsed or dropped counts as absent: it is planned
-- again while its stage still applies.
CREATE OR REPLACE FUNCTION reminder_course(p_sending sending[], p_action bigint DEFAULT NULL)
RETURNS TABLE (plan_id bigint, action_id bigint, deadline_id bigint, due_on date, silent_since date,
               offset_days integer, stage_day date, lead_id bigint, audience audience, day date, quiet boolean,
               settled boolean, via bigint, address text)
-- Compiling it costs a second and saves nothing: what it expects of its parts is far too much.
LANGUAGE sql STABLE SET jit = off AS $$
    WITH plans AS MATERIALIZED (
        SELECT s.*, p.time_zone, working_day(s.division, s.first_day + 1, 1) AS second_day,
               (SELECT -min(g.offset_days) FROM ladder_stage g WHERE g.ladder_id = s.ladder_id) AS reach
        FROM unnest(p_sending) s JOIN plan p ON p.id = s.plan_id
    ), open AS MATERIALIZED (
        SELECT d.id AS deadline_id, d.action_id, d.due_on, s.*
        FROM (
            -- Found by their dates: most are far away. The lower bound lets PostgreSQL expect few.
            SELECT * FROM chased_deadline
            WHERE p_action IS NULL AND due_on > '-infinity' AND due_on <= (
                SELECT CASE WHEN bool_or(s.last_day IS NULL) THEN 'infinity' ELSE max(s.last_day + s.reach + 61) END
                FROM plans s)
            UNION ALL
            SELECT * FROM chased_deadline WHERE action_id = p_action) d
        JOIN plans s ON s.plan_id = d.plan_id
        WHERE s.last_day IS NULL OR d.due_on <= s.last_day + s.reach + 61
    ), told_of AS MATERIALIZED (
        -- Action by action, not everybody's (OFFSET keeps it so).
        SELECT o.*, m.audience, m.lead_id
        FROM open o
        CROSS JOIN LATERAL (SELECT * FROM audience_member m WHERE m.action_id = o.action_id OFFSET 0) m
    ), stage AS MATERIALIZED (
        SELECT o.plan_id, o.due_on, g.audience, r.offset_days, r.stage_day, r.repeats
        FROM (SELECT DISTINCT plan_id, division, ladder_id, first_day, last_day, due_on FROM open) o
        JOIN ladder_stage g ON g.ladder_id = o.ladder_id
        CROSS JOIN LATERAL stages_between(o.division, o.due_on, o.first_day, o.last_day,
                                          g.offset_days, g.repeat_days) r
    ), reached AS (
        SELECT o.plan_id, o.action_id, o.deadline_id, o.due_on, NULL::date AS silent_since, o.lead_id, s.audience,
               s.offset_days, s.stage_day, s.repeats
        FROM told_of o
        JOIN stage s ON s.plan_id = o.plan_id AND s.due_on = o.due_on AND s.audience = o.audience
        UNION ALL
        SELECT a.plan_id, a.action_id, NULL, NULL, a.silent_since, m.lead_id, 'lead', r.offset_days, r.stage_day, false
        FROM plans s
        JOIN silent_action a ON a.plan_id = s.plan_id AND (p_action IS NULL OR a.action_id = p_action)
        JOIN assignment m ON m.action_id = a.action_id AND m.role = 'lead'
        CROSS JOIN LATERAL stages_between(s.division, a.silent_since, s.first_day, s.last_day,
                                          a.updates_every_days, a.updates_every_days) r
    ), taken AS MATERIALIZED (
        -- No reminder on the day of a lead's summary.
        SELECT t.lead_id, t.days
        FROM (SELECT min(asked_at) AS at, max(last_day) AS last_day, bool_or(last_day IS NULL) AS endless FROM plans) q
        CROSS JOIN LATERAL summary_taken(q.at, CASE WHEN q.endless THEN (SELECT max(stage_day) FROM reached) + 60 ELSE q.last_day END,
                                         ARRAY(SELECT DISTINCT lead_id FROM reached)) t
        WHERE q.at IS NOT NULL
    ), busy AS MATERIALIZED (
        -- One email a lead a day: what comes up after the first day's has gone waits for the next one. Not what
        -- nobody can be told: that is on record on its day.
        SELECT g.lead_id, g.day FROM message g
        WHERE g.kind = 'reminder' AND g.day IN (SELECT first_day FROM plans)
          AND (g.state <> 'queued' OR g.mime IS NOT NULL)
    ), hushed AS MATERIALIZED (
        -- What a busy lead is not told today, because it is quiet, does not wait for tomorrow to be told then.
        SELECT h.deadline_id, h.lead_id
        FROM (SELECT DISTINCT ON (r.deadline_id, r.lead_id) r.*, s.first_day, s.time_zone
              FROM reached r
              JOIN plans s ON s.plan_id = r.plan_id
              JOIN busy b ON b.lead_id = r.lead_id AND b.day = s.first_day
              WHERE r.deadline_id IS NOT NULL AND r.stage_day <= s.first_day
              ORDER BY r.deadline_id, r.lead_id, r.stage_day DESC, r.offset_days DESC, r.audience) h
        WHERE h.repeats AND heard_from(h.action_id, h.lead_id, h.time_zone, h.first_day)
    ), owed AS MATERIALIZED (
        -- Of the stages that have been reached only the latest counts.
        SELECT DISTINCT ON (r.deadline_id, r.action_id, r.lead_id, l.day)
               r.*, l.day, s.division, s.time_zone, s.owner_id, s.first_day, s.last_day, k.days AS taken
        FROM reached r
        JOIN plans s ON s.plan_id = r.plan_id
        LEFT JOIN busy b ON b.lead_id = r.lead_id AND b.day = s.first_day
        LEFT JOIN taken k ON k.lead_id = r.lead_id
        LEFT JOIN hushed h ON h.deadline_id = r.deadline_id AND h.lead_id = r.lead_id
        LEFT JOIN LATERAL lead_route(b.lead_id, s.owner_id, s.first_day) t ON true
        CROSS JOIN LATERAL (SELECT day_beside(s.division, CASE WHEN r.stage_day > s.first_day THEN r.stage_day
                                        WHEN t.via IS NULL OR h.lead_id IS NOT NULL THEN s.first_day
                                        ELSE s.second_day END, k.days) AS day) l
        WHERE s.last_day IS NULL OR l.day <= s.last_day
        ORDER BY r.deadline_id, r.action_id, r.lead_id, l.day, r.stage_day DESC, r.offset_days DESC, r.audience
    ), told AS MATERIALIZED (
        SELECT w.*, t.via, t.address, k.state AS known,
               lead(w.day) OVER (PARTITION BY w.deadline_id, w.action_id, w.lead_id ORDER BY w.day) AS next_day,
               w.repeats AND heard_from(w.action_id, w.lead_id, w.time_zone, w.day) AS quiet,
               k.state IS NOT NULL
                   AND NOT (k.state IN ('lapsed', 'dropped')
                            OR (k.state = 'unroutable' AND t.via IS NOT NULL)
                            OR (k.state = 'planned' AND message_lapses(g, w.first_day))) AS settled
        FROM owed w
        LEFT JOIN reminder d ON d.deadline_id = w.deadline_id AND d.offset_days = w.offset_days
                            AND d.lead_id = w.lead_id
        LEFT JOIN reminder a ON a.action_id = w.action_id AND a.silent_since = w.silent_since
                            AND a.offset_days = w.offset_days AND a.lead_id = w.lead_id
        CROSS JOIN LATERAL (SELECT coalesce(d.state, a.state) AS state,
                                   coalesce(d.message_id, a.message_id) AS message_id) k
        LEFT JOIN message g ON g.id = k.message_id
        -- Where it goes matters only while it has not gone.
        LEFT JOIN LATERAL lead_route(CASE WHEN k.state IN ('sent', 'suppressed', 'failed') THEN NULL ELSE w.lead_id END,
                                     w.owner_id, w.day) t ON true
    )
    SELECT w.plan_id, w.action_id, w.deadline_id, w.due_on, w.silent_since, w.offset_days, w.stage_day, w.lead_id,
           w.audience, w.day, w.quiet, w.settled, w.via, w.address
    FROM told w
    UNION ALL
    -- Nobody was there: it is planned again on the first day on which somebody is.
    SELECT w.plan_id, w.action_id, w.deadline_id, w.due_on, w.silent_since, w.offset_days, w.stage_day, w.lead_id,
           w.audience, b.day, false, false, t.via, t.address
    FROM told w
    CROSS JOIN LATERAL (
        SELECT day_beside(w.division, min(working_day(w.division, c.away_until + 1, 1)), w.taken) AS day
        FROM lead l
        CROSS JOIN LATERAL unnest(ARRAY[l.id, l.deputy_id, l.manager_id, w.owner_id]) o (id)
        JOIN lead c ON c.id = o.id
        WHERE l.id = w.lead_id AND c.email IS NOT NULL AND c.away_until >= w.day
          AND NOT EXISTS (SELECT FROM undeliverable u WHERE u.address = lower(c.email))) b
    CROSS JOIN LATERAL lead_route(w.lead_id, w.owner_id, b.day) t
    WHERE w.via IS NULL AND NOT w.quiet AND (NOT w.settled OR w.known = 'unroutable')
      AND (b.day < w.next_day OR w.next_day IS NULL) AND (b.day <= w.last_day OR w.last_day IS NULL);
$$;

-- Whose email of the day waits, because another plan that owes them something begins to send later today:
-- one email a lead a day holds everything, and leaves when the last of them does. Plans that begin after the
-- first of those that send has ended are not waited for.
CREATE OR REPLACE FUNCTION leads_waiting(p_at timestamptz)
RETURNS TABLE (lead_id bigint, day date) LANGUAGE sql STABLE AS $$
    WITH ends AS (
        SELECT min((s.first_day + time '18:00') AT TIME ZONE p.time_zone) AS at
        FROM plans_sending(p_at) s JOIN plan p ON p.id = s.plan_id
    ), later AS (
        SELECT s.* FROM ends e
        CROSS JOIN LATERAL plans_sending_from(p_at, NULL, (p_at + interval '1 day')::date) s
        JOIN plan p ON p.id = s.plan_id
        WHERE e.at IS NOT NULL AND s.first_day = (p_at AT TIME ZONE p.time_zone)::date
          AND (p_at AT TIME ZONE p.time_zone)::time < p.send_at
          AND (s.first_day + p.send_at) AT TIME ZONE p.time_zone < e.at
    )
    SELECT DISTINCT c.lead_id, c.day
    FROM reminder_course(ARRAY(SELECT ROW(l.plan_id, l.division, l.owner_id, l.ladder_id, l.first_day, l.first_day, p_at)::sending
                               FROM later l)) c
    WHERE NOT c.settled AND NOT c.quiet AND c.via IS NOT NULL;
$$;

-- Every reminder that is owed at a moment and not in the ledger. It only looks; the forecast, the
-- dry run and the sender all stand on it.
CREATE FUNCTION reminder_due(p_at timestamptz)
RETURNS TABLE (plan_id bigint, action_id bigint, deadline_id bigint, due_on date, silent_since date,
               offset_days integer, stage_day date, lead_id bigint, audience audience, day date, via bigint, address text)
LANGUAGE sql STABLE AS $$
    SELECT plan_id, action_id, deadline_id, due_on, silent_since, offset_days, stage_day, lead_id, audience, day,
           via, address
    FROM reminder_course(ARRAY(SELECT s FROM plans_sending(p_at) s))
    WHERE NOT settled AND NOT quiet
      AND (lead_id, day) NOT IN (SELECT w.lead_id, w.day FROM leads_waiting(p_at) w);
$$;

-- What could not leave on an earlier day goes back to the planner, unless it may have arrived.
CREATE OR REPLACE FUNCTION reminder_lapse(p_day date)
RETURNS void LANGUAGE sql AS $$
    WITH late AS (
        UPDATE message m SET state = 'cancelled', reason = 'not sent on its day; planned again for a later one'
        WHERE message_lapses(m, p_day)
        RETURNING id)
    -- A summary's message says it all: its ledger counts as open again.
    UPDATE reminder r SET state = 'lapsed', reason = 'could not leave on its day', updated_at = clock_now()
    FROM late WHERE r.message_id = late.id AND r.state = 'planned';
$$;

-- Notes which plans were looked at on their day, unless it is held: it is not over then.
CREATE OR REPLACE FUNCTION plan_pass_note(p_at timestamptz)
RETURNS void LANGUAGE sql AS $$
    -- A plan that was not active missed nothing.
    DELETE FROM plan_pass y USING plan p WHERE p.id = y.plan_id AND p.state <> 'active';
    INSERT INTO plan_pass (plan_id, day)
    SELECT s.plan_id, s.first_day - 1 FROM plans_sending(p_at) s JOIN held_day h ON h.day = s.first_day AND h.decision IS NULL
    ON CONFLICT (plan_id) DO NOTHING;
    INSERT INTO plan_pass AS y (plan_id, day)
    SELECT s.plan_id, s.first_day FROM plans_sending(p_at) s
    WHERE NOT EXISTS (SELECT FROM held_day h WHERE h.day = s.first_day AND h.decision IS NULL)
    ON CONFLICT (plan_id) DO UPDATE SET day = excluded.day, before = y.day WHERE y.day < excluded.day;
$$;

-- Writes what is owed into the ledgers and queues one message a lead, unless the day is held. Returns how many
-- reminders and summaries it wrote; NULL when another replica is at it.
CREATE OR REPLACE FUNCTION reminder_plan(p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
    today date := (SELECT min(first_day) FROM plans_sending(p_at));
    begun timestamptz := clock_timestamp();
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('goldenthread.plan')) THEN
        RETURN NULL;
    ELSIF sending_held() THEN
        RETURN 0;
    END IF;
    PERFORM reminder_lapse(today);
    WITH owed AS MATERIALIZED (
        SELECT * FROM reminder_course(ARRAY(SELECT s FROM plans_sending(p_at) s))
        WHERE NOT settled AND (lead_id, day) NOT IN (SELECT w.lead_id, w.day FROM leads_waiting(p_at) w)
    ), portfolios AS MATERIALIZED (
        SELECT * FROM summary_course(ARRAY(SELECT s FROM plans_sending(p_at) s))
    ), verdict AS MATERIALIZED (
        SELECT t.day, day_verdict(t.day, t.reminders, t.people) AS word
        FROM (SELECT day, count(*) AS reminders, count(DISTINCT lead_id) AS people
              FROM (SELECT day, lead_id FROM owed WHERE via IS NOT NULL AND NOT quiet
                    UNION ALL SELECT day, lead_id FROM portfolios WHERE via IS NOT NULL) w GROUP BY day) t
    ), due AS MATERIALIZED (
        SELECT o.plan_id, o.action_id, o.deadline_id, o.silent_since, o.offset_days, o.stage_day, o.lead_id, o.audience,
               o.day, o.via, o.quiet, v.word = 'reject' AND NOT o.quiet AND o.via IS NOT NULL AS rejected
        FROM owed o LEFT JOIN verdict v ON v.day = o.day WHERE v.word IS DISTINCT FROM 'hold'
    ), summed AS MATERIALIZED (
        SELECT s.lead_id, s.day, s.via, coalesce(v.word = 'reject', false) AND s.via IS NOT NULL AS rejected
        FROM portfolios s LEFT JOIN verdict v ON v.day = s.day WHERE v.word IS DISTINCT FROM 'hold'
    ), queued AS (
        -- Only into a message that nobody has begun to send: another replica may be at it by now.
        INSERT INTO message (kind, lead_id, day)
        SELECT DISTINCT 'reminder', lead_id, day FROM due WHERE via IS NOT NULL AND NOT quiet AND rejected IS NOT TRUE
        UNION ALL
        SELECT 'summary', lead_id, day FROM summed WHERE via IS NOT NULL AND NOT rejected
        ORDER BY 3, 2
        ON CONFLICT (kind, lead_id, day) DO UPDATE SET reason = message.reason
            WHERE message.state = 'queued' AND message.mime IS NULL
        RETURNING id, kind, lead_id, day
    ), reminded AS (
        INSERT INTO reminder (deadline_id, action_id, silent_since, offset_days, lead_id, audience, stage_day, day, state,
                              reason, message_id)
        SELECT d.deadline_id, CASE WHEN d.deadline_id IS NULL THEN d.action_id END, d.silent_since, d.offset_days,
               d.lead_id, d.audience, d.stage_day, d.day,
               CASE WHEN d.quiet OR d.rejected THEN 'suppressed' WHEN d.via IS NULL THEN 'unroutable' ELSE 'planned' END::reminder_state,
               CASE WHEN d.quiet THEN 'the lead posted an update within 7 days'
                    WHEN d.rejected THEN 'the day''s plan was held, and a person rejected it'
                    WHEN d.via IS NULL THEN 'no address for the lead, a deputy, a manager or the plan''s owner' END,
               q.id
        FROM due d
        LEFT JOIN queued q ON q.kind = 'reminder' AND q.lead_id = d.lead_id AND q.day = d.day AND d.via IS NOT NULL
            AND NOT d.quiet AND d.rejected IS NOT TRUE
        WHERE d.quiet OR d.rejected OR d.via IS NULL OR q.id IS NOT NULL
        ORDER BY d.day, d.lead_id, d.deadline_id, d.action_id, d.offset_days
        ON CONFLICT ON CONSTRAINT reminder_once DO UPDATE
            SET state = excluded.state, reason = excluded.reason, message_id = excluded.message_id,
                day = excluded.day, stage_day = excluded.stage_day, audience = excluded.audience, updated_at = clock_now()
            WHERE reminder.state IN ('unroutable', 'lapsed', 'dropped')
        RETURNING 1
    ), summarised AS (
        INSERT INTO summary (lead_id, month, day, state, reason, message_id)
        SELECT s.lead_id, date_trunc('month', s.day::timestamp), s.day,
               CASE WHEN s.rejected THEN 'suppressed' WHEN s.via IS NULL THEN 'unroutable' ELSE 'planned' END::reminder_state,
               CASE WHEN s.rejected THEN 'the day''s plan was held, and a person rejected it'
                    WHEN s.via IS NULL THEN 'no address for the lead, a deputy, a manager or the plan''s owner' END,
               q.id
        FROM summed s
        LEFT JOIN queued q ON q.kind = 'summary' AND q.lead_id = s.lead_id AND q.day = s.day
        WHERE s.rejected OR s.via IS NULL OR q.id IS NOT NULL
        ON CONFLICT (lead_id, month) DO UPDATE
            SET state = excluded.state, reason = excluded.reason, message_id = excluded.message_id, day = excluded.day,
                written = NULL, updated_at = clock_now()
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM reminded) + (SELECT count(*) FROM summarised) INTO written;
    -- What was mended meanwhile is held no longer.
    DELETE FROM held_day h
    WHERE h.decision IS NULL AND h.seen_at < begun AND h.day IN (SELECT s.first_day FROM plans_sending(p_at) s);
    PERFORM plan_pass_note(p_at);
    RETURN written;
END $$;
