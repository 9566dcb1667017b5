-- The keys to know when more unknown ones call than can be looked up one by one: those used last.
SELECT digest FROM live_key ORDER BY last_used_at DESC NULLS FIRST LIMIT 512;
