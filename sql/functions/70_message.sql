-- The outbox: claim under a lease, re-check and describe what to write, record what happened.

-- Results and parameters change only by making a function anew; what earlier versions had goes too.
DROP FUNCTION IF EXISTS message_claim(integer, integer, timestamptz), message_claim(integer, timestamptz),
    message_claim(integer, timestamptz, text), message_claim(integer, timestamptz, text, text[]),
    message_recheck(bigint), message_content(bigint), message_content(bigint[]), message_open(bigint, bigint),
    message_close(bigint, message_state, text),
    message_freeze(bigint, bigint, text, bigint, text, text, text, bytea), attempt_body(bigint, bigint),
    message_finish(bigint, bigint, text, integer, integer, integer, text),
    message_finish(bigint[], bigint[], text[], integer[], integer[], integer[], text[]), message_reap(integer, integer);

-- Everything the emails say, as one JSON object each; who it goes to is settled here: via is NULL when nobody
-- can be reached. "items" is null when nothing is left to say. Domains and enums are shown as text: of a type that
-- is not its own, PostgreSQL asks the catalog for each value how it becomes JSON.
CREATE FUNCTION message_content(p_ids bigint[])
RETURNS TABLE (id bigint, items bigint, via bigint, name text, address text, content json) LANGUAGE sql STABLE AS $$
    SELECT m.id, i.count, t.via, t.name, t.address, json_build_object(
        'id', m.id, 'day', m.day,
        'lead', content_lead(l, m.day), 'to', content_to(l, t.via, t.name, t.address, t.language),
        'owner', CASE WHEN o.id IS NOT NULL THEN json_build_object(
            'name', o.name::text, 'holder', o.holder::text, 'email', o.email::text) END,
        'items', i.items)
    FROM (SELECT * FROM message m WHERE m.id = ANY (p_ids) OFFSET 0) m -- by their ids, however many there are of the kind
    JOIN lead l ON l.id = m.lead_id
    CROSS JOIN LATERAL (
        -- Of one that is asked about: since when, for how long by now, and when it is due.
        SELECT count(*) AS count, json_agg(json_build_object(
                   'silent_since', w.silent_since, 'silent_days', w.day - w.silent_since,
                   'updates_every_days', p.updates_every_days,
                   'next_due', CASE WHEN w.silent_since IS NOT NULL THEN (
                       SELECT min(o.due_on) FROM deadline o
                       WHERE o.action_id = a.id AND o.in_force AND o.done_on IS NULL) END,
                   'offset_days', w.offset_days, 'audience', w.audience::text, 'due_on', d.due_on,
                   'label', d.label::text, 'days_left', d.due_on - w.day, 'action_id', a.id,
                   'reference', a.reference::text, 'description', a.description::text, 'status', a.status::text,
                   'percent', a.percent::integer, 'number', r.number::text, 'recommendation', r.text::text,
                   'timescale', t.text::text, 'confidence', t.confidence::text, 'plan_id', p.id, 'slug', p.slug::text,
                   'title', p.title::text, 'organisation', p.organisation::text, 'source_url', p.source_url::text,
                   'leads', (SELECT json_agg(json_build_object('name', b.name::text, 'role', s.role::text) ORDER BY s.position)
                             FROM assignment s JOIN lead b ON b.id = s.lead_id WHERE s.action_id = a.id),
                   'last_update', (SELECT json_build_object('on', (u.created_at AT TIME ZONE p.time_zone)::date,
                                              'note', u.note::text, 'author', u.author::text)
                                   FROM update u WHERE u.action_id = a.id ORDER BY u.id DESC LIMIT 1))
                   ORDER BY d.due_on, w.silent_since, p.slug, a.id, d.label) AS items,
               (array_agg(p.owner_id ORDER BY d.due_on, a.reference) FILTER (WHERE p.owner_id IS NOT NULL))[1] AS owner_id
        FROM reminder w
        LEFT JOIN deadline d ON d.id = w.deadline_id
        JOIN action a ON a.id = coalesce(w.action_id, d.action_id)
        LEFT JOIN timescale t ON t.action_id = a.id AND CASE WHEN d.id IS NULL THEN t.current ELSE t.id = d.timescale_id END
        JOIN recommendation r ON r.id = a.recommendation_id
        JOIN plan p ON p.id = a.plan_id
        WHERE w.message_id = m.id AND w.state = 'planned'
          -- Whoever is told of an action's date need not be asked about it besides.
          AND NOT (w.deadline_id IS NULL AND EXISTS (
              SELECT FROM reminder o JOIN deadline e ON e.id = o.deadline_id
              WHERE o.message_id = m.id AND o.state = 'planned' AND e.action_id = w.action_id))) i
    LEFT JOIN lead o ON o.id = i.owner_id
    LEFT JOIN LATERAL lead_route(l.id, i.owner_id, m.day, m.id) t ON true
    WHERE m.kind = 'reminder'
    UNION ALL
    SELECT * FROM summary_content(p_ids)
    UNION ALL
    SELECT * FROM webhook_content(p_ids);
$$;

-- Drops from messages what no longer holds: closed, moved or reassigned since it was planned. A text that
-- says it and that nobody has is written again. What may have arrived is sent again whatever has changed,
-- and so is what a person wants to be: the same bytes, the same identity.
CREATE OR REPLACE FUNCTION message_recheck(p_ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH stale AS (
        SELECT w.id, CASE
            WHEN w.deadline_id IS NOT NULL AND c.id IS NULL THEN 'closed or moved since it was planned'
            WHEN w.deadline_id IS NULL AND y.action_id IS NULL THEN 'closed or answered since it was planned'
            WHEN NOT EXISTS (SELECT FROM audience_member a
                             WHERE a.action_id = coalesce(w.action_id, c.action_id) AND a.lead_id = w.lead_id
                               AND a.audience = w.audience)
            THEN 'reassigned since it was planned' END AS reason
        FROM message m
        JOIN reminder w ON w.message_id = m.id AND w.state = 'planned'
        LEFT JOIN chased_deadline c ON c.id = w.deadline_id
        LEFT JOIN silent_action y ON y.action_id = w.action_id AND y.silent_since = w.silent_since
        WHERE m.id = ANY (p_ids) AND m.uncertain = 0 AND m.retried_at IS NULL
    ), dropped AS (
        UPDATE reminder r SET state = 'dropped', reason = s.reason, updated_at = clock_now()
        FROM stale s WHERE r.id = s.id AND s.reason IS NOT NULL
        RETURNING r.message_id
    )
    UPDATE message m SET mime = NULL, mime_sha256 = NULL
    FROM dropped d WHERE m.id = d.message_id AND m.mime IS NOT NULL;
END $$;

-- Whether GOV.UK Notify refused other messages too, lately and since it last accepted one: then it is hardly
-- the messages' fault.
CREATE OR REPLACE FUNCTION others_refused(p_id bigint)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM attempt t
        WHERE t.message_id <> p_id AND t.outcome IN ('refused', 'channel')
          AND t.reply_code BETWEEN 400 AND 499 AND t.reply_code NOT IN (401, 403, 429)
          AND t.finished_at > clock_timestamp() - interval '1 day'
          AND t.finished_at > coalesce((SELECT max(m.sent_at) FROM message m WHERE m.provider_id IS NOT NULL), '-infinity'));
$$;

-- Batch after batch of a burst goes by the same plans, but by none that is older than the burst: one that was made when
-- nothing was due took over 25 seconds once ten thousand messages were. Plans are the session's, and so is the note of when.
CREATE OR REPLACE FUNCTION plan_anew()
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF clock_timestamp() > coalesce(nullif(current_setting('goldenthread.planned_at', true), ''), '-infinity')::timestamptz
                           + interval '1 second' THEN
        DISCARD PLANS;
        PERFORM set_config('goldenthread.planned_at', clock_timestamp()::text, false);
    END IF;
END $$;

-- Locks up to p_limit messages that are due, while any plan is in its sending window at p_at (at any time when it
-- is about a webhook), and says what to send: the frozen message or, the first time, what to render. Messages of
-- which nothing is left to say, or for which nobody can be reached, are closed instead; as failed, if the last in
-- line was turned away. Nothing is taken before message_lease, in the same
-- transaction: between the two there is rendering, no waiting for others.
-- What is left of an earlier day is the planner's, who puts it in today's terms, unless it may have arrived.
-- "attempt" counts from when a person asked for it, if one did. p_form: what the sender can send; what was
-- frozen for another way of sending is rendered again. p_kinds: the messages that it can write.
CREATE FUNCTION message_claim(p_limit integer, p_at timestamptz, p_form text DEFAULT 'mime',
                              p_kinds text[] DEFAULT '{reminder}')
RETURNS TABLE (id bigint, token bigint, attempt integer, uncertain integer, day date, lead_name text, content json,
               mime bytea, address text, identity text, refused integer, others_refused boolean) LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
    due bigint[];
BEGIN
    PERFORM plan_anew();
    due := ARRAY(
        SELECT m.id FROM message m
        CROSS JOIN (SELECT min(s.first_day) AS day FROM plans_sending(p_at) s) today
        WHERE m.state IN ('queued', 'retry', 'uncertain') AND m.next_at <= clock_timestamp()
          AND (m.kind = 'webhook' OR (today.day IS NOT NULL AND NOT message_lapses(m, today.day)))
          AND m.kind = ANY (p_kinds) AND NOT sending_held()
        ORDER BY m.next_at, m.id LIMIT p_limit FOR UPDATE OF m SKIP LOCKED);
    IF cardinality(due) < p_limit THEN -- the burst is over
        PERFORM set_config('goldenthread.planned_at', '', false);
    END IF;
    IF due = '{}' THEN
        RETURN;
    END IF;
    PERFORM message_recheck(due);
    RETURN QUERY
    WITH taken AS (
        SELECT m.id, m.attempts - m.retried_after + 1 AS attempt, m.uncertain, m.day, l.name::text AS lead_name,
               CASE WHEN m.form = p_form THEN m.mime END AS mime,
               m.via_lead_id, m.to_name, m.to_address, m.message_id,
               CASE WHEN m.attempts > m.retried_after THEN
                   (SELECT count(*)::integer FROM attempt a
                    WHERE a.message_id = m.id AND a.n > m.retried_after AND a.outcome = 'refused') ELSE 0 END AS refused,
               m.uncertain = 0 AND m.retried_at IS NULL AS fresh, s.written,
               CASE WHEN EXISTS (SELECT FROM attempt a WHERE a.message_id = m.id AND a.n = m.attempts
                                   AND is_turned_away(a.outcome, a.detail)) THEN m.last_error END AS refusal
        FROM message m JOIN lead l ON l.id = m.lead_id
        LEFT JOIN summary s ON s.message_id = m.id AND m.kind = 'summary'
        WHERE m.id = ANY (due)
    ), told AS MATERIALIZED (
        SELECT t.*, c.content, CASE
            WHEN t.fresh AND c.items = 0 THEN 'nothing left to say'
            WHEN (t.fresh OR t.mime IS NULL) AND c.via IS NULL THEN 'nobody can be reached' END AS reason,
            -- Nobody has the earlier text, and somebody else is to get it by now, who holds the post or stands in,
            -- or the portfolio that it sums up is another.
            t.mime IS NULL OR (t.fresh AND ((t.via_lead_id, t.to_name, lower(t.to_address)) IS DISTINCT FROM
                (c.via, c.name, lower(c.address)) OR (t.written IS NOT NULL AND t.written <> md5(c.content::text)))) AS unwritten
        FROM taken t LEFT JOIN message_content(due) c ON c.id = t.id
    ), unroutable AS (
        UPDATE reminder r SET state = CASE WHEN t.refusal IS NULL THEN 'unroutable' ELSE 'failed' END::reminder_state,
            reason = coalesce(t.refusal, 'nobody can be reached any more'), updated_at = clock_now()
        FROM told t WHERE r.message_id = t.id AND r.state = 'planned' AND t.reason IS NOT NULL
    ), closed AS (
        UPDATE message m SET reason = CASE WHEN t.reason = 'nobody can be reached' THEN coalesce(t.refusal, t.reason) ELSE t.reason END,
            state = CASE WHEN t.refusal IS NOT NULL AND t.reason = 'nobody can be reached' THEN 'failed' ELSE 'cancelled' END::message_state
        FROM told t WHERE m.id = t.id AND t.reason IS NOT NULL
    ), written AS (
        UPDATE summary s SET written = md5(t.content::text) FROM told t WHERE s.message_id = t.id AND t.unwritten
    )
    SELECT t.id, nextval('lease_token'), t.attempt, t.uncertain, t.day, t.lead_name,
           CASE WHEN t.unwritten THEN t.content END, CASE WHEN NOT t.unwritten THEN t.mime END, t.to_address,
           t.message_id, t.refused,
           CASE WHEN t.refused > 1 THEN others_refused(t.id) ELSE false END
    FROM told t WHERE t.reason IS NULL;
END $$;

-- Leases what message_claim has locked, and freezes what was rendered since: every later attempt sends the
-- same bytes to the same address. p_body: the bodies may leave as soon as this is committed, so that from then
-- on silence means "unknown"; else attempt_body is to be asked first. Returns how many.
CREATE OR REPLACE FUNCTION message_lease(p_lease_seconds integer, p_body boolean, p_ids bigint[], p_tokens bigint[],
                                         p_identities text[], p_vias bigint[], p_names text[], p_addresses text[],
                                         p_subjects text[], p_mimes bytea[])
RETURNS bigint LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
    leased bigint;
BEGIN
    IF NOT p_body THEN
        -- Not waited for on the disk: nothing leaves before attempt_body, whose commit waits for this too.
        PERFORM set_config('synchronous_commit', 'off', true);
    END IF;
    WITH held AS (
        UPDATE message m SET state = 'leased', lease_token = g.token, attempts = m.attempts + 1,
            lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds),
            message_id = coalesce(g.identity, m.message_id), via_lead_id = coalesce(g.via, m.via_lead_id),
            to_name = coalesce(g.name, m.to_name), to_address = coalesce(g.address, m.to_address),
            subject = coalesce(g.subject, m.subject), mime = coalesce(g.mime, m.mime),
            mime_sha256 = coalesce(sha256(g.mime), m.mime_sha256),
            rendered_at = CASE WHEN g.mime IS NULL THEN m.rendered_at ELSE clock_timestamp() END
        FROM unnest(p_ids, p_tokens, p_identities, p_vias, p_names, p_addresses, p_subjects, p_mimes)
             g (id, token, identity, via, name, address, subject, mime)
        WHERE m.id = g.id
        RETURNING m.id, m.attempts, m.to_address
    ), opened AS (
        INSERT INTO attempt AS t (message_id, n, address, body_at)
        SELECT h.id, h.attempts, h.to_address, CASE WHEN p_body THEN clock_timestamp() END FROM held h
        -- In the place of one that was given back untried.
        ON CONFLICT (message_id, n) DO UPDATE SET address = excluded.address, started_at = excluded.started_at,
            body_at = excluded.body_at, finished_at = NULL, outcome = NULL, curl_code = NULL, reply_code = NULL, detail = NULL
            WHERE t.outcome = 'released'
    )
    SELECT count(*) INTO leased FROM held;
    RETURN leased;
END $$;

-- Said before the first byte of a body leaves. Returns the tokens of those that may; of the others the lease
-- is not ours any more. The lock keeps message_reap from judging by what it saw before.
CREATE OR REPLACE FUNCTION attempt_body(p_ids bigint[], p_tokens bigint[])
RETURNS SETOF bigint LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    WITH held AS MATERIALIZED (
        SELECT m.id, m.attempts, m.lease_token FROM message m JOIN unnest(p_ids, p_tokens) g (id, token)
            ON m.id = g.id AND m.lease_token = g.token
        ORDER BY m.id FOR UPDATE OF m
    )
    UPDATE attempt t SET body_at = clock_timestamp()
    FROM held h WHERE t.message_id = h.id AND t.n = h.attempts RETURNING h.lease_token;
END $$;

-- Extends the leases that a worker still holds. Whatever is locked is being recorded at this moment.
CREATE OR REPLACE FUNCTION message_hold(p_tokens bigint[], p_lease_seconds integer)
RETURNS bigint LANGUAGE sql AS $$
    WITH ours AS MATERIALIZED (
        SELECT id FROM message WHERE state = 'leased' AND lease_token = ANY (p_tokens) FOR UPDATE SKIP LOCKED
    ), held AS (
        UPDATE message m SET lease_until = clock_timestamp() + make_interval(secs => p_lease_seconds)
        FROM ours o WHERE m.id = o.id RETURNING 1)
    SELECT count(*) FROM held;
$$;

-- Of those that were turned away or whose address is nobody's, and that surely did not arrive: the ones that are written
-- anew for whoever is next. Their text goes, unless it was turned away: if nobody is next, it is what a person can have
-- sent again.
CREATE OR REPLACE FUNCTION message_unwrite(p_ids bigint[], p_tokens bigint[], p_outcomes text[], p_details text[])
RETURNS bigint[] LANGUAGE sql AS $$
    WITH anew AS MATERIALIZED (
        SELECT m.id, g.outcome
        FROM unnest(p_ids, p_tokens, p_outcomes, p_details) g (id, token, outcome, detail)
        JOIN message m ON m.id = g.id AND m.lease_token = g.token
        WHERE m.uncertain = 0 AND m.retried_at IS NULL
          AND (g.outcome = 'undeliverable' OR is_turned_away(g.outcome, left(g.detail, 1000)))
          -- As many as there can be in a line: whatever becomes of their addresses, there is an end.
          AND (SELECT count(*) FROM attempt a
               WHERE a.message_id = m.id AND a.outcome IN ('refused', 'undeliverable')) < 4
        ORDER BY m.id FOR UPDATE OF m
    ), unwritten AS (
        UPDATE message m SET mime = NULL, mime_sha256 = NULL FROM anew a WHERE m.id = a.id AND a.outcome <> 'refused'
    )
    SELECT coalesce(array_agg(a.id), '{}') FROM anew a;
$$;

-- How attempts ended. 'released' puts a message back untried: the next attempt takes its number. p_waits: seconds
-- until it is tried again; NULL gives up. 'undeliverable': the address is nobody's. That is kept in mind, and what
-- surely did not arrive is written anew for whoever is next, at once; so it is when a recipient is turned away for
-- another reason. p_provider_ids: what the provider calls those that it took.
-- Returns the tokens of those recorded; of the others the lease was lost, so nothing is touched.
CREATE OR REPLACE FUNCTION message_finish(p_ids bigint[], p_tokens bigint[], p_outcomes text[], p_waits integer[],
                                          p_curl_codes integer[], p_reply_codes integer[], p_details text[],
                                          p_provider_ids text[] DEFAULT NULL)
RETURNS SETOF bigint LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
    fresh bigint[] := '{}';
BEGIN
    PERFORM plan_anew();
    IF p_outcomes && '{refused,undeliverable}' THEN
        -- In a statement of its own: to touch the text would have PostgreSQL read that of every message.
        fresh := message_unwrite(p_ids, p_tokens, p_outcomes, p_details);
    END IF;
    RETURN QUERY
    WITH done AS (
        UPDATE message m SET
            state = CASE WHEN g.outcome = 'sent' THEN 'sent'
                         WHEN g.anew THEN 'queued'
                         WHEN g.wait IS NULL THEN 'failed'
                         WHEN g.outcome = 'uncertain' OR m.uncertain > 0 THEN 'uncertain'
                         WHEN g.outcome = 'released' THEN 'queued' ELSE 'retry' END::message_state,
            reason = CASE WHEN g.outcome <> 'sent' AND g.wait IS NULL AND NOT g.anew THEN g.detail END,
            sent_at = CASE WHEN g.outcome = 'sent' THEN clock_timestamp() END,
            uncertain = m.uncertain + (g.outcome = 'uncertain' AND g.wait IS NOT NULL)::integer,
            next_at = CASE WHEN g.anew THEN clock_timestamp()
                           WHEN g.outcome = 'sent' OR g.wait IS NULL THEN m.next_at
                           ELSE clock_timestamp() + make_interval(secs => g.wait) END,
            last_error = CASE WHEN g.outcome = 'sent' OR (g.wait IS NULL AND NOT g.anew) THEN m.last_error ELSE g.detail END,
            provider_id = coalesce(g.provider_id, m.provider_id), lease_token = NULL, lease_until = NULL,
            attempts = m.attempts - (g.outcome = 'released')::integer
        FROM (SELECT u.id, u.token, u.outcome, u.wait, u.curl_code, u.reply_code, left(u.detail, 1000) AS detail,
                     u.provider_id, u.id = ANY (fresh) AS anew
              FROM unnest(p_ids, p_tokens, p_outcomes, p_waits, p_curl_codes, p_reply_codes, p_details, p_provider_ids)
                   u (id, token, outcome, wait, curl_code, reply_code, detail, provider_id)) g
        WHERE m.id = g.id AND m.lease_token = g.token
        RETURNING m.id, m.attempts, m.state, m.to_address, g.token, g.outcome, g.curl_code, g.reply_code, g.detail
    ), nobody AS (
        INSERT INTO undeliverable (address, since, reply_code, detail, message_id)
        SELECT DISTINCT ON (lower(d.to_address)) lower(d.to_address), clock_now(), d.reply_code, d.detail, d.id
        FROM done d WHERE d.outcome = 'undeliverable'
        ON CONFLICT (address) DO NOTHING
    ), tried AS (
        UPDATE attempt t SET finished_at = clock_timestamp(), outcome = d.outcome, curl_code = d.curl_code,
            reply_code = d.reply_code, detail = d.detail
        FROM done d WHERE t.message_id = d.id AND t.n = d.attempts + (d.outcome = 'released')::integer
    ), told AS (
        UPDATE reminder r SET state = d.state::text::reminder_state, updated_at = clock_now(),
            reason = CASE WHEN d.state = 'failed' THEN d.detail ELSE r.reason END
        FROM done d WHERE r.message_id = d.id AND r.state = 'planned' AND d.state IN ('sent', 'failed')
    )
    SELECT d.token FROM done d;
END $$;

-- Takes back the leases of workers that are gone. If the body had begun to leave, nobody knows
-- whether it arrived: the outcome is recorded as uncertain and the wait is the longer one.
CREATE FUNCTION message_reap(p_retry_seconds integer, p_uncertain_seconds integer)
RETURNS TABLE (id bigint, outcome text) LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
    tokens bigint[];
    outcomes text[];
BEGIN
    WITH gone AS MATERIALIZED (
        SELECT m.id, m.lease_token, m.attempts FROM message m
        WHERE m.state = 'leased' AND m.lease_until < clock_timestamp() ORDER BY m.id FOR UPDATE SKIP LOCKED
    )
    SELECT array_agg(g.id), array_agg(g.lease_token),
           array_agg(CASE WHEN t.body_at IS NOT NULL AND t.outcome IS NULL THEN 'uncertain' ELSE 'retry' END)
    INTO ids, tokens, outcomes
    FROM gone g LEFT JOIN attempt t ON t.message_id = g.id AND t.n = g.attempts;
    IF ids IS NULL THEN
        RETURN;
    END IF;
    PERFORM message_finish(ids, tokens, outcomes,
        ARRAY(SELECT CASE o WHEN 'uncertain' THEN p_uncertain_seconds ELSE p_retry_seconds END FROM unnest(outcomes) o),
        array_fill(NULL::integer, ARRAY[cardinality(ids)]), array_fill(NULL::integer, ARRAY[cardinality(ids)]),
        array_fill('the notifier stopped before it recorded how this ended'::text, ARRAY[cardinality(ids)]));
    RETURN QUERY SELECT * FROM unnest(ids, outcomes);
END $$;
