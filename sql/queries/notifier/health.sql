-- How many seconds ago the last pass finished; no row: never.
SELECT greatest(0, extract(epoch FROM clock_timestamp() - finished_at))::bigint FROM notifier_pass
