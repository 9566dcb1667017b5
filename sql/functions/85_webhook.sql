-- Webhooks as their owner sees them: made, changed, given another secret, asked to send again.

-- The webhook, locked, if the key may manage webhooks.
CREATE OR REPLACE FUNCTION webhook_lock(p_digest bytea, p_request text, p_id bigint)
RETURNS webhook LANGUAGE plpgsql AS $$
DECLARE
    found_webhook webhook;
BEGIN
    PERFORM key_require_all_plans(p_digest, 'admin', p_request);
    SELECT * INTO found_webhook FROM webhook WHERE id = p_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM not_found('webhook');
    END IF;
    RETURN found_webhook;
END $$;

-- Whether a webhook asks for an event of a type about a plan and, unless NULL, an action of it.
DROP FUNCTION IF EXISTS webhook_wants(webhook, event_type, bigint);
CREATE OR REPLACE FUNCTION webhook_wants(p_webhook webhook, p_type event_type, p_plan bigint, p_action bigint)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (p_webhook.events IS NULL OR p_type = ANY (p_webhook.events))
       AND (p_webhook.plan_ids IS NULL OR p_plan = ANY (p_webhook.plan_ids))
       AND (p_webhook.lead_ids IS NULL
            OR EXISTS (SELECT FROM assignment s WHERE s.action_id = p_action AND s.lead_id = ANY (p_webhook.lead_ids)));
$$;

-- What somebody asked of a webhook that changes nothing of its own.
CREATE OR REPLACE FUNCTION record_asked(p_webhook webhook, p_asked jsonb)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO change (actor, key_id, request_id, verb, resource, resource_id, before, after)
    SELECT c.caller->>'actor', (c.caller->>'key_id')::bigint, c.caller->>'request_id', 'updated', 'webhook', p_webhook.id,
           c.row, c.row || p_asked
    FROM (SELECT current_setting('gt.caller')::jsonb AS caller, recorded(to_jsonb(p_webhook), 'webhook') AS row) c;
$$;

CREATE OR REPLACE FUNCTION require_owner(p_body jsonb)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_body->>'owner' IS NOT NULL AND NOT EXISTS (SELECT FROM lead WHERE id = (p_body->>'owner')::bigint) THEN
        PERFORM refuse(422, 'unknown_lead', format('There is no lead %s', p_body->>'owner'), '/owner');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION require_plans(p_plan_ids bigint[], p_pointer text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(p_plan_ids) x WHERE x NOT IN (SELECT id FROM plan)) THEN
        PERFORM refuse(422, 'unknown_plan', 'One of the plans does not exist', p_pointer);
    END IF;
END $$;

CREATE OR REPLACE FUNCTION require_leads(p_lead_ids bigint[], p_pointer text)
RETURNS void LANGUAGE plpgsql STABLE AS $$
BEGIN
    PERFORM require_lead(x, p_pointer) FROM unnest(p_lead_ids) x;
END $$;

-- A body's list as an array; NULL when it is absent or null.
CREATE OR REPLACE FUNCTION body_events(p_body jsonb)
RETURNS event_type[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(DISTINCT v::event_type) FROM jsonb_array_elements_text(nullif(p_body->'events', 'null')) v;
$$;
DROP FUNCTION IF EXISTS body_plans(jsonb);
CREATE OR REPLACE FUNCTION body_ids(p_body jsonb, p_name text)
RETURNS bigint[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(DISTINCT v::bigint) FROM jsonb_array_elements_text(nullif(p_body->p_name, 'null')) v;
$$;

CREATE OR REPLACE FUNCTION webhook_create(p_digest bytea, p_request text, p_body jsonb, p_secret bytea)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    new_id bigint;
    new_format webhook_format := coalesce(p_body->>'format', 'standard');
BEGIN
    PERFORM key_require_all_plans(p_digest, 'admin', p_request);
    PERFORM require_plans(body_ids(p_body, 'plans'), '/plans');
    PERFORM require_leads(body_ids(p_body, 'leads'), '/leads');
    PERFORM require_owner(p_body);
    INSERT INTO webhook (url, description, format, events, plan_ids, lead_ids, owner_id, state)
    VALUES (p_body->>'url', p_body->>'description', new_format, coalesce(body_events(p_body), channel_events(new_format)),
            body_ids(p_body, 'plans'), body_ids(p_body, 'leads'), (p_body->>'owner')::bigint,
            coalesce((p_body->>'state')::webhook_state, 'active'))
    RETURNING id INTO new_id;
    INSERT INTO webhook_health (webhook_id) VALUES (new_id);
    INSERT INTO webhook_secret (webhook_id, secret) VALUES (new_id, p_secret);
    RETURN new_id;
END $$;

-- What waits for a webhook that works again leaves at once, and its past failures count no more.
CREATE OR REPLACE FUNCTION webhook_resume(p_id bigint)
RETURNS void LANGUAGE sql AS $$
    UPDATE webhook_health SET first_failure_at = NULL, rests_until = NULL WHERE webhook_id = p_id;
    UPDATE delivery SET next_at = least(next_at, clock_now()) WHERE webhook_id = p_id AND state IN ('queued', 'retry');
$$;

CREATE OR REPLACE FUNCTION webhook_patch(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[], p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old webhook := webhook_lock(p_digest, p_request, p_id);
    new webhook := jsonb_populate_record(old, p_body - '{events,plans,leads,owner}'::text[]);
BEGIN
    PERFORM require_version(p_if_match, old.version);
    PERFORM require_plans(body_ids(p_body, 'plans'), '/plans');
    PERFORM require_leads(body_ids(p_body, 'leads'), '/leads');
    PERFORM require_owner(p_body);
    UPDATE webhook SET
        owner_id = CASE WHEN p_body ? 'owner' THEN (p_body->>'owner')::bigint ELSE old.owner_id END,
        url = CASE WHEN new.url = shown_url(old.format, old.url) THEN old.url ELSE new.url END,
        description = new.description, state = new.state,
        reason = CASE WHEN new.state = 'disabled' THEN old.reason END,
        events = CASE WHEN p_body ? 'events' THEN coalesce(body_events(p_body), channel_events(old.format)) ELSE old.events END,
        plan_ids = CASE WHEN p_body ? 'plans' THEN body_ids(p_body, 'plans') ELSE old.plan_ids END,
        lead_ids = CASE WHEN p_body ? 'leads' THEN body_ids(p_body, 'leads') ELSE old.lead_ids END
    WHERE id = p_id;
    IF new.state = 'active' AND old.state <> 'active' THEN
        PERFORM webhook_resume(p_id);
    END IF;
    RETURN p_id;
END $$;

-- With everything that hangs on it: what it was sent, and its secrets.
CREATE OR REPLACE FUNCTION webhook_delete(p_digest bytea, p_request text, p_id bigint, p_if_match bigint[])
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old webhook := webhook_lock(p_digest, p_request, p_id);
BEGIN
    PERFORM require_version(p_if_match, old.version);
    DELETE FROM webhook WHERE id = p_id;
    RETURN p_id;
END $$;

-- The old secret goes on signing beside the new one for so many hours; whatever it replaced ends now.
CREATE OR REPLACE FUNCTION webhook_rotate(p_digest bytea, p_request text, p_id bigint, p_overlap_hours integer, p_secret bytea)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    old webhook := webhook_lock(p_digest, p_request, p_id);
BEGIN
    DELETE FROM webhook_secret WHERE webhook_id = old.id AND expires_at IS NOT NULL;
    UPDATE webhook_secret SET expires_at = clock_now() + make_interval(hours => p_overlap_hours)
    WHERE webhook_id = old.id;
    INSERT INTO webhook_secret (webhook_id, secret) VALUES (old.id, p_secret);
    UPDATE webhook SET updated_at = clock_now() WHERE id = old.id;
    RETURN old.id;
END $$;

CREATE OR REPLACE FUNCTION require_not_disabled(p_webhook webhook)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_webhook.state = 'disabled' THEN
        PERFORM refuse(409, 'webhook_disabled', 'It is disabled: set its state to active, then ask again');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION webhook_test(p_digest bytea, p_request text, p_id bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    target webhook := webhook_lock(p_digest, p_request, p_id);
    new_id bigint;
BEGIN
    PERFORM require_not_disabled(target);
    INSERT INTO event (type, payload)
    VALUES ('webhook.test', event_payload('webhook.test', clock_now(), format('{"webhook":%s}', p_id)))
    RETURNING id INTO new_id;
    INSERT INTO delivery (webhook_id, event_id, body)
    SELECT p_id, e.id, delivery_body(target.format, e.type, NULL, e.payload) FROM event e WHERE e.id = new_id
    RETURNING id INTO new_id;
    PERFORM record_asked(target, jsonb_build_object('tested', new_id));
    RETURN new_id;
END $$;

CREATE OR REPLACE FUNCTION delivery_again(p_webhook bigint, p_events bigint[])
RETURNS bigint LANGUAGE sql AS $$
    WITH queued AS (
        INSERT INTO delivery (webhook_id, event_id, subject, body)
        SELECT p_webhook, e.id, event_subject(e.plan_id, e.action_id), delivery_body(w.format, e.type, e.action_id, e.payload)
        FROM event e JOIN webhook w ON w.id = p_webhook WHERE e.id = ANY (p_events) ORDER BY e.id
        ON CONFLICT (webhook_id, event_id) DO UPDATE SET state = 'queued', attempts_before = delivery.attempts,
            next_at = clock_now(), sent_at = NULL, last_error = NULL
            WHERE delivery.state <> 'leased'
        RETURNING 1)
    SELECT count(*) FROM queued;
$$;

-- One delivery, or everything since a moment that the webhook asks for, whether or not it was sent before:
-- each keeps its webhook-id. Gives how many were queued.
CREATE OR REPLACE FUNCTION webhook_replay(p_digest bytea, p_request text, p_id bigint, p_body jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    target webhook := webhook_lock(p_digest, p_request, p_id);
    events bigint[];
    queued bigint;
BEGIN
    PERFORM require_not_disabled(target);
    IF (p_body ? 'since') = (p_body ? 'delivery') THEN
        PERFORM refuse(422, 'invalid', 'Give either since or delivery', '/since');
    END IF;
    events := CASE WHEN p_body ? 'since'
        THEN ARRAY(SELECT e.id FROM event e WHERE e.created_at >= (p_body->>'since')::timestamptz
                   AND e.type <> 'webhook.test' AND webhook_wants(target, e.type, e.plan_id, e.action_id))
        ELSE ARRAY(SELECT d.event_id FROM delivery d WHERE d.webhook_id = p_id AND d.id = (p_body->>'delivery')::bigint) END;
    IF p_body ? 'delivery' AND events = '{}' THEN
        PERFORM refuse(422, 'unknown_delivery', 'This webhook has no such delivery', '/delivery');
    END IF;
    queued := delivery_again(p_id, events);
    PERFORM record_asked(target, jsonb_build_object('replayed', p_body || jsonb_build_object('queued', queued)));
    RETURN queued;
END $$;
