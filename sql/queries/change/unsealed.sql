-- Of the $2 changes after id $1: the last one's id, how many are not sealed, and the first that never
-- will be: sealing has been past the transaction that it names, so nobody wrote it there in that one.
SELECT max(c.id) AS last, count(*) FILTER (WHERE o.seq IS NULL) AS unsealed,
       min(c.id) FILTER (WHERE o.seq IS NULL AND pg_visible_in_snapshot(c.transaction, h.seen)
                         AND (h.upto IS NULL OR c.id <= h.done_to)) AS stray
FROM (SELECT id, transaction FROM change WHERE id > $1::bigint ORDER BY id LIMIT $2::integer) c
LEFT JOIN change_order o ON o.change_id = c.id
LEFT JOIN change_horizon h ON h.cluster = (SELECT system_identifier FROM pg_control_system())
HAVING count(*) > 0;
