-- How long personal data is kept: what is past its time is emptied or deleted, some rows at a time. The ledger of
-- reminders and the rows of messages stay: they are why nobody is reminded twice.

-- What mail servers said, which may name an address. The codes of their replies stay.
CREATE OR REPLACE FUNCTION retention_reply(p_ids bigint[])
RETURNS void LANGUAGE sql AS $$
    UPDATE attempt SET address = NULL, detail = NULL
    WHERE message_id = ANY (p_ids) AND num_nonnulls(address, detail) > 0;
    UPDATE reminder SET reason = NULL WHERE message_id = ANY (p_ids) AND state = 'failed' AND reason IS NOT NULL;
    UPDATE message SET last_error = NULL, reason = CASE WHEN state <> 'failed' THEN reason END
    WHERE id = ANY (p_ids) AND (last_error IS NOT NULL OR (state = 'failed' AND reason IS NOT NULL));
    -- It counts for as long as a lead has the address.
    DELETE FROM undeliverable u WHERE u.message_id = ANY (p_ids)
        AND NOT EXISTS (SELECT FROM lead l WHERE lower(l.email) = u.address);
$$;

-- The texts of emails and to whom they went, and at the latest by now what mail servers said to them.
CREATE OR REPLACE FUNCTION retention_message(p_ids bigint[])
RETURNS void LANGUAGE sql AS $$
    SELECT retention_reply(p_ids);
    UPDATE message SET emptied_at = clock_now(), mime = NULL, to_name = NULL, to_address = NULL, subject = NULL
    WHERE id = ANY (p_ids);
$$;

-- Events with their deliveries. Of a deadline's event the row stays: it is why no second one is written.
CREATE OR REPLACE FUNCTION retention_event(p_ids bigint[])
RETURNS void LANGUAGE sql AS $$
    DELETE FROM delivery WHERE event_id = ANY (p_ids);
    DELETE FROM event WHERE id = ANY (p_ids) AND deadline_id IS NULL;
$$;

-- Up to p_limit of a class whose time was over at p_before, oldest first; what is still needed is not among them.
-- "spent": when it was new.
CREATE OR REPLACE FUNCTION retention_over(p_class text, p_before timestamptz, p_limit integer)
RETURNS TABLE (id bigint, spent timestamptz) LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    from_at timestamptz := (SELECT r.upto FROM retention r WHERE r.class = p_class);
BEGIN
    IF p_class IN ('message', 'reply') THEN
        RETURN QUERY SELECT m.id, m.day::timestamptz FROM message m
        WHERE m.day >= from_at::date AND m.day < p_before::date AND m.state IN ('sent', 'cancelled', 'failed')
          AND CASE p_class WHEN 'message' THEN m.emptied_at IS NULL
              ELSE m.last_error IS NOT NULL OR (m.state = 'failed' AND m.reason IS NOT NULL) OR EXISTS (
                  SELECT FROM attempt t WHERE t.message_id = m.id AND num_nonnulls(t.address, t.detail) > 0) END
        ORDER BY m.day, m.id LIMIT p_limit FOR UPDATE;
    ELSE
        RETURN QUERY SELECT e.id, e.created_at FROM event e
        WHERE e.created_at >= from_at AND e.created_at < p_before
          AND (e.deadline_id IS NULL OR EXISTS (SELECT FROM delivery d WHERE d.event_id = e.id))
          AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = e.id AND d.state IN ('queued', 'leased', 'retry'))
        ORDER BY e.created_at, e.id LIMIT p_limit FOR UPDATE;
    END IF;
END $$;

-- How far everything of a class is done once nothing more was found before p_before: up to the first that was
-- still needed.
CREATE OR REPLACE FUNCTION retention_done_upto(p_class text, p_from timestamptz, p_before timestamptz)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN p_class = 'idempotency' THEN p_from
        WHEN p_class = 'event' THEN least(p_before, (
            SELECT min(e.created_at) FROM event e JOIN delivery d ON d.event_id = e.id
            WHERE e.created_at >= p_from AND e.created_at < p_before AND d.state IN ('queued', 'leased', 'retry')))
        ELSE least(p_before, (
            SELECT min(m.day)::timestamptz FROM message m
            WHERE m.day >= p_from::date AND m.day < p_before::date AND m.state NOT IN ('sent', 'cancelled', 'failed'))) END;
$$;

CREATE OR REPLACE FUNCTION retention_idempotency(p_before timestamptz, p_limit integer)
RETURNS bigint LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM idempotency i USING (
            SELECT key_id, call, idempotency_key FROM idempotency
            WHERE created_at < p_before ORDER BY created_at LIMIT p_limit FOR UPDATE SKIP LOCKED) old
        WHERE (i.key_id, i.call, i.idempotency_key) = (old.key_id, old.call, old.idempotency_key)
        RETURNING 1)
    SELECT count(*) FROM gone;
$$;

-- One class, up to p_limit of it: how many were done, and whether all of it is.
CREATE OR REPLACE FUNCTION retention_turn(p_class text, p_before timestamptz, p_limit integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    IF p_class = 'idempotency' THEN
        RETURN retention_idempotency(p_before, p_limit);
    END IF;
    ids := ARRAY(SELECT o.id FROM retention_over(p_class, p_before, p_limit) o);
    IF p_class = 'message' THEN
        PERFORM retention_message(ids);
    ELSIF p_class = 'reply' THEN
        PERFORM retention_reply(ids);
    ELSE
        PERFORM retention_event(ids);
    END IF;
    RETURN cardinality(ids);
END $$;

-- The moments before which each class's time is over at p_at. p_days: {"message": 365, …}; 0 keeps for ever.
CREATE OR REPLACE FUNCTION retention_before(p_at timestamptz, p_days jsonb)
RETURNS TABLE (class text, before timestamptz) LANGUAGE sql STABLE AS $$
    SELECT d.key, p_at - make_interval(days => d.value::integer) FROM jsonb_each_text(p_days) d WHERE d.value <> '0'
    UNION ALL
    SELECT 'idempotency', p_at - idempotency_keep()
    ORDER BY 1;
$$;

-- Some of what is over, at most p_limit rows of each class; says what was done and what is left for the next call.
-- A class that was finished on this day is not looked at again unless p_again. Nothing while somebody else is at it.
-- Runs with its owner's rights: who sends mail has no right to delete. For that, a month is the least.
CREATE OR REPLACE FUNCTION retention_run(p_at timestamptz, p_days jsonb, p_limit integer, p_again boolean)
RETURNS TABLE (class text, before timestamptz, done bigint, more boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    day date := (p_at AT TIME ZONE 'Europe/London')::date;
    b record;
BEGIN
    IF EXISTS (SELECT FROM jsonb_each_text(p_days) d WHERE d.value <> '0' AND d.value::integer < 30) THEN
        PERFORM refuse(422, 'invalid', 'Less than 30 days is no time to keep anything for');
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtext('goldenthread.retention')) THEN
        RETURN;
    END IF;
    FOR b IN SELECT o.class, o.before FROM retention_before(p_at, p_days) o JOIN retention r USING (class)
             WHERE p_again OR r.finished_on IS DISTINCT FROM day LOOP
        class := b.class;
        before := b.before;
        done := retention_turn(class, before, p_limit);
        more := done = p_limit;
        IF NOT more THEN
            UPDATE retention r SET finished_on = day,
                upto = greatest(r.upto, retention_done_upto(r.class, r.upto, b.before))
            WHERE r.class = b.class;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- The same without doing it: how many rows each class has that are over, all of them.
CREATE OR REPLACE FUNCTION retention_preview(p_at timestamptz, p_days jsonb)
RETURNS TABLE (class text, before timestamptz, count bigint, oldest timestamptz) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    b record;
BEGIN
    FOR b IN SELECT o.class, o.before FROM retention_before(p_at, p_days) o LOOP
        class := b.class;
        before := b.before;
        IF class = 'idempotency' THEN
            SELECT count(*), min(created_at) INTO count, oldest FROM idempotency WHERE created_at < b.before;
        ELSE
            SELECT count(*), min(o.spent) INTO count, oldest FROM retention_over(b.class, b.before, NULL) o;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
