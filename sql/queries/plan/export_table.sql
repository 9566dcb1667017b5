-- $1 caller, $2 plan: its id or its slug. One row an action; a plan without any has one row of NULLs.
-- etag, slug and title come first, then the columns of api/export/export_table.h in their order.
WITH found AS MATERIALIZED (
    SELECT p.id, p.slug, p.title, p.organisation FROM plan p WHERE p.id = plan_seen($1::bytea, $2)
), line AS MATERIALIZED (
    SELECT l.* FROM found f, plan_export_rows(f.id) WITH ORDINALITY l
), whole AS (
    SELECT md5(coalesce(string_agg(l::text, E'\n' ORDER BY l.ordinality), '')) AS etag FROM line l
)
SELECT md5(w.etag || f.slug || f.title || f.organisation) AS etag, f.slug, f.title, f.organisation,
       l.number, l.recommendation, l.response, l.reference, l.action, l.lead, l.cabinet_member, l.support,
       l.consulted, l.timescale, l.deadlines_done, l.status, l.rag, l.percent, l.completed_on, l.next_due_on, l.last_update,
       l.last_update_on
FROM found f CROSS JOIN whole w LEFT JOIN line l ON true
ORDER BY l.ordinality;
