-- $1 document, $2 plan (id or slug) or NULL for a new one
SELECT plan_import_preview($1::jsonb, $2) AS body;
