-- The outbox of events, for the notifier: claim under a lease, record how each post ended, turn off webhooks whose
-- endpoints are gone.

-- How many posts to one endpoint may be under way: one while it fails or is a channel, where people read from top to
-- bottom, else four.
DROP FUNCTION IF EXISTS webhook_room(bigint, timestamptz);
CREATE OR REPLACE FUNCTION webhook_room(p_webhook webhook, p_first_failure_at timestamptz)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_first_failure_at IS NULL AND p_webhook.format = 'standard' THEN 4 ELSE 1 END
           - count(*) FROM delivery d WHERE d.webhook_id = p_webhook.id AND d.state = 'leased';
$$;

-- Takes up to p_limit deliveries that were due p_ago seconds ago and opens an attempt of each: whoever claims one posts it at once.
-- What is about one action or plan leaves in the order in which it happened: the later waits for the earlier.
-- One claim at a time, whatever the number of notifiers, so that both rules hold over all of them.
CREATE OR REPLACE FUNCTION delivery_claim(p_limit integer, p_lease_seconds integer, p_ago double precision)
RETURNS TABLE (id bigint, token bigint, attempt integer, round integer, event text, payload text,
               webhook bigint, url text, secret bytea, secret_before bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM webhook WHERE state = 'active') OR sending_held() THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.delivery'));
    RETURN QUERY
    WITH due AS MATERIALIZED (
        SELECT d.id
        FROM webhook w JOIN webhook_health h ON h.webhook_id = w.id
        CROSS JOIN LATERAL (
            SELECT e.id, e.next_at FROM delivery e
            WHERE e.webhook_id = w.id AND e.state IN ('queued', 'retry') AND e.next_at <= clock_timestamp() - make_interval(secs => p_ago)
              AND NOT EXISTS (SELECT FROM delivery b
                              WHERE b.webhook_id = e.webhook_id AND b.subject = e.subject AND b.event_id < e.event_id
                                AND b.state IN ('queued', 'retry', 'leased'))
            ORDER BY e.next_at, e.event_id LIMIT greatest(0, webhook_room(w, h.first_failure_at))
            FOR UPDATE SKIP LOCKED) d
        WHERE w.state = 'active' AND coalesce(h.rests_until, '-infinity') <= clock_timestamp()
        ORDER BY d.next_at, d.id LIMIT p_limit
    ), taken AS (
        UPDATE delivery d SET state = 'leased', lease_token = nextval('lease_token'), attempts = d.attempts + 1,
            lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
        FROM due WHERE d.id = due.id
        RETURNING d.*
    ), opened AS (
        INSERT INTO delivery_attempt (delivery_id, n) SELECT t.id, t.attempts FROM taken t
    )
    SELECT t.id, t.lease_token, t.attempts, t.attempts - t.attempts_before, event_name(e.uid), coalesce(t.body, e.payload),
           w.id, w.url, CASE WHEN w.format = 'standard' THEN s.secret END, b.secret
    FROM taken t JOIN event e ON e.id = t.event_id JOIN webhook w ON w.id = t.webhook_id
    JOIN webhook_secret s ON s.webhook_id = w.id AND s.expires_at IS NULL
    LEFT JOIN webhook_secret b ON b.webhook_id = w.id AND b.expires_at > clock_timestamp()
    ORDER BY t.event_id, t.id;
END $$;

-- Why an endpoint will never take anything again; NULL: it may. What Slack says of a channel that is no more:
-- https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
CREATE OR REPLACE FUNCTION endpoint_gone(p_format webhook_format, p_gone boolean, p_answer text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_gone THEN 'the endpoint answered 410 Gone'
                WHEN p_format = 'slack' AND p_answer IN ('no_service', 'no_active_hooks', 'channel_is_archived',
                                                         'channel_not_found', 'action_prohibited')
                THEN 'Slack answered ' || p_answer END;
$$;

-- How attempts ended: [{"id", "token", "outcome", "wait_s", "rest_s", "gone", "duration_ms", "curl_code",
-- "reply_code", "detail", "answer"}]. wait_s: when to try again, null gives up; rest_s: so long nothing more goes to
-- that endpoint; gone: it said that it is no more. Gives each that was still held; of the others nothing is touched.
CREATE OR REPLACE FUNCTION delivery_finish(p_results jsonb, p_failing_days integer)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    WITH result AS MATERIALIZED (
        SELECT d.webhook_id, d.attempts, d.uncertain, r.*
        FROM jsonb_to_recordset(p_results) r (id bigint, token bigint, outcome text, wait_s integer, rest_s integer,
            gone boolean, duration_ms integer, curl_code integer, reply_code integer, detail text, answer text)
        JOIN delivery d ON d.id = r.id AND d.lease_token = r.token
        ORDER BY d.id FOR UPDATE OF d
    ), closed AS (
        UPDATE delivery_attempt t SET finished_at = clock_timestamp(), outcome = r.outcome, duration_ms = r.duration_ms,
            curl_code = r.curl_code, reply_code = r.reply_code, detail = r.detail, answer = r.answer
        FROM result r WHERE t.delivery_id = r.id AND t.n = r.attempts
    ), settled AS (
        UPDATE delivery d SET
            state = CASE WHEN r.outcome = 'sent' THEN 'sent' WHEN r.wait_s IS NULL THEN 'failed' ELSE 'retry' END::delivery_state,
            uncertain = r.uncertain + (r.outcome = 'uncertain')::integer,
            next_at = coalesce(clock_timestamp() + make_interval(secs => r.wait_s), d.next_at),
            sent_at = CASE WHEN r.outcome = 'sent' THEN clock_timestamp() END,
            last_error = CASE WHEN r.outcome <> 'sent' THEN r.detail END,
            lease_token = NULL, lease_until = NULL
        FROM result r WHERE d.id = r.id
    ), seen AS (
        SELECT r.webhook_id, bool_or(r.outcome = 'sent') AS sent,
               clock_timestamp() + make_interval(secs => max(r.rest_s)) AS rests_until
        FROM result r GROUP BY r.webhook_id
    ), health AS (
        UPDATE webhook_health h SET
            first_failure_at = CASE WHEN s.sent THEN NULL ELSE coalesce(h.first_failure_at, clock_timestamp()) END,
            last_success_at = CASE WHEN s.sent THEN clock_timestamp() ELSE h.last_success_at END,
            rests_until = greatest(h.rests_until, s.rests_until)
        FROM seen s WHERE h.webhook_id = s.webhook_id
    )
    SELECT array_agg(r.id) INTO ids FROM result r;
    PERFORM webhook_disable(h.webhook_id, coalesce(s.gone, 'every delivery has failed since ' || instant(h.first_failure_at)))
    FROM (SELECT d.webhook_id, max(endpoint_gone(w.format, r.gone, r.answer)) AS gone
          FROM jsonb_to_recordset(p_results) r (id bigint, gone boolean, answer text) JOIN delivery d ON d.id = r.id
          JOIN webhook w ON w.id = d.webhook_id
          WHERE r.id = ANY (ids) GROUP BY d.webhook_id) s
    JOIN webhook_health h ON h.webhook_id = s.webhook_id
    WHERE s.gone IS NOT NULL OR h.first_failure_at <= clock_timestamp() - make_interval(days => p_failing_days);
    RETURN QUERY SELECT unnest(ids);
END $$;

-- What a notifier has to say and to ask at once: one transaction for many posts.
CREATE OR REPLACE FUNCTION delivery_turn(p_results jsonb, p_failing_days integer, p_limit integer, p_lease_seconds integer,
                                         p_ago double precision)
RETURNS TABLE (id bigint, token bigint, attempt integer, round integer, event text, payload text,
               webhook bigint, url text, secret bytea, secret_before bytea) LANGUAGE plpgsql AS $$
BEGIN
    IF p_results <> '[]' THEN
        PERFORM delivery_finish(p_results, p_failing_days);
    END IF;
    IF p_limit > 0 THEN
        RETURN QUERY SELECT * FROM delivery_claim(p_limit, p_lease_seconds, p_ago);
    END IF;
END $$;

-- Takes back the leases of notifiers that are gone. A post under way may have arrived: its outcome is unknown.
CREATE OR REPLACE FUNCTION delivery_reap(p_wait_seconds integer)
RETURNS SETOF bigint LANGUAGE sql AS $$
    WITH lost AS MATERIALIZED (
        SELECT d.id FROM delivery d WHERE d.state = 'leased' AND d.lease_until < clock_timestamp()
        ORDER BY d.id FOR UPDATE SKIP LOCKED
    ), back AS (
        UPDATE delivery d SET state = 'retry', uncertain = d.uncertain + 1, lease_token = NULL, lease_until = NULL,
            next_at = clock_timestamp() + make_interval(secs => p_wait_seconds),
            last_error = 'the notifier stopped before it recorded how this ended'
        FROM lost WHERE d.id = lost.id
        RETURNING d.id, d.attempts, d.last_error
    ), closed AS (
        UPDATE delivery_attempt t SET finished_at = clock_timestamp(), outcome = 'uncertain', detail = b.last_error
        FROM back b WHERE t.delivery_id = b.id AND t.n = b.attempts
    )
    SELECT id FROM back;
$$;
