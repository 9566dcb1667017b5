-- Calls that must happen once however often they are sent: the answer is stored in the transaction of
-- what the call did (draft-ietf-httpapi-idempotency-key-header).

CREATE OR REPLACE FUNCTION idempotency_keep()
RETURNS interval LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT interval '72 hours';
$$;

-- What to do with a call: new (do it; until the transaction ends nobody else does), running (another
-- one is at it), other_body (the key was used for something else), replay (here is the answer).
CREATE OR REPLACE FUNCTION idempotency_begin(p_digest bytea, p_call text, p_idempotency_key text, p_fingerprint bytea)
RETURNS TABLE (state text, status smallint, location text, etag text, body text) LANGUAGE plpgsql AS $$
DECLARE
    caller bigint := (SELECT k.id FROM live_key k WHERE k.digest = p_digest);
    kept idempotency;
BEGIN
    IF caller IS NULL THEN
        PERFORM refuse(401, 'unauthorized', 'The key is not accepted');
    END IF;
    IF NOT pg_try_advisory_xact_lock(hashtextextended(format('%s %s %s', caller, p_call, p_idempotency_key), 0)) THEN
        RETURN QUERY SELECT 'running', NULL::smallint, NULL, NULL, NULL;
        RETURN;
    END IF;
    SELECT * INTO kept FROM idempotency i
    WHERE i.key_id = caller AND i.call = p_call AND i.idempotency_key = p_idempotency_key;
    IF NOT FOUND OR kept.created_at < clock_now() - idempotency_keep() THEN
        RETURN QUERY SELECT 'new', NULL::smallint, NULL, NULL, NULL;
    ELSIF kept.fingerprint <> p_fingerprint THEN
        RETURN QUERY SELECT 'other_body', NULL::smallint, NULL, NULL, NULL;
    ELSE
        RETURN QUERY SELECT 'replay', kept.status, kept.location, kept.etag, kept.body;
    END IF;
END $$;

-- Stores the answer, and clears away some of what is too old to be asked for.
CREATE OR REPLACE FUNCTION idempotency_store(p_digest bytea, p_call text, p_idempotency_key text, p_fingerprint bytea,
                                             p_status smallint, p_location text, p_etag text, p_body text)
RETURNS void LANGUAGE sql AS $$
    DELETE FROM idempotency i USING (
        SELECT key_id, call, idempotency_key FROM idempotency
        WHERE created_at < clock_now() - idempotency_keep()
        ORDER BY created_at LIMIT 20 FOR UPDATE SKIP LOCKED) old
    WHERE (i.key_id, i.call, i.idempotency_key) = (old.key_id, old.call, old.idempotency_key);
    INSERT INTO idempotency (key_id, call, idempotency_key, fingerprint, status, location, etag, body, created_at)
    SELECT k.id, p_call, p_idempotency_key, p_fingerprint, p_status, p_location, p_etag, p_body, clock_now()
    FROM live_key k WHERE k.digest = p_digest
    ON CONFLICT (key_id, call, idempotency_key) DO UPDATE SET fingerprint = excluded.fingerprint,
        status = excluded.status, location = excluded.location, etag = excluded.etag, body = excluded.body,
        created_at = excluded.created_at;
$$;
