-- The chain after $1, $2 links at the most; "what" is NULL where the change is gone. What is hashed
-- (change_line) is spelled out, so that no function of the database can tell the verifier anything but
-- what the rows hold. "redacted": the digest of what the last redaction left of it.
SELECT o.seq, o.change_id, encode(o.hash, 'hex') AS hash,
       (SELECT encode(r.sha256, 'hex') FROM change_redaction r WHERE r.change_id = o.change_id
        ORDER BY r.redaction_id DESC LIMIT 1) AS redacted,
       c.resource || ' ' || c.resource_id || ', ' || c.verb || ' ' || c.at AS what,
       jsonb_build_array(o.seq, c.id, c.transaction::text, (extract(epoch FROM c.at) * 1000000)::bigint, c.actor,
                         c.key_id, c.request_id, c.verb, c.resource, c.resource_id, c.plan_id, c.before, c.after)::text AS line
FROM change_order o LEFT JOIN change c ON c.id = o.change_id
WHERE o.seq > $1::bigint ORDER BY o.seq LIMIT $2::integer;
