-- Which programs this schema still serves: those of every release whose newest migration is this one or
-- a later one. So that an upgrade needs no pause, the schema goes first and the programs of the release
-- before it go on until they are exchanged. A change that they could not live with moves this on.

CREATE OR REPLACE FUNCTION schema_serves_since()
RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '0015_delivery' $$;
