-- Takes back the deliveries of notifiers that are gone.
SELECT delivery_reap($1::integer)
