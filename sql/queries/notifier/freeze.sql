-- Keeps the rendered message, before the first try.
SELECT message_freeze($1::bigint, $2::bigint, $3, $4::bigint, $5, $6, $7, $8::bytea)
