-- Says that the body is about to leave. False: it must not.
SELECT attempt_body($1::bigint, $2::bigint)
