-- What is held about one person: found by address and name wherever text is kept, whatever table it is in.

-- A name as a pattern. Between its words anything but letters may stand, and within them where it has a mark, so
-- that "Jane O'Neil" is found as "JANE O&#39;NEIL", as "jane oneil" and over the end of a line. What is not ASCII may
-- be written as quoted-printable has it.
CREATE OR REPLACE FUNCTION person_pattern_of_name(p_name text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(CASE
        WHEN m.part[1] !~ '[[:alnum:]]' THEN '(?:[^[:alnum:]]|&#?[[:alnum:]]{2,6};|\\[nrt]){'
            || CASE WHEN m.part[1] ~ '[[:space:]]' THEN '1' ELSE '0' END || ',6}'
        WHEN m.part[1] ~ '[[:ascii:]]' THEN m.part[1]
        ELSE '(?:' || m.part[1] || '|' || regexp_replace(upper(encode(convert_to(m.part[1], 'UTF8'), 'hex')), '(..)', '=\1', 'g') || ')'
        END, '' ORDER BY m.n)
    FROM regexp_matches(regexp_replace(p_name, '^[^[:alnum:]]+|[^[:alnum:]]+$', '', 'g'), '[[:alnum:]]|[^[:alnum:]]+', 'g') WITH ORDINALITY m (part, n);
$$;

CREATE OR REPLACE FUNCTION person_pattern_of_email(p_email text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(regexp_replace(p_email, '([^[:alnum:]@])', '\\\1', 'g'), '@', '(?:@|%40|=40)');
$$;

-- Who is meant: names, addresses in lower case, and what to look for, case aside. The ends of what is
-- found are no letters; the "n" of JSON's "\n" is none.
DROP TYPE IF EXISTS person CASCADE;
CREATE TYPE person AS (names text[], emails text[], name_pattern text, email_pattern text);

CREATE FUNCTION person_of(p_names text[], p_emails text[])
RETURNS person LANGUAGE sql IMMUTABLE AS $$
    SELECT p_names, p_emails,
        '(?:(?<![[:alnum:]])|(?<=\\[nrt]))(?:' || (SELECT string_agg(person_pattern_of_name(n), '|' ORDER BY length(n) DESC)
                                                      FROM unnest(p_names) n) || ')(?![[:alnum:]])',
        '(?:(?<![[:alnum:]._%+-])|(?<=\\[nrt]))(?:' || (SELECT string_agg(person_pattern_of_email(e), '|') FROM unnest(p_emails) e)
            || ')(?![[:alnum:]-]|\.[[:alnum:]])';
$$;

CREATE FUNCTION person_in(p_who person, p_text text)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(p_text ~* p_who.email_pattern, false) OR coalesce(p_text ~* p_who.name_pattern, false);
$$;

-- What is frozen of an email as one can search it: quoted-printable breaks lines anywhere.
CREATE OR REPLACE FUNCTION message_text(p_mime bytea)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT regexp_replace(convert_from(p_mime, 'UTF8'), '=\r?\n', '', 'g');
$$;

-- Every post that anybody held, now or once, with the name and the address recorded together.
CREATE OR REPLACE FUNCTION person_posts()
RETURNS TABLE (lead_id bigint, holder text, email text) LANGUAGE sql STABLE AS $$
    SELECT l.id, l.holder::text, lower(l.email) FROM lead l
    UNION
    SELECT c.resource_id, r.row->>'holder', lower(r.row->>'email')
    FROM change c CROSS JOIN LATERAL (VALUES (c.before), (c.after)) r (row) WHERE c.resource = 'lead' AND r.row IS NOT NULL;
$$;

-- The person whom addresses, names or the post that they hold now mean. Names recorded with their addresses are
-- theirs; "other_emails" are addresses recorded with one of these names: perhaps theirs, perhaps of a namesake.
DROP FUNCTION IF EXISTS person_find(text[], text[], bigint);
CREATE FUNCTION person_find(p_emails text[], p_names text[], p_lead bigint, OUT who person, OUT other_emails text[])
LANGUAGE plpgsql STABLE AS $$
DECLARE
    emails text[] := ARRAY(SELECT DISTINCT lower(btrim(e)) FROM unnest(p_emails) e);
    names text[] := ARRAY(SELECT btrim(n) FROM unnest(p_names) n);
    held lead;
BEGIN
    IF p_lead IS NOT NULL THEN
        SELECT * INTO held FROM lead WHERE id = p_lead;
        IF held.id IS NULL OR num_nonnulls(held.holder, held.email) = 0 THEN
            PERFORM refuse(404, 'not_found', 'Nobody holds this post, or there is no such lead');
        END IF;
        emails := emails || ARRAY(SELECT lower(held.email) WHERE held.email IS NOT NULL);
        names := names || ARRAY(SELECT held.holder::text WHERE held.holder IS NOT NULL);
    END IF;
    names := ARRAY(
        SELECT DISTINCT n FROM (
            SELECT unnest(names) AS n
            UNION SELECT p.holder FROM person_posts() p WHERE p.email = ANY (emails) AND p.holder IS NOT NULL) a);
    IF EXISTS (SELECT FROM unnest(names) n WHERE length(regexp_replace(n, '[^[:alnum:]]', '', 'g')) < 4)
       OR EXISTS (SELECT FROM unnest(emails) e WHERE e !~ '^[^@[:space:]]+@[^@[:space:]]+$') THEN
        PERFORM refuse(422, 'invalid', 'A name needs four letters at least, and an address an @: too much would be found');
    END IF;
    IF cardinality(names) + cardinality(emails) = 0 THEN
        PERFORM refuse(422, 'invalid', 'Say who is meant');
    END IF;
    who := person_of(names, emails);
    other_emails := ARRAY(SELECT DISTINCT p.email FROM person_posts() p
                          WHERE p.holder = ANY (names) AND p.email <> ALL (emails) ORDER BY 1);
END $$;

-- Where text is kept: every column of a table of ours that can hold a word. Keys' digests and webhooks' secrets are
-- none; the chain of the record and what the programs themselves bring along name nobody.
CREATE OR REPLACE FUNCTION person_columns()
RETURNS TABLE (relation text, field text, type text) LANGUAGE sql STABLE AS $$
    SELECT c.relname::text, a.attname::text, t.typname::text
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    JOIN pg_type t ON t.oid = CASE (SELECT typtype FROM pg_type WHERE oid = a.atttypid)
        WHEN 'd' THEN (SELECT typbasetype FROM pg_type WHERE oid = a.atttypid) ELSE a.atttypid END
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = 'gt_owner'::regrole
      AND t.typname IN ('text', 'varchar', 'json', 'jsonb')
      AND c.relname NOT IN ('change_order', 'migration', 'migration_functions', 'bank_holiday', 'retention', 'redaction')
    ORDER BY c.relname, a.attnum;
$$;

-- A statement's condition: some column of the table names the person ($1).
CREATE OR REPLACE FUNCTION person_condition(p_table text)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(format('person_in($1, t.%I::text)', c.field), ' OR ' ORDER BY c.field)
        || CASE p_table WHEN 'message' THEN ' OR person_in($1, message_text(t.mime))' ELSE '' END
    FROM person_columns() c WHERE c.relation = p_table;
$$;

-- A table's rows that name the person, as they are stored: bytes of emails as text, keys' digests left out.
CREATE OR REPLACE FUNCTION person_rows(p_who person, p_table text)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    found_rows jsonb;
BEGIN
    EXECUTE format('SELECT jsonb_agg(%s ORDER BY t.ctid) FROM %I t WHERE %s', CASE p_table
        WHEN 'message' THEN 'to_jsonb(t) || jsonb_build_object(''mime'', convert_from(t.mime, ''UTF8''))'
        ELSE 'to_jsonb(t) - ''{digest,salt,fingerprint}''::text[]' END, p_table, person_condition(p_table))
    INTO found_rows USING p_who;
    RETURN found_rows;
END $$;

-- Everything held about a person, as one document. "held": rows by table; what is not there, nothing is held of.
CREATE OR REPLACE FUNCTION person_export(p_emails text[], p_names text[], p_lead bigint)
RETURNS jsonb LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
DECLARE
    f record;
    one text;
    one_rows jsonb;
    held jsonb := '{}';
BEGIN
    SELECT * INTO f FROM person_find(p_emails, p_names, p_lead);
    FOR one IN SELECT DISTINCT relation FROM person_columns() LOOP
        one_rows := person_rows(f.who, one);
        IF one_rows IS NOT NULL THEN
            held := held || jsonb_build_object(one, one_rows);
        END IF;
    END LOOP;
    -- Of what hangs on a message to them, what does not name them: each try, and the reminders it carried.
    RETURN jsonb_build_object(
        'exported_at', instant(clock_now()),
        'person', jsonb_build_object('names', (f.who).names, 'emails', (f.who).emails, 'other_emails', f.other_emails),
        'posts', (SELECT coalesce(jsonb_agg(jsonb_build_object('lead', l.id, 'name', l.name, 'now', coalesce(lower(l.email) = ANY ((f.who).emails), false)
                                                OR coalesce(l.email IS NULL AND l.holder = ANY ((f.who).names), false)) ORDER BY l.id), '[]')
                  FROM lead l WHERE l.id IN (SELECT p.lead_id FROM person_posts() p WHERE p.email = ANY ((f.who).emails)
                                             OR (p.email IS NULL AND p.holder = ANY ((f.who).names)))),
        'reminders', (SELECT coalesce(jsonb_agg(j.body ORDER BY j.id), '[]') FROM reminder r JOIN reminder_json j ON j.id = r.id
                      JOIN message m ON m.id = r.message_id WHERE lower(m.to_address) = ANY ((f.who).emails)),
        'held', held);
END $$;
