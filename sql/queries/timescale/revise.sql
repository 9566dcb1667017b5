-- $1 caller, $2 request id, $3 action, $4 body, $5 reading
SELECT a.body, a.etag, a.location
FROM timescale_revise($1::bytea, $2, $3::bigint, $4::jsonb, $5::jsonb) w (id), action_answer(w.id) a;
