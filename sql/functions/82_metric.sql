-- What the notifier leaves behind, as numbers to watch; the API tells them at /metrics. None names a person.

-- Labels as Prometheus writes them.
CREATE OR REPLACE FUNCTION metric_label(p_name text, p_value text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('{%s="%s"}', p_name, p_value);
$$;

CREATE OR REPLACE FUNCTION metric_seconds(p_at timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT round(extract(epoch FROM p_at), 3)::text;
$$;

-- In the order in which they are told: the rows of one name follow each other.
CREATE OR REPLACE FUNCTION metric_list()
RETURNS TABLE (name text, type text, help text, labels text, value text) LANGUAGE sql STABLE AS $$
    WITH recent AS MATERIALIZED (
        SELECT m.state, m.attempts, m.uncertain FROM message m WHERE m.day > (clock_now() AT TIME ZONE 'UTC')::date - 7
    ), waiting AS MATERIALIZED (
        SELECT m.state, m.created_at, m.next_at FROM message m
        WHERE m.state IN ('queued', 'retry', 'uncertain', 'leased')
    ), state AS (
        SELECT s::text AS word FROM unnest(enum_range(NULL::message_state)) s
    )
    SELECT 'goldenthread_messages_waiting', 'gauge', 'Messages that are not sent yet, by state.',
           metric_label('state', s), (SELECT count(*) FROM waiting w WHERE w.state::text = s)::text
    FROM unnest('{queued,leased,retry,uncertain}'::text[]) s
    UNION ALL
    SELECT 'goldenthread_message_oldest_waiting_seconds', 'gauge', 'Age of the oldest message that should have been sent.', '',
           coalesce(round(extract(epoch FROM clock_now() - min(w.created_at) FILTER (WHERE w.next_at <= clock_now())), 3), 0)::text
    FROM waiting w
    UNION ALL
    SELECT 'goldenthread_messages_recent', 'gauge', 'Messages of the last 7 days, by state.',
           metric_label('state', s.word), (SELECT count(*) FROM recent r WHERE r.state::text = s.word)::text
    FROM state s
    UNION ALL
    SELECT 'goldenthread_message_retries_recent', 'gauge', 'Attempts beyond the first, at messages of the last 7 days.', '',
           coalesce(sum(greatest(r.attempts - 1, 0)), 0)::text FROM recent r
    UNION ALL
    SELECT 'goldenthread_message_uncertain_recent', 'gauge',
           'Attempts whose outcome is not known, at messages of the last 7 days.', '',
           coalesce(sum(r.uncertain), 0)::text FROM recent r
    UNION ALL
    SELECT 'goldenthread_reminders_unroutable_recent', 'gauge', 'Reminders and summaries of the last 7 days that nobody could be sent.', '',
           ((SELECT count(*) FROM reminder r WHERE r.unroutable AND r.day > (clock_now() AT TIME ZONE 'UTC')::date - 7)
            + (SELECT count(*) FROM summary s WHERE s.state = 'unroutable' AND s.day > (clock_now() AT TIME ZONE 'UTC')::date - 7))::text
    UNION ALL
    SELECT 'goldenthread_reminders_held', 'gauge', 'Reminders that wait for goldenthread-notifier approve.', '',
           coalesce((SELECT h.reminders FROM held_day h
                     WHERE h.decision IS NULL AND h.seen_at > clock_now() - interval '1 day'
                     ORDER BY h.day DESC LIMIT 1), 0)::text
    UNION ALL
    SELECT 'goldenthread_sending_open', 'gauge', 'Whether emails of any plan may leave now: a working day, between its hours.', '',
           (EXISTS (SELECT FROM plans_sending(clock_now())))::integer::text
    UNION ALL
    SELECT 'goldenthread_webhooks', 'gauge', 'Webhooks, by state.',
           metric_label('state', s::text), (SELECT count(*) FROM webhook w WHERE w.state = s)::text
    FROM unnest(enum_range(NULL::webhook_state)) s
    UNION ALL
    SELECT 'goldenthread_delivery_oldest_waiting_seconds', 'gauge', 'Age of the oldest event that an active webhook has not had.', '',
           coalesce(round(extract(epoch FROM clock_now() - min(e.created_at)), 3), 0)::text
    FROM webhook w
    JOIN LATERAL (SELECT min(d.event_id) AS id FROM delivery d
                  WHERE d.webhook_id = w.id AND d.state IN ('queued', 'retry', 'leased')) o ON true
    JOIN event e ON e.id = o.id WHERE w.state = 'active'
    UNION ALL
    SELECT 'goldenthread_restored_held', 'gauge', 'Whether a restore waits for goldenthread-notifier resume.', '',
           sending_held()::integer::text
    UNION ALL
    SELECT 'goldenthread_webhooks_disabled', 'gauge', 'Webhooks that were turned off after failures.', '',
           (SELECT count(*) FROM webhook w WHERE w.state = 'disabled')::text
    UNION ALL
    SELECT 'goldenthread_webhooks_disabled_untold', 'gauge', 'Those of them whose owner could not be told by email.', '',
           (SELECT count(*) FROM webhook w
            JOIN LATERAL (SELECT n.message_id FROM webhook_notice n WHERE n.webhook_id = w.id ORDER BY n.id DESC LIMIT 1) n ON true
            LEFT JOIN message m ON m.id = n.message_id
            WHERE w.state = 'disabled' AND (m.id IS NULL OR m.state IN ('cancelled', 'failed')))::text
    UNION ALL
    SELECT 'goldenthread_notifier_last_pass_timestamp_seconds', 'gauge', 'When the notifier last completed a pass.', '',
           coalesce((SELECT metric_seconds(p.finished_at) FROM notifier_pass p), '0')
    UNION ALL
    SELECT 'goldenthread_notifier_last_plan_timestamp_seconds', 'gauge', 'Up to which moment reminders are planned.', '',
           coalesce((SELECT metric_seconds(p.planned_at) FROM notifier_pass p), '0')
    UNION ALL
    SELECT 'goldenthread_changes_sealed', 'gauge', 'The newest place of the record of changes in its final order.', '',
           (SELECT coalesce(max(o.seq), 0) FROM change_order o)::text;
$$;
