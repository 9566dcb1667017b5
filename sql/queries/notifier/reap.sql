-- Takes back the leases of notifiers that are gone.
SELECT id, outcome FROM message_reap($1::integer, $2::integer)
