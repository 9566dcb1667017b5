-- $1 caller, $2 from, $3 to, $4 plan, $5 lead: what the sender will send on those days, if nothing else changes
SELECT x.body, md5(x.body) AS etag
FROM live_key k
CROSS JOIN LATERAL (
    SELECT json_build_object('from', $2::date, 'to', $3::date, 'items', coalesce(json_agg(f.body), '[]'),
                             'next_cursor', NULL)::text AS body
    FROM reminder_forecast(ARRAY(
        SELECT s FROM plans_sending_from(clock_now(), $2::date, $3::date) s JOIN plan p ON p.id = s.plan_id
        WHERE sees(k.plan_ids, p.id) AND ($4::text IS NULL OR p.slug = $4 OR p.id::text = $4))) f
    WHERE f.day >= $2::date AND ($5::bigint IS NULL OR f.lead_id = $5::bigint)) x
WHERE k.digest = $1::bytea;
