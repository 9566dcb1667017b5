-- $1 digest. Notes the use; gives when the key expires if that is within 14 days.
UPDATE api_key SET last_used_at = clock_now() WHERE digest = $1::bytea
RETURNING id, CASE WHEN expires_at < clock_now() + interval '14 days' THEN instant(expires_at) END AS expires;
