UPDATE api_key SET last_used_at = now() WHERE digest = $1::bytea;
