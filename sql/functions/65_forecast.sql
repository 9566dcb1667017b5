-- The forecast: what the planner owes, told to people. It stands on reminder_course, the planner's own
-- question, and only looks.

-- "7 days before 31 March 2022; you lead action 1.2", "no update for 30 days; …"
DROP FUNCTION IF EXISTS reminder_why(integer, date, audience, text);
CREATE OR REPLACE FUNCTION reminder_why(p_offset_days integer, p_due_on date, p_silent_since date, p_audience audience,
                                        p_reference text)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_silent_since IS NOT NULL
                THEN 'no update for ' || p_offset_days || CASE p_offset_days WHEN 1 THEN ' day' ELSE ' days' END
                WHEN p_offset_days = 0 THEN 'on the day, '
                ELSE abs(p_offset_days) || CASE abs(p_offset_days) WHEN 1 THEN ' day ' ELSE ' days ' END
                     || CASE WHEN p_offset_days < 0 THEN 'before ' ELSE 'after ' END END
        || CASE WHEN p_due_on IS NULL THEN '' ELSE to_char(p_due_on, 'FMDD FMMonth YYYY') END || '; '
        || CASE p_audience WHEN 'lead' THEN 'you lead'
                           WHEN 'support' THEN 'you support'
                           WHEN 'manager' THEN 'you manage the lead of'
                           WHEN 'cabinet_member' THEN 'you are the cabinet member for'
                           WHEN 'plan_owner' THEN 'you own the plan that includes' END
        || ' action ' || p_reference;
$$;

-- "the summary of April 2022; you are the cabinet member for 12 open actions"
CREATE OR REPLACE FUNCTION summary_why(p_lead bigint, p_day date)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT 'the summary of ' || to_char(p_day, 'FMMonth YYYY') || '; you are the cabinet member for ' || count(*)
        || CASE count(*) WHEN 1 THEN ' open action' ELSE ' open actions' END
    FROM portfolio f WHERE f.lead_id = p_lead;
$$;

-- One row a reminder or summary that these plans owe over their days, as the dry run prints it and the API lists it.
DROP FUNCTION IF EXISTS reminder_forecast(timestamptz);
CREATE FUNCTION reminder_forecast(p_sending sending[])
RETURNS TABLE (plan_id bigint, lead_id bigint, day date, body json) LANGUAGE sql STABLE SET jit = off AS $$
    SELECT f.plan_id, f.lead_id, f.day, f.body FROM (
    SELECT d.plan_id, d.lead_id, d.day, d.due_on, d.deadline_id, d.action_id, json_build_object(
        'day', d.day, 'lead', d.lead_id, 'lead_name', l.name, 'role', d.audience, 'via', d.via,
        'to', d.address, 'action', d.action_id, 'reference', a.reference,
        'deadline', d.deadline_id, 'due_on', d.due_on, 'offset_days', d.offset_days,
        'stage', CASE WHEN d.silent_since IS NULL THEN stage_name(d.offset_days) ELSE 'update' END,
        'why', reminder_why(d.offset_days, d.due_on, d.silent_since, d.audience, a.reference)) AS body
    FROM reminder_course(p_sending) d
    JOIN action a ON a.id = d.action_id
    JOIN lead l ON l.id = d.lead_id
    WHERE NOT d.settled AND NOT d.quiet
    UNION ALL
    SELECT s.plan_id, s.lead_id, s.day, NULL, NULL, NULL, json_build_object(
        'day', s.day, 'lead', s.lead_id, 'lead_name', l.name, 'role', 'cabinet_member', 'via', s.via,
        'to', s.address, 'action', NULL, 'reference', NULL, 'deadline', NULL, 'due_on', NULL, 'offset_days', NULL,
        'stage', 'summary', 'why', summary_why(s.lead_id, s.day))
    FROM summary_course(p_sending) s
    JOIN lead l ON l.id = s.lead_id) f
    ORDER BY f.day, f.lead_id, f.due_on, f.deadline_id, f.action_id;
$$;
