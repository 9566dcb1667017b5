-- Whether a restore holds all sending, and when the backup was taken.
SELECT instant(r.taken_at) FROM restored r WHERE r.resumed_at IS NULL ORDER BY r.id LIMIT 1
