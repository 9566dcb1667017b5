-- Extends the leases of what is under way. Returns how many are still ours.
SELECT message_hold($1::bigint[], $2::integer)
