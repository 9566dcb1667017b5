-- $1 caller, $2 request id, $3 plan (id or slug), $4 body
SELECT a.body, a.location
FROM snapshot_create($1::bytea, $2, $3, $4::jsonb) w (id), snapshot_answer(w.id) a;
