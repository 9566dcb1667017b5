-- What reading a file for a plan must know of it. $1 plan (id or slug)
SELECT id, slug, title, quarter_basis, relative_to FROM plan WHERE id = plan_id_of($1, NULL);
