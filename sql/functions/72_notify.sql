-- What GOV.UK Notify says became of the messages that it took.

-- Notes it, once; what is final stays so until something else final is said. p_reference: the message's name while
-- Notify's is not known, because its receipt came before the answer to our request was recorded. An address that is
-- nobody's is kept in mind, and its message is written anew for whoever is next: as after a refusal by a mail server.
-- Runs with its owner's rights, so that who takes receipts needs none on messages.
CREATE OR REPLACE FUNCTION message_delivery(p_provider_id text, p_reference text, p_delivery text, p_at timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told message;
BEGIN
    UPDATE message m SET provider_id = p_provider_id, delivery = p_delivery, delivery_at = coalesce(p_at, clock_now())
    WHERE (m.provider_id = p_provider_id OR (m.provider_id IS NULL AND m.message_id = p_reference AND m.form = 'notify'))
      AND m.delivery IS DISTINCT FROM p_delivery
      AND (m.delivery IS NULL OR m.delivery IN ('created', 'sending') OR p_delivery NOT IN ('created', 'sending'))
    RETURNING * INTO told;
    -- Of one that was emptied, nobody knows any more where it went.
    IF told.id IS NULL OR p_delivery <> 'permanent_failure' OR told.to_address IS NULL THEN
        RETURN told.id IS NOT NULL;
    END IF;
    INSERT INTO undeliverable (address, since, detail, message_id)
    VALUES (lower(told.to_address), clock_now(), 'GOV.UK Notify: permanent failure', told.id)
    ON CONFLICT (address) DO NOTHING;
    -- What a person sent again stays as it is, and so does what is still under way: its end is not recorded yet.
    IF told.state = 'sent' AND told.retried_at IS NULL THEN
        UPDATE message SET state = 'queued', mime = NULL, mime_sha256 = NULL, provider_id = NULL, delivery = NULL,
            delivery_at = NULL, followed_at = NULL, sent_at = NULL, uncertain = 0, next_at = clock_timestamp(),
            last_error = 'GOV.UK Notify: permanent failure'
        WHERE id = told.id;
        UPDATE reminder SET state = 'planned', updated_at = clock_now() WHERE message_id = told.id AND state = 'sent';
    END IF;
    RETURN true;
END $$;

-- Takes up to p_limit messages whose delivery is still open an hour after they were sent, or after the last
-- time. Notify forgets them after seven days.
CREATE OR REPLACE FUNCTION message_follow(p_limit integer)
RETURNS SETOF text LANGUAGE sql AS $$
    WITH open AS MATERIALIZED (
        SELECT m.id FROM message m
        WHERE m.state = 'sent' AND m.provider_id IS NOT NULL AND (m.delivery IS NULL OR m.delivery IN ('created', 'sending'))
          AND m.sent_at BETWEEN clock_timestamp() - interval '7 days' AND clock_timestamp() - interval '1 hour'
          AND (m.followed_at IS NULL OR m.followed_at < clock_timestamp() - interval '1 hour')
        ORDER BY m.sent_at LIMIT p_limit FOR UPDATE SKIP LOCKED
    )
    UPDATE message m SET followed_at = clock_timestamp() FROM open o WHERE m.id = o.id RETURNING m.provider_id;
$$;
