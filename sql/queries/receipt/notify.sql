-- $1 nobody, $2 Notify's id, $3 reference, $4 delivery, $5 when: a message that is not ours is no fault of Notify's
SELECT message_delivery($2, $3, $4, $5::timestamptz) AS news WHERE $1::bytea IS NULL;
