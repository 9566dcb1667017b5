-- Events: what happened, written in the transaction in which it happened. Triggers note what a statement did;
-- at the end of the transaction each note becomes one event that says how things stand then. Without any
-- webhook nothing is noted. The planner adds what the passing of days does.

CREATE OR REPLACE FUNCTION event_payload(p_type event_type, p_at timestamptz, p_data text)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT '{"type":"' || p_type || '","timestamp":"' || instant(p_at) || '","data":' || p_data || '}';
$$;

CREATE OR REPLACE FUNCTION event_subject(p_plan bigint, p_action bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce('action ' || p_action, 'plan ' || p_plan);
$$;

-- What an event says of a plan or an action: ids, names and how it stands. What it promises is read from the API,
-- which records who reads. Views, so that the events of an import are one query.
DROP VIEW IF EXISTS event_plan, event_action CASCADE;

CREATE VIEW event_plan AS
SELECT p.id, (SELECT row_to_json(x) FROM (SELECT
    p.slug AS plan, p.id AS plan_id, p.title, p.organisation, p.state, p.published, p.version) x)::text AS data
FROM plan p;

-- Cut where its standing goes, which depends on the day.
CREATE VIEW event_action AS
SELECT a.id, a.plan_id, a.status, d.due_on, rtrim((SELECT row_to_json(x) FROM (SELECT
    p.slug AS plan, a.plan_id, a.id AS action, a.reference, a.version, a.status, a.rag, a.percent, d.due_on) x)::text, '}') AS data
FROM action a JOIN plan p ON p.id = a.plan_id
CROSS JOIN LATERAL (SELECT min(e.due_on) FILTER (WHERE e.done_on IS NULL) AS due_on
                    FROM deadline e WHERE e.action_id = a.id AND e.in_force) d;

-- Of some types, what else there is to say.
CREATE OR REPLACE FUNCTION event_more(p_type event_type, p_action bigint, p_deadline bigint, p_today date)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_type = 'timescale.revised' THEN
        RETURN (SELECT ',"timescale":' || row_to_json(x) FROM (
            SELECT t.id, t.revision, t.text, t.due_on, t.confidence, t.slips
            FROM timescale t WHERE t.action_id = p_action AND t.current) x);
    ELSIF p_deadline IS NOT NULL THEN
        RETURN (SELECT ',"deadline":' || row_to_json(x) FROM (
            SELECT d.id, d.label, d.due_on, d.due_on - p_today AS days_left FROM deadline d WHERE d.id = p_deadline) x);
    END IF;
    RETURN '';
END $$;

-- ---- writing them ----

-- Writes events in the order given, with a delivery for every webhook that wants them. p_ids: the plan of a plan's
-- event, else the action. What nobody asks for is not written; what a deadline has had already is not written
-- again. Gives how many events.
CREATE OR REPLACE FUNCTION event_publish(p_at timestamptz, p_types event_type[], p_ids bigint[], p_deadlines bigint[])
RETURNS bigint LANGUAGE sql SET jit = off AS $$
    WITH asked AS MATERIALIZED (
        SELECT s.*, s.type::text LIKE 'plan.%' AS of_plan
        FROM unnest(p_types, p_ids, p_deadlines) WITH ORDINALITY s (type, id, deadline_id, n)
    ), told AS (
        SELECT s.n, s.type, e.id AS plan_id, NULL::bigint AS action_id, NULL::bigint AS deadline_id, e.data
        FROM asked s JOIN event_plan e ON e.id = s.id WHERE s.of_plan
        UNION ALL
        SELECT s.n, s.type, e.plan_id, e.id, s.deadline_id,
               e.data || ',"standing":"' || standing_of(e.status, e.due_on, t.today) || '"'
                   || event_more(s.type, e.id, s.deadline_id, t.today) || '}'
        FROM asked s JOIN event_action e ON e.id = s.id
        CROSS JOIN LATERAL (SELECT (p_at AT TIME ZONE p.time_zone)::date AS today FROM plan p WHERE p.id = e.plan_id) t
        WHERE NOT s.of_plan
    ), made AS (
        INSERT INTO event (type, plan_id, action_id, deadline_id, payload)
        SELECT t.type, t.plan_id, t.action_id, t.deadline_id, event_payload(t.type, p_at, t.data)
        FROM told t WHERE EXISTS (SELECT FROM webhook w WHERE webhook_wants(w, t.type, t.plan_id, t.action_id))
        ORDER BY t.n
        ON CONFLICT ON CONSTRAINT event_once DO NOTHING
        RETURNING id, type, plan_id, action_id, payload
    ), queued AS (
        INSERT INTO delivery (webhook_id, event_id, subject, body)
        SELECT w.id, m.id, event_subject(m.plan_id, m.action_id), delivery_body(w.format, m.type, m.action_id, m.payload)
        FROM made m JOIN webhook w ON w.state <> 'disabled' AND webhook_wants(w, m.type, m.plan_id, m.action_id)
        ORDER BY m.id, w.id)
    SELECT count(*) FROM made;
$$;

-- At the end of the transaction; the first call takes all notes. What is new says all: what else was done to it
-- meanwhile is no news. Planner and writers keep out of each other's way, so that of one action no event follows
-- another of a later version.
CREATE OR REPLACE FUNCTION event_write()
RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('goldenthread.event'));
    WITH note AS (
        DELETE FROM event_note RETURNING id, type, ids
    ), subject AS (
        SELECT min(n.id) AS note, n.type, s.id, min(s.ordinality) AS place
        FROM note n, unnest(n.ids) WITH ORDINALITY s (id) GROUP BY n.type, s.id
    ), news AS (
        SELECT s.* FROM subject s
        WHERE s.type NOT IN ('action.updated', 'timescale.revised', 'plan.updated')
           OR NOT EXISTS (SELECT FROM subject c WHERE c.id = s.id
                          AND c.type = CASE WHEN s.type = 'plan.updated' THEN 'plan.created' ELSE 'action.created' END::event_type)
    )
    SELECT event_publish(clock_now(), array_agg(n.type ORDER BY n.note, n.place), array_agg(n.id ORDER BY n.note, n.place), '{}')
    INTO written
    FROM news n HAVING count(*) > 0;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS event_write ON event_note;
CREATE CONSTRAINT TRIGGER event_write AFTER INSERT ON event_note DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION event_write();

-- ---- noting what happened ----

CREATE OR REPLACE FUNCTION event_noted(p_type event_type, p_ids bigint[])
RETURNS void LANGUAGE sql AS $$
    INSERT INTO event_note (type, ids) SELECT p_type, p_ids WHERE cardinality(p_ids) > 0;
$$;

CREATE OR REPLACE FUNCTION event_of_action()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM webhook) THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM event_noted('action.created', ARRAY(SELECT id FROM new_rows ORDER BY id));
    ELSE
        PERFORM event_noted('action.updated', ARRAY(SELECT id FROM new_rows ORDER BY id));
        PERFORM event_noted('action.completed', ARRAY(
            SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
            WHERE n.status = 'complete' AND o.status <> 'complete' ORDER BY n.id));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_of_timescale()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM webhook) THEN
        PERFORM event_noted('timescale.revised', ARRAY(SELECT action_id FROM new_rows WHERE revision > 1 ORDER BY id));
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION event_of_plan()
RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM webhook) THEN
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM event_noted('plan.created', ARRAY(SELECT id FROM new_rows ORDER BY id));
        PERFORM event_noted('plan.activated', ARRAY(SELECT id FROM new_rows WHERE state = 'active' ORDER BY id));
        RETURN NULL;
    END IF;
    PERFORM event_noted('plan.updated', ARRAY(SELECT id FROM new_rows ORDER BY id));
    PERFORM event_noted(('plan.' || CASE s.state WHEN 'active' THEN 'activated' ELSE 'closed' END)::event_type, s.ids)
    FROM (SELECT n.state, array_agg(n.id ORDER BY n.id) AS ids FROM new_rows n JOIN old_rows o USING (id)
          WHERE n.state <> o.state AND n.state IN ('active', 'closed') GROUP BY n.state) s;
    RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER c_event_new AFTER INSERT ON action REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION event_of_action();
CREATE OR REPLACE TRIGGER c_event AFTER UPDATE ON action REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION event_of_action();
CREATE OR REPLACE TRIGGER c_event_new AFTER INSERT ON timescale REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION event_of_timescale();
CREATE OR REPLACE TRIGGER c_event_new AFTER INSERT ON plan REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION event_of_plan();
CREATE OR REPLACE TRIGGER c_event AFTER UPDATE ON plan REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION event_of_plan();

-- ---- what the passing of days does ----

-- Says of every open deadline, once, that it is near (as standing_of counts), has come, has passed. State-based
-- like the reminders: after an outage only what holds today is said.
CREATE OR REPLACE FUNCTION event_due(p_at timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    written bigint;
    types event_type[] := '{action.due_soon,action.due_today,action.overdue}';
BEGIN
    IF NOT EXISTS (SELECT FROM webhook w WHERE w.events IS NULL OR w.events && types) OR sending_held() THEN
        RETURN 0;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.event'));
    SELECT coalesce(event_publish(p_at, array_agg(s.type ORDER BY s.due_on, s.id), array_agg(s.action_id ORDER BY s.due_on, s.id),
                                  array_agg(s.id ORDER BY s.due_on, s.id)), 0) INTO written
    FROM (
        SELECT d.id, d.action_id, d.due_on,
               CASE WHEN d.due_on < t.day THEN 'action.overdue' WHEN d.due_on = t.day THEN 'action.due_today'
                    ELSE 'action.due_soon' END::event_type AS type
        FROM plan p
        CROSS JOIN LATERAL (SELECT (p_at AT TIME ZONE p.time_zone)::date AS day) t
        JOIN chased_deadline d ON d.plan_id = p.id AND d.due_on <= t.day + 28
        WHERE p.state = 'active') s
    WHERE NOT EXISTS (SELECT FROM event e WHERE e.type = s.type AND e.deadline_id = s.id)
    HAVING count(*) > 0;
    RETURN coalesce(written, 0);
END $$;
