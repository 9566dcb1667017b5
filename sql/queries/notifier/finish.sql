-- Records how an attempt ended. False: the lease was lost.
SELECT message_finish($1::bigint, $2::bigint, $3, $4::integer, $5::integer, $6::integer, $7)
