-- Leases what was locked and keeps what was rendered. Returns how many.
SELECT message_lease($1::integer, $2::boolean, $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::text[],
                     $8::text[], $9::text[], $10::bytea[])
