-- Replaces a person's data by a pseudonym: $1 addresses, $2 names, $3 the post that they hold, $4 whatever stands against it.
SELECT jsonb_pretty(person_anonymise($1::text[], $2::text[], $3::bigint, $4::boolean)) AS body
