-- What leaves as a file: a plan as one JSON document (read again by api/import/export_doc.c), as the
-- rows of one table, and as the events of a calendar. Nothing in them depends on today or tells of
-- contacts, so that the same plan always gives the same bytes.

-- A plan that the key may see, by its id or its slug.
CREATE OR REPLACE FUNCTION plan_seen(p_digest bytea, p_plan text)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT p.id FROM live_key k JOIN plan p ON sees(k.plan_ids, p.id)
    WHERE k.digest = p_digest AND (p.slug = p_plan OR p.id::text = p_plan);
$$;

-- ---- JSON ----

-- The posts that a plan names anywhere, by what makes them the same posts elsewhere; who holds them
-- stays here.
CREATE OR REPLACE FUNCTION export_leads(p_plan bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    WITH named AS (
        SELECT s.lead_id AS id FROM assignment s JOIN action a ON a.id = s.action_id WHERE a.plan_id = p_plan
        UNION SELECT u.lead_id FROM update u JOIN action a ON a.id = u.action_id WHERE a.plan_id = p_plan
        UNION SELECT p.owner_id FROM plan p WHERE p.id = p_plan)
    SELECT coalesce(json_agg(json_build_object('name', l.name, 'kind', l.kind) ORDER BY l.post_key), '[]')
    FROM named JOIN lead l USING (id);
$$;

CREATE OR REPLACE FUNCTION export_timescales(p_action bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY t.revision), '[]')
    FROM timescale t CROSS JOIN LATERAL (
        SELECT t.text, t.reason, t.agreed_by, t.agreed_on, t.starts_on, t.due_on, t.confidence,
               (SELECT coalesce(json_agg(row_to_json(y) ORDER BY d.position), '[]')
                FROM deadline d CROSS JOIN LATERAL (SELECT d.label, d.due_on, d.done_on) y
                WHERE d.timescale_id = t.id) AS deadlines) x
    WHERE t.action_id = p_action;
$$;

CREATE OR REPLACE FUNCTION export_updates(p_action bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY u.id), '[]')
    FROM update u CROSS JOIN LATERAL (
        SELECT instant(u.created_at) AS created_at, u.author,
               (SELECT l.name FROM lead l WHERE l.id = u.lead_id) AS lead,
               u.note, u.status, u.rag, u.percent, u.evidence) x
    WHERE u.action_id = p_action;
$$;

CREATE OR REPLACE FUNCTION export_actions(p_recommendation bigint)
RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(row_to_json(x) ORDER BY a.id), '[]')
    FROM action a CROSS JOIN LATERAL (
        SELECT a.reference, a.description, a.status, a.rag, a.percent, a.completed_on,
               (SELECT coalesce(json_agg(json_build_object('name', l.name, 'role', s.role)
                                         ORDER BY s.position, s.lead_id), '[]')
                FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = a.id) AS leads,
               export_timescales(a.id) AS timescales, export_updates(a.id) AS updates, a.doubts) x
    WHERE a.plan_id = (SELECT r.plan_id FROM recommendation r WHERE r.id = p_recommendation)
      AND a.recommendation_id = p_recommendation;
$$;

CREATE OR REPLACE FUNCTION plan_export(p_plan bigint)
RETURNS json LANGUAGE sql STABLE SET jit = off AS $$
    SELECT row_to_json(x) FROM (SELECT
        'golden-thread-plan' AS format, 1 AS version,
        p.slug, p.title, p.organisation, p.source_url, p.adopted_on,
        (SELECT l.name FROM lead l WHERE l.id = p.owner_id) AS owner,
        p.state, p.published, p.time_zone, p.division, p.quarter_basis, p.relative_to,
        to_char(p.send_at, 'HH24:MI') AS send_at, p.updates_every_days, export_leads(p.id) AS leads,
        (SELECT coalesce(json_agg(row_to_json(y) ORDER BY r.position, r.id), '[]')
         FROM recommendation r CROSS JOIN LATERAL (
             SELECT r.number, r.text, r.response, export_actions(r.id) AS actions) y
         WHERE r.plan_id = p.id) AS recommendations
        FROM plan p WHERE p.id = p_plan) x;
$$;

-- ---- the table ----

-- The names of those who have a part in an action, one a line: no name holds a line break.
CREATE OR REPLACE FUNCTION export_names(p_action bigint, p_role assignment_role)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(l.name, E'\n' ORDER BY s.position, s.lead_id)
    FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = p_action AND s.role = p_role;
$$;

-- Values as words for people, which the import reads again (api/import/cells.c).
CREATE OR REPLACE FUNCTION export_words(p_value text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT upper(left(p_value, 1)) || replace(substr(p_value, 2), '_', ' ');
$$;

-- One row an action, in the columns of api/export/export_table.h; a recommendation without an action
-- has a row with its own columns only, a plan without recommendations none.
CREATE OR REPLACE FUNCTION plan_export_rows(p_plan bigint)
RETURNS TABLE (number text, recommendation text, response text, reference text, action text, lead text,
               cabinet_member text, support text, consulted text, timescale text, deadlines_done text,
               status text, rag text, percent text, completed_on text, next_due_on text, last_update text, last_update_on text)
LANGUAGE sql STABLE SET jit = off AS $$
    SELECT r.number, r.text, export_words(r.response::text), a.reference, a.description,
           export_names(a.id, 'lead'), export_names(a.id, 'cabinet_member'), export_names(a.id, 'support'),
           export_names(a.id, 'consulted'), t.text, d.done, export_words(a.status::text),
           export_words(a.rag::text), a.percent::text, a.completed_on::text, d.due_on::text, u.note,
           (u.created_at AT TIME ZONE p.time_zone)::date::text
    FROM plan p
    JOIN recommendation r ON r.plan_id = p.id
    LEFT JOIN action a ON a.plan_id = r.plan_id AND a.recommendation_id = r.id
    LEFT JOIN timescale t ON t.action_id = a.id AND t.current
    LEFT JOIN LATERAL (
        SELECT min(e.due_on) FILTER (WHERE e.done_on IS NULL) AS due_on,
               string_agg(e.due_on || ' done on ' || e.done_on, E'\n' ORDER BY e.position) AS done
        FROM deadline e WHERE e.action_id = a.id AND e.in_force) d ON true
    LEFT JOIN LATERAL (
        SELECT e.note, e.created_at FROM update e
        WHERE e.action_id = a.id AND e.note IS NOT NULL ORDER BY e.id DESC LIMIT 1) u ON true
    WHERE p.id = p_plan
    ORDER BY r.position, r.id, a.id;
$$;

-- ---- the calendar ----

-- What became of each deadline over the revisions of its timescale. A deadline is the same one as long
-- as it has the same label, or the same place among those without a label or with the same one. moves:
-- how often it got another day, was given up or taken up again.
CREATE OR REPLACE FUNCTION export_deadlines(p_plan bigint)
RETURNS TABLE (action_id bigint, label text, nth bigint, due_on date, done_on date, in_force boolean, moves bigint)
LANGUAGE sql STABLE SET jit = off AS $$
    WITH revision AS MATERIALIZED (
        SELECT t.id, t.action_id, t.revision, t.current
        FROM timescale t JOIN action a ON a.id = t.action_id WHERE a.plan_id = p_plan
    ), dated AS MATERIALIZED (
        SELECT d.timescale_id, r.action_id, coalesce(d.label, '') AS label, d.due_on, d.done_on,
               row_number() OVER (PARTITION BY d.timescale_id, d.label ORDER BY d.position) AS nth
        FROM revision r JOIN deadline d ON d.timescale_id = r.id
    ), line AS (
        SELECT k.action_id, k.label, k.nth, r.revision, r.current, d.due_on, d.done_on,
               lag(d.due_on) OVER same AS before,
               count(d.due_on) OVER (same ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) > 0 AS known
        FROM (SELECT DISTINCT action_id, label, nth FROM dated) k
        JOIN revision r USING (action_id)
        LEFT JOIN dated d ON d.timescale_id = r.id AND d.label = k.label AND d.nth = k.nth
        WINDOW same AS (PARTITION BY k.action_id, k.label, k.nth ORDER BY r.revision)
    )
    SELECT action_id, nullif(label, ''), nth,
           (array_agg(due_on ORDER BY revision DESC) FILTER (WHERE due_on IS NOT NULL))[1],
           (array_agg(done_on ORDER BY revision DESC) FILTER (WHERE due_on IS NOT NULL))[1],
           bool_or(current AND due_on IS NOT NULL),
           count(*) FILTER (WHERE known AND due_on IS DISTINCT FROM before)
    FROM line GROUP BY action_id, label, nth;
$$;

-- How often each action was called off or taken up again: its events change then too.
CREATE OR REPLACE FUNCTION export_cancellations(p_plan bigint)
RETURNS TABLE (action_id bigint, flips bigint) LANGUAGE sql STABLE AS $$
    SELECT a.id, count(*)
    FROM action a JOIN change c ON c.resource = 'action' AND c.resource_id = a.id AND c.verb = 'updated'
    WHERE a.plan_id = p_plan AND (c.before->>'status' = 'cancelled') <> (c.after->>'status' = 'cancelled')
    GROUP BY a.id;
$$;

-- One row an event. The UID stays as long as the deadline is the same one, here and in a restored copy;
-- the moment of making is in it because ids repeat from one council to the next.
CREATE OR REPLACE FUNCTION plan_export_events(p_plan bigint)
RETURNS TABLE (uid text, sequence bigint, stamp text, state text, due_on date, label text, reference text,
               action text, number text, recommendation text, leads text, timescale text, status text)
LANGUAGE sql STABLE SET jit = off AS $$
    SELECT a.id || '-' || to_char(a.created_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || '-'
               || left(md5(coalesce(d.label, '')), 8) || '-' || d.nth || '@golden-thread',
           d.moves + coalesce(c.flips, 0), to_char(a.updated_at AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"'),
           CASE WHEN a.status = 'cancelled' OR NOT d.in_force THEN 'cancelled'
                WHEN a.status = 'complete' OR d.done_on IS NOT NULL THEN 'done' ELSE 'due' END,
           d.due_on, d.label, a.reference, a.description, r.number, r.text,
           (SELECT string_agg(l.name, '; ' ORDER BY s.position, s.lead_id)
            FROM assignment s JOIN lead l ON l.id = s.lead_id
            WHERE s.action_id = a.id AND s.role IN ('lead', 'cabinet_member')),
           t.text, export_words(a.status::text)
    FROM export_deadlines(p_plan) d
    JOIN action a ON a.id = d.action_id
    JOIN recommendation r ON r.id = a.recommendation_id
    JOIN timescale t ON t.action_id = a.id AND t.current
    LEFT JOIN export_cancellations(p_plan) c ON c.action_id = a.id
    ORDER BY r.position, a.id, d.due_on, d.label NULLS FIRST, d.nth;
$$;
