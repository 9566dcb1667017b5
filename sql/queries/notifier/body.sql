-- Says that bodies are about to leave. Returns the tokens of those that may.
SELECT attempt_body($1::bigint[], $2::bigint[])
