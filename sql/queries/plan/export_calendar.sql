-- $1 caller, $2 plan: its id or its slug. One row an event; a plan without any has one row of NULLs.
WITH found AS MATERIALIZED (
    SELECT p.id, p.slug, p.title, p.organisation FROM plan p WHERE p.id = plan_seen($1::bytea, $2)
), line AS MATERIALIZED (
    SELECT l.* FROM found f, plan_export_events(f.id) WITH ORDINALITY l
), whole AS (
    SELECT md5(coalesce(string_agg(l::text, E'\n' ORDER BY l.ordinality), '')) AS etag FROM line l
)
SELECT md5(w.etag || f.slug || f.title || f.organisation) AS etag, f.slug, f.title, f.organisation,
       l.uid, l.sequence, l.stamp, l.state, l.due_on, l.label, l.reference, l.action, l.number,
       l.recommendation, l.leads, l.timescale, l.status
FROM found f CROSS JOIN whole w LEFT JOIN line l ON true
ORDER BY l.ordinality;
