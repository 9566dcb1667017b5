-- What a write answers: the row as it is now. Volatile, so that it sees what the same statement
-- wrote.

CREATE OR REPLACE FUNCTION plan_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, '/v1/plans/' || j.id FROM plan_json j WHERE j.id = p_id;
$$;

CREATE OR REPLACE FUNCTION recommendation_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, '/v1/recommendations/' || j.id FROM recommendation_json j WHERE j.id = p_id;
$$;

-- An action's text is kept by whoever changed the action, once a transaction: its readers then
-- take one row. It is only ever used while it has the action's own version.
CREATE OR REPLACE FUNCTION action_keep(p_ids bigint[])
RETURNS void LANGUAGE sql VOLATILE AS $$
    INSERT INTO action_text (action_id, version, next_due, head, tail)
    SELECT m.id, m.version, m.next_due, m.head, m.tail FROM action_made m WHERE m.id = ANY (p_ids)
    ON CONFLICT (action_id) DO UPDATE SET version = excluded.version, next_due = excluded.next_due,
        head = excluded.head, tail = excluded.tail
    WHERE action_text.version <> excluded.version;
$$;

CREATE OR REPLACE FUNCTION action_answer(p_id bigint)
RETURNS TABLE (body text, etag bigint, location text) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM action_keep(ARRAY[p_id]);
    RETURN QUERY SELECT j.body, j.version, '/v1/actions/' || j.id FROM action_json j WHERE j.id = p_id;
END $$;

CREATE OR REPLACE FUNCTION lead_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, '/v1/leads/' || j.id FROM lead_json j WHERE j.id = p_id;
$$;

CREATE OR REPLACE FUNCTION key_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, '/v1/keys/' || j.id FROM key_json j WHERE j.id = p_id;
$$;

CREATE OR REPLACE FUNCTION ladder_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, NULL::text FROM ladder_json j WHERE j.id = p_id;
$$;

CREATE OR REPLACE FUNCTION closures_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, NULL::text FROM closures_json j WHERE j.id = p_id;
$$;

CREATE OR REPLACE FUNCTION message_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, NULL::bigint, NULL::text FROM message_json j WHERE j.id = p_id;
$$;

-- An update has no address and no version of its own.
CREATE OR REPLACE FUNCTION update_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM action_keep(ARRAY[(SELECT action_id FROM update WHERE id = p_id)]);
    RETURN QUERY SELECT j.body, NULL::bigint, '/v1/actions/' || j.action_id || '/updates'
                 FROM update_json j WHERE j.id = p_id;
END $$;

CREATE OR REPLACE FUNCTION webhook_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, '/v1/webhooks/' || j.id FROM webhook_json j WHERE j.id = p_id;
$$;

-- A delivery is read in its webhook's list and has no version.
CREATE OR REPLACE FUNCTION delivery_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, NULL::bigint, '/v1/webhooks/' || j.webhook_id || '/deliveries' FROM delivery_json j WHERE j.id = p_id;
$$;
