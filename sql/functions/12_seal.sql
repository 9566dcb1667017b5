-- Sealing: committed changes are counted in one final order, each with a hash over itself and all before it.

-- What is hashed of a change after the 32 bytes of the hash before it (of the first: zeros), in UTF-8.
-- sql/queries/change/links.sql spells the same out.
CREATE OR REPLACE FUNCTION change_line(p_seq bigint, c change)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(p_seq, c.id, c.transaction::text, (extract(epoch FROM c.at) * 1000000)::bigint, c.actor,
                             c.key_id, c.request_id, c.verb, c.resource, c.resource_id, c.plan_id, c.before, c.after)::text;
$$;

-- Puts these changes at the end of the order.
CREATE OR REPLACE FUNCTION change_append(p_ids bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last_seq bigint;
    last_hash bytea;
    c change;
BEGIN
    SELECT seq, hash INTO last_seq, last_hash FROM change_order ORDER BY seq DESC LIMIT 1;
    last_seq := coalesce(last_seq, 0);
    last_hash := coalesce(last_hash, decode(repeat('00', 32), 'hex'));
    FOR c IN SELECT * FROM change WHERE id = ANY (p_ids) ORDER BY id LOOP
        last_seq := last_seq + 1;
        last_hash := sha256(last_hash || convert_to(change_line(last_seq, c), 'UTF8'));
        INSERT INTO change_order (seq, change_id, hash) VALUES (last_seq, c.id, last_hash);
    END LOOP;
END $$;

-- Of the changes up to an id that a snapshot did not show, the first that are not sealed yet. Statistics
-- lag behind a record that grows at its end only: here it is always a few rows, found by their indexes.
CREATE OR REPLACE FUNCTION change_new(p_seen pg_snapshot, p_upto bigint, p_max integer)
RETURNS bigint[] LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
    was_running xid8[] := ARRAY(SELECT pg_snapshot_xip(p_seen));
BEGIN
    RETURN ARRAY(
        SELECT n.id FROM (
            SELECT id FROM change WHERE transaction = ANY (was_running)
            UNION ALL
            SELECT id FROM change WHERE transaction >= pg_snapshot_xmax(p_seen)) n
        WHERE n.id <= p_upto AND NOT EXISTS (SELECT FROM change_order o WHERE o.change_id = n.id)
        ORDER BY n.id LIMIT p_max);
END $$;

-- The same of the changes between two ids, whatever their transactions.
CREATE OR REPLACE FUNCTION change_rest(p_after bigint, p_upto bigint, p_max integer)
RETURNS bigint[] LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_custom_plan SET jit = off AS $$
BEGIN
    RETURN ARRAY(
        SELECT c.id FROM change c
        WHERE c.id > p_after AND c.id <= p_upto
          AND NOT EXISTS (SELECT FROM change_order o WHERE o.change_id = c.id AND o.change_id > p_after)
        ORDER BY c.id LIMIT p_max);
END $$;

-- Seals committed changes and says how many: fewer than p_max are all that there were, at most twice as
-- many are sealed at once; 0 also when somebody else is at it. Nobody waits for it.
--
-- A call seals what its snapshot shows, by id. Whoever changes a row has waited for the row's last
-- change to be committed and took a later id: so a change comes after those that it built on, however
-- long each transaction took. What the snapshot does not show is of a transaction that was running or
-- had not begun, and those are known by their numbers: nothing is passed over, and looking costs the
-- same however long the record is.
--
-- Only this function writes the order: the programs' logins have no right to.
CREATE OR REPLACE FUNCTION change_seal(p_max integer)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    here bigint := (SELECT system_identifier FROM pg_control_system());
    h change_horizon;
    now_seen pg_snapshot;
    now_upto bigint;
    ids bigint[];
    sealed integer := 0;
BEGIN
    -- What this transaction wrote before would count as seen, and what it writes after be missed.
    IF pg_current_xact_id_if_assigned() IS NOT NULL
       OR NOT pg_try_advisory_xact_lock(hashtext('goldenthread.seal')) THEN
        RETURN 0;
    END IF;
    -- The last id is taken before the changes are looked up: one that comes in between could be built
    -- on another that is not shown.
    SELECT pg_current_snapshot(), coalesce(max(id), 0) INTO now_seen, now_upto FROM change;
    SELECT * INTO h FROM change_horizon WHERE cluster = here;
    IF NOT FOUND THEN
        h := (true, here, now_seen, 0, now_upto);
    END IF;
    IF h.upto IS NOT NULL THEN
        ids := change_rest(h.done_to, h.upto, p_max);
        PERFORM change_append(ids);
        sealed := cardinality(ids);
        h.done_to := ids[p_max];
        h.upto := CASE WHEN cardinality(ids) = p_max THEN h.upto END;
    END IF;
    IF h.upto IS NULL THEN
        ids := change_new(h.seen, now_upto, p_max);
        PERFORM change_append(ids);
        sealed := sealed + cardinality(ids);
        h.seen := now_seen;
        h.done_to := ids[p_max];
        h.upto := CASE WHEN cardinality(ids) = p_max THEN now_upto END;
    END IF;
    IF sealed > 0 THEN
        INSERT INTO change_horizon VALUES (h.*)
        ON CONFLICT (single) DO UPDATE SET cluster = h.cluster, seen = h.seen, done_to = h.done_to, upto = h.upto;
    END IF;
    RETURN sealed;
END $$;
