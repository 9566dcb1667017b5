-- What would be sent at a moment, one JSON object a row. The transaction cannot write.
WITH guard AS MATERIALIZED (
    SELECT coalesce($1::timestamptz, clock_timestamp()) AS at, set_config('transaction_read_only', 'on', true)
)
SELECT f.body
FROM guard g CROSS JOIN LATERAL reminder_forecast(ARRAY(SELECT s FROM plans_sending(g.at) s)) f
WHERE (f.lead_id, f.day) NOT IN (SELECT w.lead_id, w.day FROM leads_waiting(g.at) w)
