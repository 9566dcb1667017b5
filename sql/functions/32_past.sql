-- The past: what the tables held at a moment, read from the record of changes. The schema "past" has a
-- view of each table that has a history, and each representation of 30_view.sql made again over those.
-- A statement that runs with the search path "past, public" (past_open) then says what it would have
-- said at that moment, word for word the same statement. Keys are always today's: live_key is not here.

CREATE SCHEMA IF NOT EXISTS past;

-- Everything recorded before this moment had happened.
CREATE OR REPLACE FUNCTION past.moment()
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT current_setting('gt.as_of')::timestamptz;
$$;

CREATE OR REPLACE FUNCTION past.clock_now()
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT past.moment() - interval '1 microsecond';
$$;

-- Each row of the past is looked up in the record, so what reads few rows is what is fast: off forbids
-- plans that take whole tables to join or to sort them.
CREATE OR REPLACE FUNCTION past_planner(p_whole_tables text)
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('enable_hashjoin', p_whole_tables, true), set_config('enable_mergejoin', p_whole_tables, true),
           set_config('enable_seqscan', p_whole_tables, true), set_config('enable_sort', p_whole_tables, true);
$$;

-- From here to the end of the transaction, statements read what was there before p_at.
CREATE OR REPLACE FUNCTION past_open(p_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('gt.as_of', least(p_at, public.clock_now() + interval '1 microsecond')::text, true);
    PERFORM set_config('search_path', 'past, public', true);
    PERFORM past_planner('off');
END $$;

CREATE OR REPLACE FUNCTION past_close()
RETURNS void LANGUAGE sql AS $$
    SELECT set_config('search_path', 'public', true), past_planner('on');
$$;

-- A day is over at its midnight in the council's country.
CREATE OR REPLACE FUNCTION past_end_of(p_day date)
RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (p_day + 1)::timestamp AT TIME ZONE 'Europe/London';
$$;

CREATE OR REPLACE FUNCTION past_open_day(p_day date)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_day > (public.clock_now() AT TIME ZONE 'Europe/London')::date THEN
        PERFORM refuse(400, 'bad_parameter', 'A day in the future cannot be read yet', '?as_of');
    END IF;
    PERFORM past_open(past_end_of(p_day));
END $$;

-- The tables. Rows are found by the keys that they have for ever in today's tables, so that what is
-- indexed there is indexed here; everything else is as the newest change before the moment left it.
DO $$
DECLARE
    name text;
    columns text;
BEGIN
    FOREACH name IN ARRAY ARRAY['plan', 'recommendation', 'action', 'lead', 'timescale', 'deadline', 'update'] LOOP
        SELECT string_agg(CASE WHEN a.attname IN ('id', 'plan_id', 'action_id', 'timescale_id')
                               THEN format('t.%1$I', a.attname) ELSE format('(h.was).%1$I', a.attname) END,
                          ', ' ORDER BY a.attnum) INTO columns
        FROM pg_attribute a WHERE a.attrelid = format('public.%I', name)::regclass AND a.attnum > 0 AND NOT a.attisdropped;
        EXECUTE format('DROP VIEW IF EXISTS past.%I CASCADE', name);
        EXECUTE format(
            'CREATE VIEW past.%1$I AS SELECT %2$s FROM public.%1$I t CROSS JOIN LATERAL (
                 SELECT c.after, jsonb_populate_record(NULL::public.%1$I, c.after) AS was FROM public.change c
                 WHERE c.resource = %1$L AND c.resource_id = t.id AND c.at < past.moment()
                 ORDER BY c.id DESC LIMIT 1) h
             WHERE h.after IS NOT NULL', name, columns);
    END LOOP;
END $$;

-- Assignments end for good, so today's table does not have them all: each is its own newest change
-- before the moment.
DROP VIEW IF EXISTS past.assignment CASCADE;
CREATE VIEW past.assignment AS
SELECT c.resource_id AS action_id, (coalesce(c.after, c.before)->>'lead_id')::bigint AS lead_id,
       (c.after->>'role')::assignment_role AS role, (c.after->>'position')::smallint AS position
FROM public.change c
WHERE c.resource = 'assignment' AND c.at < past.moment() AND c.after IS NOT NULL AND NOT EXISTS (
    SELECT FROM public.change n
    WHERE n.resource = 'assignment' AND n.resource_id = c.resource_id AND n.id > c.id AND n.at < past.moment()
      AND (coalesce(n.after, n.before)->>'lead_id')::bigint = (coalesce(c.after, c.before)->>'lead_id')::bigint);

-- The representations: made from the same words as today's.
DO $$
DECLARE
    name text;
    words text;
BEGIN
    FOREACH name IN ARRAY ARRAY['lead_json', 'plan_json', 'recommendation_json', 'action_made', 'action_json',
                                'update_json', 'timescale_json'] LOOP
        PERFORM set_config('search_path', 'public', true);
        words := pg_get_viewdef(format('public.%I', name)::regclass);
        PERFORM set_config('search_path', 'past, public', true);
        EXECUTE format('DROP VIEW IF EXISTS past.%I CASCADE', name);
        EXECUTE format('CREATE VIEW past.%I AS %s', name, words);
    END LOOP;
    PERFORM set_config('search_path', 'public', true);
END $$;
