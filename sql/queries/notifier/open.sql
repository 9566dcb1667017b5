-- Opens an attempt: what to send, or what to render first. No row: nothing to send any more.
SELECT o.content, o.mime, o.address, o.identity, m.day, l.name AS lead_name, m.uncertain,
       extract(epoch FROM clock_timestamp())::bigint AS now
FROM message_open($1::bigint, $2::bigint) o
JOIN message m ON m.id = $1::bigint
JOIN lead l ON l.id = m.lead_id
