UPDATE api_key SET last_used_at = clock_now() WHERE digest = $1::bytea;
