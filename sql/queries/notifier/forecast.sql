-- What would be sent at a moment, one JSON object a row. The transaction cannot write.
WITH guard AS MATERIALIZED (SELECT set_config('transaction_read_only', 'on', true))
SELECT f.body
FROM guard, reminder_forecast(ARRAY(SELECT s FROM plans_sending(coalesce($1::timestamptz, clock_timestamp())) s)) f
