-- $1 caller, $2 action, $3 the moment to look from, or NULL for now. The tag leaves out the moment
-- itself, so that it holds as long as nothing else changes.
SELECT x.body, md5((x.body::jsonb - 'at')::text) AS etag
FROM live_key k JOIN action a ON a.id = $2::bigint AND sees(k.plan_ids, a.plan_id)
CROSS JOIN LATERAL (SELECT action_reminders(a.id, coalesce($3::timestamptz, clock_now()))::text AS body) x
WHERE k.digest = $1::bytea;
