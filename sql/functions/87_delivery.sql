-- The outbox of events, for the notifier: claim under a lease, record how each post ended, turn off webhooks whose
-- endpoints are gone. While a delivery is leased its attempt is under way or about to be; it is written down when it has
-- ended, by the notifier that made it or by whoever finds that one gone.

-- How many deliveries of a webhook may be leased: those that may be under way, one while it fails or is a channel, where
-- people read from top to bottom, else four; and beside four as many as its notifier asks for, which wait there.
DROP FUNCTION IF EXISTS webhook_room(bigint, timestamptz);
DROP FUNCTION IF EXISTS webhook_room(webhook, timestamptz);
CREATE OR REPLACE FUNCTION webhook_room(p_format webhook_format, p_first_failure_at timestamptz, p_ahead integer)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_first_failure_at IS NULL AND p_format = 'standard' THEN 4 + coalesce(p_ahead, 0) ELSE 1 END;
$$;

-- Takes up to p_limit deliveries that were due p_ago seconds ago. Whoever claims them posts four of a webhook at once and
-- one that was claimed ahead (p_webhooks, p_ahead: how many of each) when one of those has ended, or gives it back.
-- So no two notifiers have deliveries of one webhook: while p_holder has some, the others take none.
-- What is about one action or plan leaves in the order in which it happened: the later waits for the earlier.
-- One claim at a time, whatever the number of notifiers, so that these rules hold over all of them.
DROP FUNCTION IF EXISTS delivery_claim(integer, integer, double precision);
CREATE OR REPLACE FUNCTION delivery_claim(p_limit integer, p_lease_seconds integer, p_ago double precision,
                                          p_holder bigint DEFAULT NULL, p_webhooks bigint[] DEFAULT '{}', p_ahead integer[] DEFAULT '{}')
RETURNS TABLE (id bigint, token bigint, attempt integer, round integer, event text, payload text,
               webhook bigint, url text, secret bytea, secret_before bytea) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    IF NOT EXISTS (SELECT FROM webhook WHERE state = 'active') OR sending_held() THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.delivery'));
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT d.webhook_id, count(*) AS n, bool_and(d.lease_holder IS NOT DISTINCT FROM p_holder) AS ours
        FROM delivery d WHERE d.state = 'leased' GROUP BY d.webhook_id
    ), due AS MATERIALIZED (
        SELECT d.id
        FROM webhook w JOIN webhook_health h ON h.webhook_id = w.id
        LEFT JOIN held l ON l.webhook_id = w.id
        LEFT JOIN unnest(p_webhooks, p_ahead) a (webhook_id, n) ON a.webhook_id = w.id
        CROSS JOIN LATERAL (
            SELECT e.id, e.next_at FROM delivery e
            WHERE e.webhook_id = w.id AND e.state IN ('queued', 'retry') AND e.next_at <= clock_timestamp() - make_interval(secs => p_ago)
              AND NOT EXISTS (SELECT FROM delivery b
                              WHERE b.webhook_id = e.webhook_id AND b.subject = e.subject AND b.event_id < e.event_id
                                AND b.state IN ('queued', 'retry', 'leased'))
            ORDER BY e.next_at, e.event_id
            LIMIT greatest(0, webhook_room(w.format, h.first_failure_at, a.n) - coalesce(l.n, 0))
            FOR UPDATE SKIP LOCKED) d
        WHERE w.state = 'active' AND coalesce(h.rests_until, '-infinity') <= clock_timestamp() AND coalesce(l.ours, true)
        ORDER BY d.next_at, d.id LIMIT p_limit
    ), taken AS (
        UPDATE delivery d SET state = 'leased', lease_token = nextval('lease_token'), attempts = d.attempts + 1,
            lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds), leased_at = clock_timestamp(),
            lease_holder = p_holder
        FROM due WHERE d.id = due.id
        RETURNING d.*
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

-- How attempts ended: [{"id", "token", "outcome", "waited_ms", "wait_s", "rest_s", "gone", "duration_ms", "curl_code",
-- "reply_code", "detail", "answer"}]. waited_ms: from the claim to the post; wait_s: when to try again, null gives up;
-- rest_s: so long nothing more goes to that endpoint; gone: it said that it is no more. Outcome 'released' gives one
-- back that was claimed ahead and never posted: it waits as before, and no attempt was made.
-- Gives each that was still held; of the others nothing is touched.
CREATE OR REPLACE FUNCTION delivery_finish(p_results jsonb, p_failing_days integer)
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    off_ids bigint[];
    off_reasons text[];
BEGIN
    WITH settled AS (
        UPDATE delivery d SET
            state = CASE WHEN r.outcome = 'sent' THEN 'sent'
                         WHEN r.outcome = 'released' THEN CASE WHEN d.attempts - 1 > d.attempts_before THEN 'retry' ELSE 'queued' END
                         WHEN r.wait_s IS NULL THEN 'failed' ELSE 'retry' END::delivery_state,
            attempts = d.attempts - (r.outcome = 'released')::integer,
            uncertain = d.uncertain + (r.outcome = 'uncertain')::integer,
            next_at = coalesce(clock_timestamp() + make_interval(secs => r.wait_s), d.next_at),
            sent_at = CASE WHEN r.outcome = 'sent' THEN clock_timestamp() END,
            last_error = CASE r.outcome WHEN 'sent' THEN NULL WHEN 'released' THEN d.last_error ELSE r.detail END,
            lease_token = NULL, lease_until = NULL, lease_holder = NULL
        FROM (SELECT * FROM jsonb_to_recordset(p_results) r (id bigint, token bigint, outcome text, waited_ms integer, wait_s integer,
                  rest_s integer, gone boolean, duration_ms integer, curl_code integer, reply_code integer, detail text, answer text)
              ORDER BY r.id) r
        WHERE d.id = r.id AND d.lease_token = r.token
        RETURNING d.webhook_id, d.attempts, d.leased_at, r.*
    ), closed AS (
        INSERT INTO delivery_attempt AS t (delivery_id, n, started_at, finished_at, outcome, duration_ms, curl_code, reply_code, detail, answer)
        SELECT s.id, s.attempts, coalesce(s.leased_at + make_interval(secs => coalesce(s.waited_ms, 0) / 1000.0), clock_timestamp()), clock_timestamp(),
               s.outcome, s.duration_ms, s.curl_code, s.reply_code, s.detail, s.answer
        FROM settled s WHERE s.outcome <> 'released'
        -- A notifier of before claims were made ahead had opened it.
        ON CONFLICT (delivery_id, n) DO UPDATE SET finished_at = excluded.finished_at, outcome = excluded.outcome,
            duration_ms = excluded.duration_ms, curl_code = excluded.curl_code, reply_code = excluded.reply_code,
            detail = excluded.detail, answer = excluded.answer
    ), seen AS (
        SELECT s.webhook_id, bool_or(s.outcome = 'sent') AS sent, max(endpoint_gone(w.format, s.gone, s.answer)) AS gone,
               clock_timestamp() + make_interval(secs => max(s.rest_s)) AS rests_until
        FROM settled s JOIN webhook w ON w.id = s.webhook_id WHERE s.outcome <> 'released' GROUP BY s.webhook_id
    ), health AS (
        UPDATE webhook_health h SET
            first_failure_at = CASE WHEN s.sent THEN NULL ELSE coalesce(h.first_failure_at, clock_timestamp()) END,
            last_success_at = CASE WHEN s.sent THEN clock_timestamp() ELSE h.last_success_at END,
            rests_until = greatest(h.rests_until, s.rests_until)
        FROM seen s WHERE h.webhook_id = s.webhook_id
        RETURNING h.webhook_id, coalesce(s.gone, CASE WHEN h.first_failure_at <= clock_timestamp() - make_interval(days => p_failing_days)
            THEN 'every delivery has failed since ' || instant(h.first_failure_at) END) AS off
    )
    SELECT (SELECT array_agg(s.id) FROM settled s), array_agg(h.webhook_id) FILTER (WHERE h.off IS NOT NULL),
           array_agg(h.off) FILTER (WHERE h.off IS NOT NULL)
    INTO ids, off_ids, off_reasons FROM health h;
    PERFORM webhook_disable(o.id, o.reason) FROM unnest(off_ids, off_reasons) o (id, reason);
    RETURN QUERY SELECT unnest(ids);
END $$;

-- What a notifier has to say and to ask at once: one transaction for many posts. A row without an id names one of
-- p_webhooks of which nothing may be posted any more, whatever was claimed.
DROP FUNCTION IF EXISTS delivery_turn(jsonb, integer, integer, integer, double precision);
CREATE OR REPLACE FUNCTION delivery_turn(p_results jsonb, p_failing_days integer, p_limit integer, p_lease_seconds integer,
                                         p_ago double precision, p_holder bigint DEFAULT NULL, p_webhooks bigint[] DEFAULT '{}',
                                         p_ahead integer[] DEFAULT '{}')
RETURNS TABLE (id bigint, token bigint, attempt integer, round integer, event text, payload text,
               webhook bigint, url text, secret bytea, secret_before bytea) LANGUAGE plpgsql AS $$
BEGIN
    IF p_results <> '[]' THEN
        PERFORM delivery_finish(p_results, p_failing_days);
    END IF;
    IF p_limit > 0 THEN
        RETURN QUERY SELECT * FROM delivery_claim(p_limit, p_lease_seconds, p_ago, p_holder, p_webhooks, p_ahead);
    END IF;
    RETURN QUERY SELECT NULL::bigint, NULL::bigint, NULL::integer, NULL::integer, NULL, NULL, x.id, NULL, NULL::bytea, NULL::bytea
    FROM unnest(p_webhooks) x (id)
    WHERE sending_held() OR NOT EXISTS (SELECT FROM webhook w WHERE w.id = x.id AND w.state = 'active');
END $$;

-- Takes back the leases of notifiers that are gone. A post under way may have arrived: its outcome is unknown. Whether
-- one that was claimed ahead was under way, nobody knows either.
CREATE OR REPLACE FUNCTION delivery_reap(p_wait_seconds integer)
RETURNS SETOF bigint LANGUAGE sql AS $$
    WITH lost AS MATERIALIZED (
        SELECT d.id FROM delivery d WHERE d.state = 'leased' AND d.lease_until < clock_timestamp()
        ORDER BY d.id FOR UPDATE SKIP LOCKED
    ), back AS (
        UPDATE delivery d SET state = 'retry', uncertain = d.uncertain + 1, lease_token = NULL, lease_until = NULL, lease_holder = NULL,
            next_at = clock_timestamp() + make_interval(secs => p_wait_seconds),
            last_error = 'the notifier stopped before it recorded how this ended'
        FROM lost WHERE d.id = lost.id
        RETURNING d.id, d.attempts, d.leased_at, d.last_error
    ), closed AS (
        INSERT INTO delivery_attempt AS t (delivery_id, n, started_at, finished_at, outcome, detail)
        SELECT b.id, b.attempts, coalesce(b.leased_at, clock_timestamp()), clock_timestamp(), 'uncertain', b.last_error FROM back b
        ON CONFLICT (delivery_id, n) DO UPDATE SET finished_at = excluded.finished_at, outcome = excluded.outcome, detail = excluded.detail
    )
    SELECT id FROM back;
$$;
