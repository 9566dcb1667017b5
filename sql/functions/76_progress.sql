-- How a plan is doing today: counts, what is due soon, and what has slipped.

-- Each action of a plan with what is derived of it.
CREATE OR REPLACE FUNCTION progress_actions(p_plan bigint)
RETURNS TABLE (id bigint, reference text, description text, status action_status, standing text)
LANGUAGE sql STABLE AS $$
    SELECT a.id, a.reference, a.description, a.status, standing_of(a.status, d.next_due, local_day(p_plan))
    FROM action a
    LEFT JOIN LATERAL (SELECT min(e.due_on) AS next_due FROM deadline e
                       WHERE e.action_id = a.id AND e.in_force AND e.done_on IS NULL) d ON true
    WHERE a.plan_id = p_plan;
$$;

-- How many there are of each word that there can be, none left out.
CREATE OR REPLACE FUNCTION progress_count(p_words text[], p_found text[])
RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_object_agg(w.word, (SELECT count(*) FROM unnest(p_found) f WHERE f = w.word) ORDER BY w.n)
    FROM unnest(p_words) WITH ORDINALITY w (word, n);
$$;

CREATE OR REPLACE FUNCTION progress_leads(p_plan bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY x.name, x.lead), '[]')
    FROM (SELECT l.id AS lead, l.name, l.kind, count(*) AS actions,
                 count(*) FILTER (WHERE a.standing NOT IN ('done', 'exempt')) AS open,
                 count(*) FILTER (WHERE a.standing = 'overdue') AS overdue,
                 count(*) FILTER (WHERE a.standing = 'due_soon') AS due_soon,
                 count(*) FILTER (WHERE a.standing = 'done') AS done
          FROM progress_actions(p_plan) a
          JOIN assignment s ON s.action_id = a.id AND s.role IN ('lead', 'cabinet_member')
          JOIN lead l ON l.id = s.lead_id
          GROUP BY l.id, l.name, l.kind) x;
$$;

-- The open deadlines of chased actions from today to so many days on, the nearest first.
CREATE OR REPLACE FUNCTION progress_due(p_plan bigint, p_days integer)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY x.due_on, x.deadline), '[]')
    FROM (SELECT a.id AS action, a.reference, a.description, d.id AS deadline, d.label, d.due_on
          FROM action a JOIN deadline d ON d.action_id = a.id AND d.in_force AND d.done_on IS NULL
          WHERE a.plan_id = p_plan AND a.status IN ('not_started', 'in_progress')
            AND d.due_on BETWEEN local_day(p_plan) AND local_day(p_plan) + p_days) x;
$$;

-- Actions whose due date has moved later, the longest slip first.
CREATE OR REPLACE FUNCTION progress_slips(p_plan bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY x.days DESC NULLS LAST, x.action), '[]')
    FROM (SELECT a.id AS action, a.reference, a.description, t.slips, o.text AS original, t.text AS current,
                 o.due_on AS original_due_on, t.due_on, t.due_on - o.due_on AS days
          FROM action a
          JOIN timescale t ON t.action_id = a.id AND t.current
          JOIN timescale o ON o.action_id = a.id AND o.revision = 1
          WHERE a.plan_id = p_plan AND t.slips > 0) x;
$$;

CREATE OR REPLACE FUNCTION plan_progress(p_plan bigint)
RETURNS json LANGUAGE sql STABLE SET jit = off AS $$
    WITH one AS MATERIALIZED (SELECT * FROM progress_actions(p_plan))
    SELECT row_to_json(x) FROM (SELECT
        p.slug AS plan, local_day(p.id) AS day,
        (SELECT count(*) FROM recommendation r WHERE r.plan_id = p.id) AS recommendations,
        (SELECT count(*) FROM one) AS actions,
        progress_count(enum_range(NULL::action_status)::text[],
                       (SELECT array_agg(o.status::text) FROM one o)) AS by_status,
        progress_count('{upcoming,due_soon,overdue,done,exempt,unscheduled}',
                       (SELECT array_agg(o.standing) FROM one o)) AS by_standing,
        progress_leads(p.id) AS by_lead, progress_due(p.id, 30) AS due_in_30_days, progress_slips(p.id) AS slips
        FROM plan p WHERE p.id = p_plan) x;
$$;
