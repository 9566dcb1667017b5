-- $1 caller, $2 request id, $3 recommendation, $4 body, $5 reading of its timescale or NULL
SELECT a.body, a.etag, a.location
FROM action_create($1::bytea, $2, $3::bigint, $4::jsonb, $5::jsonb) w (id), action_answer(w.id) a;
