-- The owner of a webhook hears once, by email, that it was turned off. Of everything else about it nobody is told.

-- Who that is: the post that was named or, where none was, the owner of a plan that it hears of, the oldest active
-- one first. NULL: nobody.
CREATE OR REPLACE FUNCTION webhook_owner(p_webhook webhook)
RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(p_webhook.owner_id, (
        SELECT p.owner_id FROM plan p
        WHERE p.owner_id IS NOT NULL AND (p_webhook.plan_ids IS NULL OR p.id = ANY (p_webhook.plan_ids))
        ORDER BY p.state <> 'active', p.id LIMIT 1));
$$;

-- A message for a post, of the first day from now on that has none of this kind yet: one a lead a day, and each of
-- several webhooks is told of by itself.
CREATE OR REPLACE FUNCTION webhook_message(p_lead bigint)
RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO message (kind, lead_id, day)
    SELECT 'webhook', p_lead, min(d.day)
    FROM (SELECT (clock_now() AT TIME ZONE 'Europe/London')::date AS day) today
    CROSS JOIN LATERAL (SELECT count(*)::integer AS n FROM message m
                        WHERE m.kind = 'webhook' AND m.lead_id = p_lead AND m.day >= today.day) taken
    CROSS JOIN LATERAL (SELECT today.day + g AS day FROM generate_series(0, taken.n) g) d
    WHERE NOT EXISTS (SELECT FROM message m WHERE m.kind = 'webhook' AND m.lead_id = p_lead AND m.day = d.day)
    RETURNING id;
$$;

-- Turns a webhook off; what waits for it stays, until somebody turns it on again.
CREATE OR REPLACE FUNCTION webhook_disable(p_id bigint, p_reason text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    off webhook;
    owner bigint;
BEGIN
    PERFORM act_as('notifier', NULL, NULL);
    UPDATE webhook SET state = 'disabled', reason = p_reason WHERE id = p_id AND state <> 'disabled' RETURNING * INTO off;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.webhook_notice'));
    owner := webhook_owner(off);
    INSERT INTO webhook_notice (webhook_id, disabled_at, failing_since, gone, detail, answer, message_id)
    SELECT off.id, clock_now(), coalesce(h.first_failure_at, clock_now()), t.reply_code IS NOT DISTINCT FROM 410, t.detail,
           left(t.answer, 300), CASE WHEN owner IS NOT NULL THEN webhook_message(owner) END
    FROM webhook_health h
    LEFT JOIN LATERAL (
        SELECT a.reply_code, a.detail, a.answer FROM delivery d JOIN delivery_attempt a ON a.delivery_id = d.id AND a.n = d.attempts
        WHERE d.webhook_id = off.id AND a.finished_at IS NOT NULL AND a.outcome <> 'sent'
        ORDER BY a.finished_at DESC, a.delivery_id DESC LIMIT 1) t ON true
    WHERE h.webhook_id = off.id;
END $$;

-- What the email says, as message_content gives it. Nothing is left to say when the webhook is on again, or gone.
CREATE OR REPLACE FUNCTION webhook_content(p_ids bigint[])
RETURNS TABLE (id bigint, items bigint, via bigint, name text, address text, content json) LANGUAGE sql STABLE AS $$
    SELECT m.id, (w.state IS NOT DISTINCT FROM 'disabled')::integer::bigint, t.via, t.name, t.address, json_build_object(
        'id', m.id, 'kind', m.kind, 'day', m.day,
        'lead', content_lead(l, m.day), 'to', content_to(l, t.via, t.name, t.address, t.language),
        'organisation', (SELECT p.organisation::text FROM plan p ORDER BY p.id LIMIT 1),
        -- Of its address the server only: some receivers take the rest of it for a password.
        'webhook', json_build_object('id', w.id, 'description', w.description::text,
            'server', substring(w.url FROM '^https?://[^/?#]+'), 'gone', n.gone, 'named', w.owner_id IS NOT NULL,
            'since', instant(n.failing_since), 'since_on', s.at::date, 'since_at', to_char(s.at, 'FMHH12:MIam'),
            'detail', n.detail, 'answer', n.answer,
            'waiting', (SELECT count(*) FROM delivery d WHERE d.webhook_id = w.id AND d.state IN ('queued', 'retry'))))
    FROM (SELECT * FROM message m WHERE m.id = ANY (p_ids) OFFSET 0) m
    JOIN lead l ON l.id = m.lead_id
    LEFT JOIN webhook_notice n ON n.message_id = m.id
    LEFT JOIN webhook w ON w.id = n.webhook_id
    CROSS JOIN LATERAL (SELECT n.failing_since AT TIME ZONE 'Europe/London' AS at) s
    LEFT JOIN LATERAL lead_route(l.id, NULL, m.day, m.id) t ON true
    WHERE m.kind = 'webhook';
$$;
