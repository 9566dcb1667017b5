-- The feed of changes: a page of the record in its final order, from a place on.

-- A place in the record: the last change before it and the hash that seals everything up to there, as
-- "57:9f86…". So a place also knows when the record is not the one that it was taken from.
CREATE OR REPLACE FUNCTION change_place(p_seq bigint)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT p_seq || ':' || coalesce((SELECT encode(hash, 'hex') FROM change_order WHERE seq = p_seq), repeat('00', 32));
$$;

-- NULL: the beginning; 'latest': the end.
CREATE OR REPLACE FUNCTION change_place_seq(p_place text)
RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
    place_seq bigint := CASE
        WHEN p_place = 'latest' THEN coalesce((SELECT max(seq) FROM change_order), 0)
        ELSE coalesce(split_part(p_place, ':', 1)::bigint, 0) END;
BEGIN
    IF p_place <> 'latest' AND p_place <> change_place(place_seq) THEN
        PERFORM refuse(410, 'place_gone', 'The record does not hold this place: the database was restored from an '
            || 'earlier copy, or the record was altered. Read everything again, then follow from after=latest', '?after');
    END IF;
    RETURN place_seq;
END $$;

-- Looks at no more than 10,000 changes, so that a filter which fits few of them costs no more than
-- one that fits all; the page may then be short, and the next one goes on behind what was looked at.
DROP FUNCTION IF EXISTS change_page(bytea, integer, text, text, text);
CREATE OR REPLACE FUNCTION change_page(p_digest bytea, p_limit integer, p_after text, p_plan text, p_resource text)
RETURNS TABLE (body json, next_cursor text) LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan SET jit = off AS $$
DECLARE
    k live_key;
    sealed integer;
    from_seq bigint;
    to_seq bigint;
    last_seq bigint;
    items json;
    place text;
BEGIN
    SELECT * INTO k FROM live_key WHERE digest = p_digest;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    sealed := change_seal(1000);
    from_seq := change_place_seq(p_after);
    SELECT coalesce(max(seq), 0) INTO last_seq FROM change_order;
    SELECT coalesce(json_agg(f.body ORDER BY f.seq), '[]'),
           CASE WHEN count(*) = p_limit THEN max(f.seq) ELSE least(from_seq + 10000, last_seq) END
    INTO items, to_seq
    FROM (SELECT j.seq, j.body FROM change_json j
          WHERE j.seq > from_seq AND j.seq <= from_seq + 10000
            AND (k.plan_ids IS NULL OR j.plan_id = ANY (k.plan_ids))
            AND (k.role = 'admin' OR j.resource NOT IN ('api_key', 'webhook', 'webhook_secret'))
            AND (p_plan IS NULL OR j.slug = p_plan OR j.plan_id::text = p_plan)
            AND (p_resource IS NULL OR j.resource = p_resource)
          ORDER BY j.seq LIMIT p_limit) f;
    place := change_place(to_seq);
    next_cursor := CASE WHEN to_seq < last_seq OR sealed >= 1000 THEN place END;
    body := json_build_object('items', items, 'next_cursor', next_cursor, 'next_after', place);
    RETURN NEXT;
END $$;
