-- Takes messages that are due under a lease.
SELECT id, token, attempt
FROM message_claim($1::integer, $2::integer, coalesce($3::timestamptz, clock_timestamp()))
