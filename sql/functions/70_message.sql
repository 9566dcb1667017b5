-- The outbox: claim under a lease, re-check and describe what to write, record what happened.

-- Takes up to p_limit messages that are due, while any plan is in its sending window at p_at. What is
-- left of an earlier day is the planner's, who puts it in today's terms, unless it may have arrived.
-- "attempt" counts from when a person asked for it, if one did.
CREATE OR REPLACE FUNCTION message_claim(p_limit integer, p_lease_seconds integer, p_at timestamptz)
RETURNS TABLE (id bigint, token bigint, attempt integer) LANGUAGE sql AS $$
    WITH due AS MATERIALIZED (
        SELECT m.id FROM message m
        CROSS JOIN (SELECT min(s.first_day) AS day FROM plans_sending(p_at) s) today
        WHERE m.state IN ('queued', 'retry', 'uncertain') AND m.next_at <= clock_timestamp()
          AND today.day IS NOT NULL AND NOT message_lapses(m, today.day)
        ORDER BY m.next_at, m.id LIMIT p_limit FOR UPDATE OF m SKIP LOCKED
    )
    UPDATE message m SET state = 'leased', lease_token = nextval('lease_token'), attempts = m.attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
    FROM due WHERE m.id = due.id
    RETURNING m.id, m.lease_token, m.attempts - m.retried_after;
$$;

-- Drops from a message what no longer holds: closed, moved or reassigned since it was planned. True: it did.
DROP FUNCTION IF EXISTS message_recheck(bigint);
CREATE OR REPLACE FUNCTION message_recheck(p_id bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE reminder r SET state = 'dropped', reason = s.reason, updated_at = clock_now()
    FROM (
        SELECT w.id, CASE
            WHEN c.id IS NULL THEN 'closed or moved since it was planned'
            WHEN NOT EXISTS (SELECT FROM audience_member m
                             WHERE m.action_id = c.action_id AND m.lead_id = w.lead_id AND m.audience = w.audience)
            THEN 'reassigned since it was planned' END AS reason
        FROM reminder w LEFT JOIN chased_deadline c ON c.id = w.deadline_id
        WHERE w.message_id = p_id AND w.state = 'planned') s
    WHERE r.id = s.id AND s.reason IS NOT NULL;
    RETURN FOUND;
END $$;

-- Everything the email says, as one JSON object; who it goes to is settled here.
CREATE OR REPLACE FUNCTION message_content(p_id bigint)
RETURNS jsonb LANGUAGE sql STABLE AS $$
    WITH item AS (
        SELECT w.offset_days, w.audience, d.due_on, d.label, d.due_on - w.day AS days_left, a.id AS action_id,
               a.reference, a.description, a.status, a.percent, r.number, r.text AS recommendation,
               t.text AS timescale, t.confidence, p.id AS plan_id, p.slug, p.title, p.organisation, p.source_url,
               p.owner_id,
               (SELECT jsonb_agg(jsonb_build_object('name', l.name, 'role', s.role) ORDER BY s.position)
                FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = a.id) AS leads,
               (SELECT jsonb_build_object('on', (u.created_at AT TIME ZONE p.time_zone)::date, 'note', u.note, 'author', u.author)
                FROM update u WHERE u.action_id = a.id ORDER BY u.id DESC LIMIT 1) AS last_update
        FROM reminder w
        JOIN deadline d ON d.id = w.deadline_id
        JOIN timescale t ON t.id = d.timescale_id
        JOIN action a ON a.id = d.action_id
        JOIN recommendation r ON r.id = a.recommendation_id
        JOIN plan p ON p.id = a.plan_id
        WHERE w.message_id = p_id AND w.state = 'planned'
    ), owner AS (
        SELECT i.owner_id, l.name, l.holder, l.email
        FROM (SELECT owner_id FROM item WHERE owner_id IS NOT NULL ORDER BY due_on, reference LIMIT 1) i
        JOIN lead l ON l.id = i.owner_id
    )
    SELECT jsonb_build_object(
        'id', m.id, 'day', m.day,
        'lead', jsonb_build_object('id', l.id, 'name', l.name, 'holder', l.holder, 'kind', l.kind,
            'away_until', CASE WHEN m.day BETWEEN l.away_from AND l.away_until THEN l.away_until END),
        -- "as": why it goes to them, when they are not the lead.
        'to', (SELECT jsonb_build_object('via', t.via, 'name', t.name, 'address', t.address, 'language', t.language,
                   'as', CASE t.via WHEN l.id THEN 'lead' WHEN l.deputy_id THEN 'deputy'
                                    WHEN l.manager_id THEN 'manager' ELSE 'plan_owner' END)
               FROM lead_route(l.id, (SELECT owner_id FROM owner), m.day) t),
        'owner', (SELECT jsonb_build_object('name', o.name, 'holder', o.holder, 'email', o.email) FROM owner o),
        'items', (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.due_on, i.slug, i.action_id, i.label), '[]') FROM item i))
    FROM message m JOIN lead l ON l.id = m.lead_id WHERE m.id = p_id;
$$;

-- Opens an attempt of a message held under a lease. "send" is the frozen message or, the first
-- time, what to render; NULL when there was nothing left to say (the message is then closed) or
-- the lease is not ours any more.
CREATE OR REPLACE FUNCTION message_open(p_id bigint, p_token bigint)
RETURNS TABLE (content jsonb, mime bytea, address text, identity text) LANGUAGE plpgsql AS $$
DECLARE
    m message;
    told jsonb;
    fresh boolean;
BEGIN
    -- Not waited for on the disk: nothing leaves before attempt_body, whose commit waits for this too.
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT * INTO m FROM message WHERE id = p_id AND lease_token = p_token FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- What may have arrived is sent again whatever has changed, and so is what a person wants to be: the
    -- same bytes, the same identity.
    fresh := m.uncertain = 0 AND m.retried_at IS NULL;
    -- Nobody has the earlier text, and it says what is not so any more: it is written again.
    IF fresh AND message_recheck(p_id) AND m.mime IS NOT NULL THEN
        UPDATE message SET mime = NULL, mime_sha256 = NULL WHERE id = p_id RETURNING * INTO m;
    END IF;
    IF fresh AND NOT EXISTS (SELECT FROM reminder WHERE message_id = p_id AND state = 'planned') THEN
        PERFORM message_close(p_id, 'cancelled', 'nothing left to say');
        RETURN;
    END IF;
    IF m.mime IS NULL THEN
        told := message_content(p_id);
        IF told->'to' = 'null' THEN
            UPDATE reminder SET state = 'unroutable', reason = 'nobody can be reached any more', updated_at = clock_now()
            WHERE message_id = p_id AND state = 'planned';
            PERFORM message_close(p_id, 'cancelled', 'nobody can be reached');
            RETURN;
        END IF;
    END IF;
    INSERT INTO attempt (message_id, n) VALUES (p_id, m.attempts);
    RETURN QUERY SELECT told, m.mime, m.to_address, m.message_id;
END $$;

CREATE OR REPLACE FUNCTION message_close(p_id bigint, p_state message_state, p_reason text)
RETURNS void LANGUAGE sql AS $$
    UPDATE message SET state = p_state, reason = p_reason, lease_token = NULL, lease_until = NULL,
        sent_at = CASE WHEN p_state = 'sent' THEN clock_timestamp() END
    WHERE id = p_id;
$$;

-- Freezes the rendered message, before the first try. False: the lease is not ours any more.
CREATE OR REPLACE FUNCTION message_freeze(p_id bigint, p_token bigint, p_identity text, p_via bigint,
                                          p_name text, p_address text, p_subject text, p_mime bytea)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true); -- as message_open
    UPDATE message SET message_id = p_identity, via_lead_id = p_via, to_name = p_name, to_address = p_address,
        subject = p_subject, mime = p_mime, mime_sha256 = sha256(p_mime), rendered_at = clock_timestamp()
    WHERE id = p_id AND lease_token = p_token AND mime IS NULL;
    RETURN FOUND;
END $$;

-- Said before the first byte of the body leaves. False: stop, the lease is not ours any more.
CREATE OR REPLACE FUNCTION attempt_body(p_id bigint, p_token bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attempt t SET body_at = clock_timestamp()
    FROM message m
    WHERE m.id = p_id AND m.lease_token = p_token AND t.message_id = m.id AND t.n = m.attempts;
    RETURN FOUND;
END $$;

-- Extends the leases that a worker still holds.
CREATE OR REPLACE FUNCTION message_hold(p_tokens bigint[], p_lease_seconds integer)
RETURNS bigint LANGUAGE sql AS $$
    WITH held AS (
        UPDATE message SET lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
        WHERE lease_token = ANY (p_tokens) RETURNING 1)
    SELECT count(*) FROM held;
$$;

-- How an attempt ended. 'released' puts the message back untried. p_wait_seconds: when to try
-- again; NULL gives up. False: the lease was lost, so nothing is touched.
CREATE OR REPLACE FUNCTION message_finish(p_id bigint, p_token bigint, p_outcome text, p_wait_seconds integer,
                                          p_curl_code integer, p_reply_code integer, p_detail text)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    m message;
BEGIN
    SELECT * INTO m FROM message WHERE id = p_id AND lease_token = p_token FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE attempt SET finished_at = clock_timestamp(), outcome = p_outcome, curl_code = p_curl_code,
        reply_code = p_reply_code, detail = left(p_detail, 1000)
    WHERE message_id = p_id AND n = m.attempts;
    IF p_outcome = 'sent' THEN
        PERFORM message_close(p_id, 'sent', NULL);
        UPDATE reminder SET state = 'sent', updated_at = clock_now() WHERE message_id = p_id AND state = 'planned';
    ELSIF p_wait_seconds IS NULL THEN
        PERFORM message_close(p_id, 'failed', left(p_detail, 1000));
        UPDATE reminder SET state = 'failed', reason = left(p_detail, 1000), updated_at = clock_now()
        WHERE message_id = p_id AND state = 'planned';
    ELSE
        UPDATE message SET
            -- Given back unopened, it was no try.
            attempts = m.attempts - (p_outcome = 'released' AND NOT EXISTS (
                SELECT FROM attempt t WHERE t.message_id = p_id AND t.n = m.attempts))::integer,
            state = CASE WHEN p_outcome = 'uncertain' OR m.uncertain > 0 THEN 'uncertain'
                         WHEN p_outcome = 'released' THEN 'queued' ELSE 'retry' END::message_state,
            uncertain = m.uncertain + (p_outcome = 'uncertain')::integer,
            next_at = clock_timestamp() + make_interval(secs => p_wait_seconds),
            lease_token = NULL, lease_until = NULL, last_error = left(p_detail, 1000)
        WHERE id = p_id;
    END IF;
    RETURN true;
END $$;

-- Takes back the leases of workers that are gone. If the body had begun to leave, nobody knows
-- whether it arrived: the outcome is recorded as uncertain and the wait is the longer one.
CREATE OR REPLACE FUNCTION message_reap(p_retry_seconds integer, p_uncertain_seconds integer)
RETURNS TABLE (id bigint, outcome text) LANGUAGE plpgsql AS $$
DECLARE
    m message;
    body boolean;
BEGIN
    FOR m IN SELECT * FROM message g WHERE g.state = 'leased' AND g.lease_until < clock_timestamp()
             ORDER BY g.id FOR UPDATE SKIP LOCKED LOOP
        body := coalesce((SELECT t.body_at IS NOT NULL AND t.outcome IS NULL
                          FROM attempt t WHERE t.message_id = m.id AND t.n = m.attempts), false);
        PERFORM message_finish(m.id, m.lease_token, CASE WHEN body THEN 'uncertain' ELSE 'retry' END,
            CASE WHEN body THEN p_uncertain_seconds ELSE p_retry_seconds END, NULL, NULL,
            'the notifier stopped before it recorded how this ended');
        id := m.id;
        outcome := CASE WHEN body THEN 'uncertain' ELSE 'retry' END;
        RETURN NEXT;
    END LOOP;
END $$;
