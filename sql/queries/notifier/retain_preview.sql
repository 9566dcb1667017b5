-- What of each class is past its time: $1 now, $2 days by class.
SELECT row_to_json(x) FROM (
    SELECT r.class, instant(r.before) AS before, r.count AS rows, instant(r.oldest) AS oldest
    FROM retention_preview(coalesce($1::timestamptz, clock_timestamp()), $2::jsonb) r) x;
