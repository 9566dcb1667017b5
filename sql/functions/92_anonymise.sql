-- A person's data replaced by a pseudonym, everywhere and at once, with the record of changes left verifiable: an
-- altered change keeps its place and the hash that it was sealed with, and what was done is a change itself.

DROP FUNCTION IF EXISTS person_replace(person, text, bigint);
CREATE FUNCTION person_replace(p_who person, p_text text, p_n bigint)
RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    said text := p_text;
BEGIN
    IF p_who.email_pattern IS NOT NULL THEN
        said := regexp_replace(said, p_who.email_pattern, 'former-holder-' || p_n || '@anonymised.invalid', 'gi');
    END IF;
    IF p_who.name_pattern IS NOT NULL THEN
        said := regexp_replace(said, p_who.name_pattern, 'Former holder ' || p_n, 'gi');
    END IF;
    RETURN said;
END $$;

-- Whoever holds a post, or has a message on its way, cannot be forgotten at this moment.
CREATE OR REPLACE FUNCTION person_require_gone(p_who person, p_others text[], p_force boolean)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    posts text := (SELECT string_agg(format('lead %s, "%s"', l.id, l.name), '; ' ORDER BY l.id) FROM lead l
                   WHERE lower(l.email) = ANY (p_who.emails) OR (l.email IS NULL AND l.holder = ANY (p_who.names)));
    on_its_way bigint := (SELECT min(m.id) FROM message m WHERE m.state IN ('leased', 'uncertain')
                          AND (lower(m.to_address) = ANY (p_who.emails) OR person_in(p_who, message_text(m.mime))));
BEGIN
    IF on_its_way IS NOT NULL THEN
        PERFORM refuse(409, 'conflict', format('Message %s, to them or naming them, is on its way; wait until it has ended', on_its_way));
    ELSIF posts IS NOT NULL AND NOT p_force THEN
        PERFORM refuse(409, 'conflict', format('They still hold %s. Give it another holder first, or force: it is then held by nobody', posts));
    ELSIF p_others <> '{}' AND NOT p_force THEN
        PERFORM refuse(409, 'conflict', format('The name is recorded with %s too. If that is the same person, give that address as well; '
            || 'if it is another, force: the name is replaced there too', array_to_string(p_others, ', ')));
    END IF;
END $$;

-- Emails: those to the person and those that name them lose their text; what has not left is written anew.
CREATE OR REPLACE FUNCTION person_empty_messages(p_who person)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    emptied bigint;
BEGIN
    WITH theirs AS MATERIALIZED (
        SELECT m.id, m.to_ours, m.state IN ('sent', 'cancelled', 'failed') AS over
        FROM (SELECT m.*, coalesce(lower(m.to_address) = ANY (p_who.emails), false) AS to_ours FROM message m) m
        WHERE m.to_ours OR person_in(p_who, message_text(m.mime)) OR EXISTS (
            SELECT FROM attempt t WHERE t.message_id = m.id AND lower(t.address) = ANY (p_who.emails))
    ), done AS (
        UPDATE message m SET mime = NULL, mime_sha256 = NULL,
            to_name = CASE WHEN NOT t.to_ours THEN m.to_name END, to_address = CASE WHEN NOT t.to_ours THEN m.to_address END,
            subject = NULL, emptied_at = CASE WHEN t.over THEN coalesce(m.emptied_at, clock_now()) END
        FROM theirs t WHERE m.id = t.id RETURNING 1)
    SELECT count(*) INTO emptied FROM done;
    DELETE FROM undeliverable WHERE address = ANY (p_who.emails);
    RETURN emptied;
END $$;

-- One table's text. Gives how many rows were altered.
CREATE OR REPLACE FUNCTION person_replace_in(p_who person, p_table text, p_n bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    EXECUTE (
        SELECT format('UPDATE %I t SET %s WHERE %s', p_table,
            string_agg(format('%1$I = person_replace($1, t.%1$I::text, $2)%2$s', c.field,
                              CASE WHEN c.type IN ('json', 'jsonb') THEN '::' || c.type ELSE '' END), ', '),
            string_agg(format('person_in($1, t.%I::text)', c.field), ' OR '))
        FROM person_columns() c WHERE c.relation = p_table)
    USING p_who, p_n;
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;

-- The actions that show a text which names the person. They get another version, as whoever has a copy expects.
CREATE OR REPLACE FUNCTION person_actions(p_who person)
RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT s.action_id FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE person_in(p_who, l.name::text)
        UNION SELECT t.action_id FROM timescale t WHERE person_in(p_who, t.text) OR person_in(p_who, t.reading::text)
        UNION SELECT d.action_id FROM deadline d WHERE person_in(p_who, d.label)
        UNION SELECT a.id FROM action a JOIN recommendation r ON r.id = a.recommendation_id WHERE person_in(p_who, r.number::text));
$$;

-- A post that is named after the person is another one from now on, in its normal form too.
CREATE OR REPLACE FUNCTION person_post_keys(p_who person, p_n bigint)
RETURNS void LANGUAGE sql AS $$
    UPDATE lead SET post_key = btrim(lower(regexp_replace(person_replace(p_who, name::text, p_n), '[^[:alnum:]]+', ' ', 'g')))
    WHERE person_in(p_who, name::text);
$$;

-- The record of changes, last: with what was written in this transaction. Sealed changes are noted.
CREATE OR REPLACE FUNCTION person_redact_changes(p_who person, p_n bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    PERFORM set_config('gt.redaction', 'on', true);
    UPDATE change c SET actor = person_replace(p_who, c.actor, p_n), request_id = person_replace(p_who, c.request_id, p_n),
        before = person_replace(p_who, c.before::text, p_n)::jsonb - 'salt', after = person_replace(p_who, c.after::text, p_n)::jsonb - 'salt'
    WHERE person_in(p_who, c.actor) OR person_in(p_who, c.request_id) OR person_in(p_who, c.before::text)
       OR person_in(p_who, c.after::text);
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('gt.redaction', '', true);
    RETURN changed;
END $$;

-- What is hashed of a redaction: of each sealed change that it altered the place, the hash that stays, and the digest
-- of what it says now. sql/queries/change/redactions.sql spells the same out.
CREATE OR REPLACE FUNCTION redaction_lines(p_n bigint)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(string_agg(o.seq || ':' || encode(o.hash, 'hex') || ':' || encode(r.sha256, 'hex') || E'\n', '' ORDER BY o.seq), '')
    FROM change_redaction r JOIN change_order o ON o.change_id = r.change_id WHERE r.redaction_id = p_n;
$$;

-- Nobody writes meanwhile, so that no copy is made of what is being replaced; reading goes on.
CREATE OR REPLACE FUNCTION person_lock()
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('goldenthread.seal'));
    PERFORM set_config('lock_timeout', '10s', true);
    EXECUTE (SELECT 'LOCK TABLE ' || string_agg(DISTINCT format('%I', relation), ', ') || ' IN SHARE ROW EXCLUSIVE MODE'
             FROM person_columns());
END $$;

DROP FUNCTION IF EXISTS person_anonymise(text[], text[], bigint, boolean);
CREATE FUNCTION person_anonymise(p_emails text[], p_names text[], p_lead bigint, p_force boolean)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    f record;
    n bigint := nextval(pg_get_serial_sequence('redaction', 'id'));
    one text;
    altered bigint;
    replaced jsonb := '{}';
    actions bigint[];
    sealed bigint[];
BEGIN
    PERFORM person_lock();
    SELECT * INTO f FROM person_find(p_emails, p_names, p_lead);
    PERFORM person_require_gone(f.who, f.other_emails, p_force);
    PERFORM act_as('command line', NULL, NULL);
    UPDATE lead SET holder = NULL, email = NULL, away_from = NULL, away_until = NULL
    WHERE lower(email) = ANY ((f.who).emails) OR (email IS NULL AND holder = ANY ((f.who).names));
    GET DIAGNOSTICS altered = ROW_COUNT;
    replaced := replaced || jsonb_build_object('lead', altered, 'message', person_empty_messages(f.who));
    actions := person_actions(f.who);
    sealed := ARRAY(SELECT c.id FROM change c JOIN change_order o ON o.change_id = c.id
                    WHERE person_in(f.who, c.actor) OR person_in(f.who, c.request_id) OR person_in(f.who, c.before::text)
                       OR person_in(f.who, c.after::text));
    PERFORM person_post_keys(f.who, n);
    FOR one IN SELECT DISTINCT relation FROM person_columns() WHERE relation <> 'change' LOOP
        altered := person_replace_in(f.who, one, n);
        replaced := replaced || jsonb_build_object(one, coalesce((replaced->>one)::bigint, 0) + altered);
    END LOOP;
    UPDATE action SET updated_at = clock_now() WHERE id = ANY (actions);
    replaced := replaced || jsonb_build_object('change', person_redact_changes(f.who, n));
    INSERT INTO change_redaction (change_id, redaction_id, sha256)
    SELECT c.id, n, sha256(convert_to(change_line(o.seq, c), 'UTF8'))
    FROM change c JOIN change_order o ON o.change_id = c.id WHERE c.id = ANY (sealed);
    replaced := (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(replaced) WHERE value <> '0');
    INSERT INTO redaction (id, pseudonym, replaced, changes, sha256, created_at)
    VALUES (n, 'Former holder ' || n, replaced, cardinality(sealed), sha256(convert_to(redaction_lines(n), 'UTF8')), clock_now());
    RETURN jsonb_build_object('redaction', n, 'pseudonym', 'Former holder ' || n, 'replaced', replaced,
                              'sealed_changes', cardinality(sealed));
END $$;
