-- Says that a pass has finished, for health checks.
INSERT INTO notifier_pass (finished_at, planned_at)
VALUES (clock_timestamp(), coalesce($1::timestamptz, clock_timestamp()))
ON CONFLICT (single) DO UPDATE SET finished_at = excluded.finished_at, planned_at = excluded.planned_at
