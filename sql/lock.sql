-- Before a migration: every table and view of ours, for this transaction alone.
--
-- Programs work meanwhile. They must neither wait for long nor lose a deadlock, so all locks are taken
-- before anything is done, and none is waited for as long as PostgreSQL waits before it looks for
-- deadlocks (1 s): who does not get one gives up all of them and begins anew. A lock that could not be
-- had is held by somebody who waits for one of ours; it is asked for first the next time, so that the
-- order becomes the one in which the programs take theirs.
DO $lock$
DECLARE
    names    text[] := (SELECT array_agg(oid::regclass::text ORDER BY relkind DESC, oid) FROM pg_class
                        WHERE relnamespace IN (to_regnamespace('public'), to_regnamespace('past'))
                          AND relkind IN ('r', 'v') AND relowner = 'gt_owner'::regrole);
    name     text;
    wait_ms  integer := 50;
    give_up  timestamptz := clock_timestamp() + interval '60 s';
BEGIN
    LOOP
        PERFORM set_config('lock_timeout', wait_ms || 'ms', true);
        BEGIN
            FOREACH name IN ARRAY coalesce(names, '{}') LOOP
                EXECUTE format('LOCK TABLE %s', name);
            END LOOP;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            IF clock_timestamp() > give_up THEN
                RAISE EXCEPTION 'the programs left no moment free in 60 s: % was in use', name;
            END IF;
            names := name || array_remove(names, name);
            wait_ms := least(wait_ms + 50, 800);
        END;
        PERFORM pg_sleep(0.05);
    END LOOP;
END $lock$;
