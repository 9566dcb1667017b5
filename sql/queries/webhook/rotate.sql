-- $1 caller, $2 request id, $3 webhook, $4 hours in which the old secret still signs, $5 new secret
SELECT a.body, a.etag, a.location
FROM webhook_rotate($1::bytea, $2, $3::bigint, coalesce($4::integer, 24), $5::bytea) w (id), webhook_answer(w.id) a;
