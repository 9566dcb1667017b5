-- The monthly summary: who gets one of their portfolio instead of reminders, on which day, and to whom it goes.

-- What each cabinet member answers for: the open actions of active plans that name them as such, or that a lead
-- of that kind leads.
DROP VIEW IF EXISTS portfolio CASCADE;
CREATE VIEW portfolio AS
SELECT s.lead_id, s.action_id, a.plan_id
FROM assignment s
JOIN action a ON a.id = s.action_id AND a.status IN ('not_started', 'in_progress', 'on_hold')
JOIN plan p ON p.id = a.plan_id AND p.state = 'active'
WHERE s.role = 'cabinet_member'
UNION ALL
SELECT s.lead_id, s.action_id, a.plan_id
FROM lead l
JOIN assignment s ON s.lead_id = l.id AND s.role = 'lead'
JOIN action a ON a.id = s.action_id AND a.status IN ('not_started', 'in_progress', 'on_hold')
JOIN plan p ON p.id = a.plan_id AND p.state = 'active'
WHERE l.kind = 'cabinet_member';

-- The plan's owner stands in last, as for reminders: of several plans the first whose owner can be reached.
DROP FUNCTION IF EXISTS summary_route(bigint, date);
CREATE OR REPLACE FUNCTION summary_route(p_lead bigint, p_day date, p_message bigint DEFAULT NULL)
RETURNS TABLE (via bigint, name text, address text, language lead_language) LANGUAGE sql STABLE AS $$
    SELECT t.via, t.name, t.address, t.language
    FROM (SELECT DISTINCT f.plan_id FROM portfolio f WHERE f.lead_id = p_lead) f
    JOIN plan p ON p.id = f.plan_id
    CROSS JOIN LATERAL lead_route(p_lead, p.owner_id, p_day, p_message) t
    ORDER BY p.id LIMIT 1;
$$;

-- Whether a month's summary that is in the ledger is still to be sent by that day.
DROP FUNCTION IF EXISTS summary_pending(summary, message, date);
CREATE FUNCTION summary_pending(p_summary summary, p_message message, p_day date)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_summary.state = 'unroutable'
        OR (p_summary.state = 'planned' AND (p_message.state = 'cancelled' OR message_lapses(p_message, p_day)));
$$;

-- Each active plan's next day for sending, seen from a moment, and whether the month's summaries are due on it:
-- it is the month's first working day, or nobody looked since before that one.
CREATE OR REPLACE FUNCTION summary_calendar(p_at timestamptz)
RETURNS TABLE (plan_id bigint, division division, day date, month date, due boolean) LANGUAGE sql STABLE AS $$
    SELECT p.id, p.division, n.day, date_trunc('month', n.day::timestamp)::date,
           n.day = f.day OR coalesce(CASE WHEN y.day < n.day THEN y.day ELSE y.before END < f.day, false)
    FROM plan p
    -- OFFSET 0: each is asked once, not wherever it is used.
    CROSS JOIN LATERAL (SELECT sending_day(p.id, p_at) AS day OFFSET 0) n
    CROSS JOIN LATERAL (
        SELECT working_day(p.division, date_trunc('month', n.day::timestamp)::date, 1) AS day OFFSET 0) f
    LEFT JOIN plan_pass y ON y.plan_id = p.id
    WHERE p.state = 'active';
$$;

-- Every summary that is owed from a moment to a day and not in the ledger, one a lead a month: on the earliest day on which it
-- is due in any plan of the portfolio (plan_ids). Who had an email on that day already is left out. via NULL: nobody can be
-- reached; once that is in the ledger, it is owed on the first day of the month on which somebody is there.
-- p_leads: of those leads only.
CREATE OR REPLACE FUNCTION summary_day(p_at timestamptz, p_last date, p_leads bigint[] DEFAULT NULL)
RETURNS TABLE (lead_id bigint, day date, plan_ids bigint[], via bigint, address text)
LANGUAGE plpgsql STABLE SET jit = off AS $$
#variable_conflict use_column
BEGIN
    -- On most days nothing is due, and no portfolio need be read to know it.
    IF NOT EXISTS (
        WITH calendar AS MATERIALIZED (SELECT * FROM summary_calendar(p_at))
        SELECT FROM calendar WHERE due OR month < date_trunc('month', p_last::timestamp)
        UNION ALL
        SELECT FROM (SELECT month, min(day) AS day FROM calendar GROUP BY month) n
        JOIN summary s ON s.month = n.month
        LEFT JOIN message m ON m.id = s.message_id
        WHERE summary_pending(s, m, n.day)) THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH calendar AS MATERIALIZED (
        SELECT * FROM summary_calendar(p_at)
    ), later AS MATERIALIZED (
        SELECT d.division, g.month::date AS month, working_day(d.division, g.month::date, 1) AS day
        FROM (SELECT DISTINCT division FROM calendar) d,
             generate_series((SELECT min(month) FROM calendar)::timestamp, p_last::timestamp, '1 month') g (month)
    ), known AS MATERIALIZED (
        SELECT s.lead_id, s.month, s.day, s.state, m.state AS message_state, summary_pending(s, m, n.day) AS pending
        FROM summary s
        JOIN (SELECT month, min(day) AS day FROM calendar GROUP BY month) n ON n.month = s.month
        LEFT JOIN message m ON m.id = s.message_id
    ), member AS MATERIALIZED (
        SELECT l.id AS lead_id, f.plan_id
        FROM lead l
        CROSS JOIN LATERAL (SELECT DISTINCT f.plan_id FROM portfolio f WHERE f.lead_id = l.id) f
        WHERE (p_leads IS NULL OR l.id = ANY (p_leads))
          -- Who has had this month's, and where none is due, needs no look, unless later months are asked about.
          AND (EXISTS (SELECT FROM calendar c WHERE c.month < date_trunc('month', p_last::timestamp))
               OR EXISTS (SELECT FROM known k WHERE k.lead_id = l.id AND k.pending)
               OR (EXISTS (SELECT FROM calendar c WHERE c.due) AND l.id NOT IN (SELECT k.lead_id FROM known k)))
    ), candidate AS (
        SELECT f.lead_id, f.plan_id, c.month, d.day
        FROM member f
        JOIN calendar c ON c.plan_id = f.plan_id
        LEFT JOIN known k ON k.lead_id = f.lead_id AND k.month = c.month
        CROSS JOIN LATERAL (
            SELECT k.message_state = 'cancelled' AND k.day >= c.day
                   OR EXISTS (SELECT FROM message g WHERE g.kind = 'reminder' AND g.lead_id = f.lead_id
                              AND g.day = c.day AND g.state <> 'cancelled') AS busy) b
        CROSS JOIN LATERAL (SELECT CASE WHEN b.busy THEN working_day(c.division, c.day + 1, 1) ELSE c.day END AS day) d
        WHERE CASE WHEN k.lead_id IS NULL THEN c.due AND b.busy IS NOT TRUE
                   ELSE k.pending AND date_trunc('month', d.day::timestamp) = c.month END
        UNION ALL
        SELECT f.lead_id, f.plan_id, t.month, t.day
        FROM member f
        JOIN calendar c ON c.plan_id = f.plan_id
        JOIN later t ON t.division = c.division AND t.month > c.month
    ), owed AS (
        SELECT c.lead_id, c.month, c.day, array_agg(c.plan_id ORDER BY c.plan_id) AS plan_ids
        FROM (SELECT *, min(day) OVER (PARTITION BY lead_id, month) AS first FROM candidate) c
        WHERE c.day = c.first AND c.day <= p_last
        GROUP BY c.lead_id, c.month, c.day
    ), told AS MATERIALIZED (
        SELECT w.*, t.via, t.address, k.state = 'unroutable' AND t.via IS NULL AS known
        FROM owed w
        LEFT JOIN known k ON k.lead_id = w.lead_id AND k.month = w.month
        LEFT JOIN LATERAL summary_route(w.lead_id, w.day) t ON true
    )
    SELECT w.lead_id, w.day, w.plan_ids, w.via, w.address FROM told w WHERE w.known IS NOT TRUE
    UNION ALL
    SELECT w.lead_id, b.day, b.plan_ids, t.via, t.address
    FROM told w
    CROSS JOIN LATERAL (
        SELECT d.day, array_agg(DISTINCT d.plan_id) AS plan_ids
        FROM (SELECT q.id AS plan_id, working_day(q.division, c.away_until + 1, 1) AS day
              FROM member f
              JOIN plan q ON q.id = f.plan_id
              JOIN lead l ON l.id = f.lead_id
              CROSS JOIN LATERAL (
                  SELECT unnest(ARRAY[l.id, l.deputy_id, l.manager_id]) AS id
                  UNION SELECT o.owner_id FROM member e JOIN plan o ON o.id = e.plan_id WHERE e.lead_id = l.id) h
              JOIN lead c ON c.id = h.id
              WHERE f.lead_id = w.lead_id AND c.email IS NOT NULL AND c.away_until >= w.day
                AND NOT EXISTS (SELECT FROM undeliverable u WHERE u.address = lower(c.email))) d
        GROUP BY d.day ORDER BY d.day LIMIT 1) b
    CROSS JOIN LATERAL summary_route(w.lead_id, b.day) t
    WHERE w.via IS NULL AND b.day <= p_last AND date_trunc('month', b.day::timestamp) = w.month;
END $$;

-- The summaries that these plans owe over their days.
CREATE OR REPLACE FUNCTION summary_course(p_sending sending[])
RETURNS TABLE (plan_id bigint, lead_id bigint, day date, via bigint, address text) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (d.day, d.lead_id) s.plan_id, d.lead_id, d.day, d.via, d.address
    FROM (SELECT min(asked_at) AS at, max(last_day) AS last_day FROM unnest(p_sending)) q
    CROSS JOIN LATERAL summary_day(q.at, q.last_day) d
    JOIN unnest(p_sending) s ON s.plan_id = ANY (d.plan_ids) AND d.day BETWEEN s.first_day AND s.last_day
    WHERE q.at IS NOT NULL
    ORDER BY d.day, d.lead_id, s.plan_id;
$$;

-- On which days, from a moment on, these leads are not reminded of anything: those of their summaries.
CREATE OR REPLACE FUNCTION summary_taken(p_at timestamptz, p_last date, p_leads bigint[])
RETURNS TABLE (lead_id bigint, days date[]) LANGUAGE sql STABLE AS $$
    SELECT t.lead_id, array_agg(t.day)
    FROM (SELECT d.lead_id, d.day FROM summary_day(p_at, p_last, p_leads) d
          UNION ALL
          SELECT s.lead_id, s.day FROM summary s WHERE s.lead_id = ANY (p_leads) AND s.day > p_at::date - 7) t
    GROUP BY t.lead_id;
$$;

-- The day itself or, where it is a summary's, the next working day. Two in a row are, at most: a month's, late, and
-- the next one's.
CREATE OR REPLACE FUNCTION day_beside(p_division division, p_day date, p_taken date[])
RETURNS date LANGUAGE plpgsql STABLE AS $$
DECLARE
    day date := p_day;
BEGIN
    FOR i IN 1..2 LOOP
        EXIT WHEN p_taken IS NULL OR day <> ALL (p_taken);
        day := working_day(p_division, day + 1, 1);
    END LOOP;
    RETURN day;
END $$;
