-- $1 caller, $2 request id, $3 action, $4 lead, $5 versions
SELECT a.body, a.etag, a.location
FROM assignment_delete($1::bytea, $2, $3::bigint, $4::bigint, $5::bigint[]) w (id), action_answer(w.id) a;
