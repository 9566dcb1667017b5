-- Writes the events that the passing of days makes. Returns how many.
SELECT event_due(coalesce($1::timestamptz, clock_timestamp()))
