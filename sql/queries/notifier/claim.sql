-- Locks messages that are due and says what to send, or what to render first.
SELECT c.*, extract(epoch FROM clock_timestamp())::bigint AS now
FROM message_claim($1::integer, coalesce($2::timestamptz, clock_timestamp()), $3, '{reminder,summary,webhook}') c
