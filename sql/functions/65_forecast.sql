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

-- One row a reminder that these plans owe over their days, as the dry run prints it and the API lists it.
DROP FUNCTION IF EXISTS reminder_forecast(timestamptz);
CREATE FUNCTION reminder_forecast(p_sending sending[])
RETURNS TABLE (plan_id bigint, lead_id bigint, day date, body json) LANGUAGE sql STABLE SET jit = off AS $$
    SELECT d.plan_id, d.lead_id, d.day, json_build_object(
        'day', d.day, 'lead', d.lead_id, 'lead_name', l.name, 'role', d.audience, 'via', d.via,
        'to', d.address, 'action', d.action_id, 'reference', a.reference,
        'deadline', d.deadline_id, 'due_on', d.due_on, 'offset_days', d.offset_days,
        'stage', CASE WHEN d.silent_since IS NULL THEN stage_name(d.offset_days) ELSE 'update' END,
        'why', reminder_why(d.offset_days, d.due_on, d.silent_since, d.audience, a.reference))
    FROM reminder_course(p_sending) d
    JOIN action a ON a.id = d.action_id
    JOIN lead l ON l.id = d.lead_id
    WHERE NOT d.settled AND NOT d.quiet
    ORDER BY d.day, d.lead_id, d.due_on, d.deadline_id, d.action_id;
$$;
