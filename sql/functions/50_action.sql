-- Writes to an action and to what hangs on it: timescale, deadlines, leads, updates.

CREATE OR REPLACE FUNCTION local_day(p_plan bigint)
RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (clock_now() AT TIME ZONE time_zone)::date FROM plan WHERE id = p_plan;
$$;

-- The action, locked, if the key may change it and If-Match names its version.
CREATE OR REPLACE FUNCTION action_lock(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[])
RETURNS action LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    found_action public.action;
BEGIN
    SELECT * INTO found_action FROM action WHERE id = p_id FOR UPDATE;
    IF NOT FOUND OR NOT sees(plan_ids, found_action.plan_id) THEN
        PERFORM not_found('action');
    END IF;
    PERFORM require_version(p_if_match, found_action.version);
    RETURN found_action;
END $$;

-- What an action shows of others (its timescale, deadlines, leads, its plan's slug) is part of what
-- its version stands for: whoever changes that calls this.
CREATE OR REPLACE FUNCTION action_touch(p_ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE action SET updated_at = clock_now() WHERE id = ANY (p_ids);
    PERFORM action_keep(p_ids);
END $$;

-- How a plan reads timescales: the one named, or that of a recommendation or an action; none named:
-- as a new plan will.
CREATE OR REPLACE FUNCTION plan_reading(p_digest bytea, p_request text, p_plan text, p_recommendation bigint, p_action bigint)
RETURNS TABLE (quarter_basis quarter_basis, relative_to date) LANGUAGE plpgsql STABLE AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    target bigint;
BEGIN
    IF num_nonnulls(p_plan, p_recommendation, p_action) = 0 THEN
        RETURN QUERY SELECT 'financial'::quarter_basis, NULL::date;
        RETURN;
    END IF;
    SELECT coalesce((SELECT r.plan_id FROM recommendation r WHERE r.id = p_recommendation),
                    (SELECT a.plan_id FROM action a WHERE a.id = p_action),
                    CASE WHEN p_plan IS NOT NULL THEN plan_id_of(p_plan, plan_ids) END) INTO target;
    IF target IS NULL OR NOT sees(plan_ids, target) THEN
        PERFORM not_found(CASE WHEN p_action IS NOT NULL THEN 'action' ELSE 'recommendation' END);
    END IF;
    RETURN QUERY SELECT p.quarter_basis, p.relative_to FROM plan p WHERE p.id = target;
END $$;

-- Puts a reading in force as the next revision. The old deadlines stay in the record, out of force.
CREATE OR REPLACE FUNCTION timescale_put(p_action bigint, p_reading jsonb, p_reason text DEFAULT NULL,
                                         p_agreed_by text DEFAULT NULL, p_agreed_on date DEFAULT NULL)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.timescale;
    new_id bigint;
BEGIN
    SELECT * INTO old FROM timescale WHERE action_id = p_action AND current;
    UPDATE timescale SET current = false WHERE id = old.id;
    UPDATE deadline SET in_force = false WHERE action_id = p_action AND in_force;
    INSERT INTO timescale (action_id, revision, text, kind, precision, starts_on, due_on, confidence,
                           reading, reason, agreed_by, agreed_on, slips)
    VALUES (p_action, coalesce(old.revision, 0) + 1, p_reading->>'text', p_reading->>'kind',
            p_reading->>'precision', (p_reading->>'starts_on')::date, (p_reading->>'due_on')::date,
            p_reading->>'confidence', p_reading, p_reason, p_agreed_by, p_agreed_on,
            coalesce(old.slips, 0) + coalesce(((p_reading->>'due_on')::date > old.due_on)::integer, 0))
    RETURNING id INTO new_id;
    INSERT INTO deadline (action_id, timescale_id, position, label, due_on, done_on)
    SELECT p_action, new_id, d.n, d.item->>'label', (d.item->>'due_on')::date,
           (SELECT o.done_on FROM deadline o
            WHERE o.timescale_id = old.id AND o.due_on = (d.item->>'due_on')::date
              AND o.label IS NOT DISTINCT FROM d.item->>'label')
    FROM jsonb_array_elements(p_reading->'deadlines') WITH ORDINALITY d (item, n);
    RETURN new_id;
END $$;

-- The next free reference under a recommendation: "3.2" after "3.1".
CREATE OR REPLACE FUNCTION action_reference_next(p_recommendation bigint)
RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    r public.recommendation;
    candidate text;
    n integer;
BEGIN
    SELECT * INTO r FROM recommendation WHERE id = p_recommendation;
    SELECT count(*) INTO n FROM action WHERE recommendation_id = p_recommendation;
    LOOP
        n := n + 1;
        candidate := r.number || '.' || n;
        EXIT WHEN NOT EXISTS (SELECT FROM action WHERE plan_id = r.plan_id AND reference = candidate);
    END LOOP;
    RETURN candidate;
END $$;

-- p_leads: [{"lead": id, "role": …}] in order of naming.
CREATE OR REPLACE FUNCTION assignment_add(p_action bigint, p_leads jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    item record;
BEGIN
    FOR item IN SELECT e.value AS v, e.ordinality AS n FROM jsonb_array_elements(p_leads) WITH ORDINALITY e LOOP
        PERFORM require_lead((item.v->>'lead')::bigint, '/leads/' || item.n - 1 || '/lead');
        INSERT INTO assignment (action_id, lead_id, role, position)
        VALUES (p_action, (item.v->>'lead')::bigint,
                coalesce((item.v->>'role')::assignment_role, 'lead'), item.n)
        ON CONFLICT (action_id, lead_id) DO NOTHING;
    END LOOP;
END $$;

-- p_reading: the reading of the body's timescale, or NULL when it gave none.
CREATE OR REPLACE FUNCTION action_create(p_digest bytea, p_request text, p_recommendation bigint,
                                         p_body jsonb, p_reading jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan_ids bigint[] := key_require(p_digest, 'editor', p_request);
    plan bigint;
    new_id bigint;
    status action_status := coalesce((p_body->>'status')::action_status, 'not_started');
BEGIN
    SELECT plan_id INTO plan FROM recommendation WHERE id = p_recommendation FOR UPDATE;
    IF NOT FOUND OR NOT sees(plan_ids, plan) THEN
        PERFORM not_found('recommendation');
    END IF;
    INSERT INTO action (plan_id, recommendation_id, reference, description, status, rag, percent, completed_on)
    VALUES (plan, p_recommendation, coalesce(p_body->>'reference', action_reference_next(p_recommendation)),
            p_body->>'description', status, (p_body->>'rag')::rag, (p_body->>'percent')::smallint,
            CASE WHEN status = 'complete' THEN local_day(plan) END)
    RETURNING id INTO new_id;
    IF p_reading IS NOT NULL THEN
        PERFORM timescale_put(new_id, p_reading);
    END IF;
    PERFORM assignment_add(new_id, coalesce(p_body->'leads', '[]'));
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION action_patch(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_id, p_if_match);
    new public.action := jsonb_populate_record(old, p_body);
BEGIN
    IF p_body ? 'recommendation' THEN
        new.recommendation_id := (p_body->>'recommendation')::bigint;
        IF NOT EXISTS (SELECT FROM recommendation WHERE id = new.recommendation_id AND plan_id = old.plan_id) THEN
            PERFORM refuse(422, 'unknown_recommendation',
                'An action moves only to a recommendation of its own plan', '/recommendation');
        END IF;
    END IF;
    IF p_body->>'completed_on' IS NOT NULL AND new.status <> 'complete' THEN
        PERFORM refuse(422, 'not_complete', 'Only a complete action has a day of completion', '/completed_on');
    END IF;
    IF new.status = 'complete' THEN
        new.completed_on := coalesce(new.completed_on, local_day(old.plan_id));
    ELSE
        new.completed_on := NULL;
    END IF;
    UPDATE action SET recommendation_id = new.recommendation_id, reference = new.reference,
        description = new.description, status = new.status, rag = new.rag, percent = new.percent,
        completed_on = new.completed_on, doubts = new.doubts
    WHERE id = p_id;
    RETURN p_id;
END $$;

-- A progress entry; what it says of status, RAG and percent becomes the action's.
CREATE OR REPLACE FUNCTION update_create(p_digest bytea, p_request text, p_action bigint, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_action, NULL);
    new_status action_status := coalesce((p_body->>'status')::action_status, old.status);
    new_id bigint;
BEGIN
    PERFORM require_lead((p_body->>'lead')::bigint, '/lead');
    INSERT INTO update (action_id, note, status, rag, percent, evidence, author, lead_id)
    VALUES (p_action, p_body->>'note', (p_body->>'status')::action_status, (p_body->>'rag')::rag,
            (p_body->>'percent')::smallint, p_body->>'evidence',
            coalesce(p_body->>'author', current_setting('gt.caller')::jsonb->>'actor'),
            (p_body->>'lead')::bigint)
    RETURNING id INTO new_id;
    UPDATE action SET
        status = new_status,
        rag = coalesce((p_body->>'rag')::rag, old.rag),
        percent = coalesce((p_body->>'percent')::smallint, old.percent),
        completed_on = CASE WHEN new_status = 'complete' THEN coalesce(old.completed_on, local_day(old.plan_id)) END
    WHERE id = p_action;
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION timescale_revise(p_digest bytea, p_request text, p_action bigint, p_body jsonb, p_reading jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_action, NULL);
BEGIN
    PERFORM timescale_put(old.id, p_reading, p_body->>'reason', p_body->>'agreed_by',
                          (p_body->>'agreed_on')::date);
    PERFORM action_touch(ARRAY[old.id]);
    RETURN old.id;
END $$;

CREATE OR REPLACE FUNCTION assignment_put(p_digest bytea, p_request text, p_action bigint, p_lead bigint,
                                          p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_action, p_if_match);
BEGIN
    IF NOT EXISTS (SELECT FROM lead WHERE id = p_lead) THEN
        PERFORM not_found('lead');
    END IF;
    INSERT INTO assignment (action_id, lead_id, role, position)
    VALUES (old.id, p_lead, (p_body->>'role')::assignment_role,
            (SELECT coalesce(max(position), 0) + 1 FROM assignment WHERE action_id = old.id))
    ON CONFLICT (action_id, lead_id) DO UPDATE SET role = excluded.role;
    PERFORM action_touch(ARRAY[old.id]);
    RETURN old.id;
END $$;

CREATE OR REPLACE FUNCTION assignment_delete(p_digest bytea, p_request text, p_action bigint, p_lead bigint, p_if_match bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_action, p_if_match);
BEGIN
    DELETE FROM assignment WHERE action_id = old.id AND lead_id = p_lead;
    IF NOT FOUND THEN
        PERFORM not_found('assignment');
    END IF;
    PERFORM action_touch(ARRAY[old.id]);
    RETURN old.id;
END $$;

-- If-Match names the action's version: a deadline is read and changed as part of its action.
CREATE OR REPLACE FUNCTION deadline_patch(p_digest bytea, p_request text, p_action bigint, p_id bigint,
                                          p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old public.action := action_lock(p_digest, p_request, p_action, p_if_match);
BEGIN
    UPDATE deadline SET done_on = CASE WHEN p_body ? 'done_on' THEN (p_body->>'done_on')::date ELSE done_on END
    WHERE id = p_id AND action_id = old.id AND in_force;
    IF NOT FOUND THEN
        PERFORM not_found('deadline');
    END IF;
    PERFORM action_touch(ARRAY[old.id]);
    RETURN old.id;
END $$;
