-- Where emails go and on which days they leave: what reminders and summaries stand on.

-- Whether a mail server refused the recipient for good, before it had seen the text.
CREATE OR REPLACE FUNCTION is_turned_away(p_outcome text, p_detail text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_outcome = 'refused' AND p_detail LIKE 'at RCPT: 5%';
$$;

-- Where a lead's email goes on a day: to the lead; with no address, one that is nobody's, or away, to the
-- deputy, else the manager, else the plan's owner. No row: nobody can be reached. p_message: of that message, those
-- who were turned away from their mail server are passed over too.
DROP FUNCTION IF EXISTS lead_route(bigint, bigint, date);
CREATE OR REPLACE FUNCTION lead_route(p_lead bigint, p_owner bigint, p_day date, p_message bigint DEFAULT NULL)
RETURNS TABLE (via bigint, name text, address text, language lead_language) LANGUAGE sql STABLE AS $$
    SELECT c.id, coalesce(c.holder, c.name), c.email, c.language
    FROM lead l
    CROSS JOIN LATERAL unnest(ARRAY[l.id, l.deputy_id, l.manager_id, p_owner]) WITH ORDINALITY o (id, n)
    JOIN lead c ON c.id = o.id
    WHERE l.id = p_lead AND c.email IS NOT NULL
      AND NOT coalesce(p_day BETWEEN c.away_from AND c.away_until, false)
      AND NOT EXISTS (SELECT FROM undeliverable u WHERE u.address = lower(c.email))
      AND NOT EXISTS (SELECT FROM attempt a WHERE a.message_id = p_message AND lower(a.address) = lower(c.email)
                        AND is_turned_away(a.outcome, a.detail))
    ORDER BY o.n LIMIT 1;
$$;

-- What every email's content says of the lead it is for.
CREATE OR REPLACE FUNCTION content_lead(l lead, p_day date)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT json_build_object('id', l.id, 'name', l.name::text, 'holder', l.holder::text, 'kind', l.kind::text,
        'away_until', CASE WHEN p_day BETWEEN l.away_from AND l.away_until THEN l.away_until END);
$$;

-- And of whom it goes to, which is what lead_route says. "as": why it goes to them, when they are not the lead.
CREATE OR REPLACE FUNCTION content_to(l lead, p_via bigint, p_name text, p_address text, p_language lead_language)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_via IS NOT NULL THEN json_build_object(
        'via', p_via, 'name', p_name, 'address', p_address, 'language', p_language::text,
        'as', CASE p_via WHEN l.id THEN 'lead' WHEN l.deputy_id THEN 'deputy' WHEN l.manager_id THEN 'manager'
                         ELSE 'plan_owner' END) END;
$$;

-- A plan and the stretch of local days over which it is asked what it owes, as things stand at asked_at.
-- last_day NULL: no end.
DROP TYPE IF EXISTS sending CASCADE;
DROP FUNCTION IF EXISTS plans_sending(timestamptz);
CREATE TYPE sending AS (plan_id bigint, division division, owner_id bigint, ladder_id bigint,
                        first_day date, last_day date, asked_at timestamptz);

-- The plans in which this moment is one for sending: a working day, from send_at to 18:00 local.
CREATE FUNCTION plans_sending(p_at timestamptz)
RETURNS SETOF sending LANGUAGE sql STABLE AS $$
    SELECT p.id, p.division, p.owner_id, coalesce(own.id, usual.id), local.at::date, local.at::date, p_at
    FROM plan p
    CROSS JOIN LATERAL (SELECT p_at AT TIME ZONE p.time_zone AS at) local
    JOIN ladder usual ON usual.plan_id IS NULL
    LEFT JOIN ladder own ON own.plan_id = p.id
    WHERE p.state = 'active'
      AND local.at::time >= p.send_at AND local.at::time < '18:00'
      AND is_working_day(p.division, local.at::date);
$$;

-- The first day, from a moment on, on which a plan's reminders can leave.
CREATE OR REPLACE FUNCTION sending_day(p_plan bigint, p_at timestamptz)
RETURNS date LANGUAGE sql STABLE AS $$
    SELECT working_day(p.division, l.at::date + CASE WHEN l.at::time < '18:00' THEN 0 ELSE 1 END, 1)
    FROM plan p CROSS JOIN LATERAL (SELECT p_at AT TIME ZONE p.time_zone AS at) l WHERE p.id = p_plan;
$$;

-- The same plans from a moment on. p_from: an earlier day to look from, as if it were that day;
-- a later one changes nothing, for what is sent until then decides what is left.
CREATE FUNCTION plans_sending_from(p_at timestamptz, p_from date, p_to date)
RETURNS SETOF sending LANGUAGE sql STABLE AS $$
    SELECT p.id, p.division, p.owner_id, coalesce(own.id, usual.id), f.day, p_to, q.at
    FROM plan p
    JOIN ladder usual ON usual.plan_id IS NULL
    LEFT JOIN ladder own ON own.plan_id = p.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN p_from < (p_at AT TIME ZONE p.time_zone)::date
                    THEN p_from::timestamp AT TIME ZONE p.time_zone ELSE p_at END AS at) q
    CROSS JOIN LATERAL (SELECT sending_day(p.id, q.at) AS day) f
    WHERE p.state = 'active' AND (p_to IS NULL OR f.day <= p_to);
$$;

-- A message that could not leave on its day and has certainly not arrived: its reminders are planned
-- again. Not if a person asked for it, nor what is about a webhook: that holds on any day.
CREATE OR REPLACE FUNCTION message_lapses(p_message message, p_day date)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT p_message.state IN ('queued', 'retry') AND p_message.uncertain = 0
       AND p_message.retried_at IS NULL AND p_message.day < p_day AND p_message.kind <> 'webhook';
$$;
