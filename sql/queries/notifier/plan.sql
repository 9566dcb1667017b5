-- Writes what is owed into the ledgers. NULL: another replica is at it.
SELECT reminder_plan(coalesce($1::timestamptz, clock_timestamp()))
