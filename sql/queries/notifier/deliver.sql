-- Records how posts ended and takes deliveries that are due: $1 results, $2 how many days of failures turn a webhook
-- off, $3 how many to take, $4 for how long, $5 that were due so many seconds ago, $6 who asks, $7 of which webhooks it
-- wants some ahead, $8 how many of each.
SELECT id, token, attempt, round, event, payload, webhook, url, secret, secret_before
FROM delivery_turn($1::jsonb, $2::integer, $3::integer, $4::integer, $5::double precision, $6::bigint, $7::bigint[], $8::integer[])
