-- $1 caller, $2 message: with its attempts and the exact bytes sent
SELECT j.body::jsonb || jsonb_build_object(
           'mime', CASE WHEN m.form = 'mime' THEN convert_from(m.mime, 'UTF8') END,
           'request', CASE WHEN m.form = 'notify' THEN convert_from(m.mime, 'UTF8')::jsonb END,
           'tries', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                         'n', t.n, 'address', t.address, 'started_at', instant(t.started_at), 'body_at', instant(t.body_at),
                         'finished_at', instant(t.finished_at), 'outcome', t.outcome,
                         'curl_code', t.curl_code, 'reply_code', t.reply_code, 'detail', t.detail) ORDER BY t.n), '[]')
                     FROM attempt t WHERE t.message_id = m.id)) AS body
FROM live_key k JOIN message m ON k.plan_ids IS NULL JOIN message_json j ON j.id = m.id
WHERE k.digest = $1::bytea AND m.id = $2::bigint;
