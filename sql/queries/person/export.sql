-- Everything held about a person: $1 addresses, $2 names, $3 the post that they hold.
SELECT jsonb_pretty(person_export($1::text[], $2::text[], $3::bigint)) AS body
