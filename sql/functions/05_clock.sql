-- What time it is, for every function and view: one place to ask, so that a test can live in another year.

CREATE OR REPLACE FUNCTION clock_now()
RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT now();
$$;
