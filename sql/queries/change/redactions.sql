-- The redactions on record, each with what its sealed digest must be of; "stated" is NULL where no change on record
-- made it. What is hashed (redaction_lines) is spelled out, as in links.sql.
SELECT coalesce(s.id, x.redaction_id) AS id, s.stated, s.pseudonym, s.day, coalesce(x.changes, 0) AS changes, coalesce(x.lines, '') AS lines
FROM (SELECT c.resource_id AS id, c.after->>'pseudonym' AS pseudonym, substring(c.after->>'sha256' FROM 3) AS stated,
             (c.at AT TIME ZONE 'UTC')::date AS day
      FROM change c WHERE c.resource = 'redaction' AND c.verb = 'created') s
FULL JOIN (SELECT r.redaction_id, count(*) AS changes,
                  string_agg(o.seq || ':' || encode(o.hash, 'hex') || ':' || encode(r.sha256, 'hex') || E'\n', '' ORDER BY o.seq) AS lines
           FROM change_redaction r JOIN change_order o ON o.change_id = r.change_id GROUP BY r.redaction_id) x
    ON x.redaction_id = s.id
ORDER BY 1;
