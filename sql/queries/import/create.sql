-- From the command line: $1 document, $2 plan (id or slug) or NULL for a new one
SELECT act_as('command line', NULL, NULL), plan_import($1::jsonb, $2) AS id;
