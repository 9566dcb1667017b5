-- Empties or deletes some of what is past its time: $1 now, $2 days by class, $3 rows of each class, $4 even if done today.
SELECT r.class, instant(r.before) AS before, r.done, r.more
FROM retention_run(coalesce($1::timestamptz, clock_timestamp()), $2::jsonb, $3::integer, $4::boolean) r;
