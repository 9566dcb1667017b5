-- Records how attempts ended. Returns the tokens of those whose lease was still ours.
SELECT message_finish($1::bigint[], $2::bigint[], $3::text[], $4::integer[], $5::integer[], $6::integer[], $7::text[],
                      $8::text[])
