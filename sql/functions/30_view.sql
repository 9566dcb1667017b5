-- Each representation, in exactly one place: one view per resource, its JSON in the column body.
-- What depends on today (standing) is derived here and never stored.

DROP VIEW IF EXISTS plan_json, recommendation_json, action_json, lead_json, update_json, ladder_json,
    reminder_json, message_json, timescale_json, key_json, live_key, action_deadline CASCADE;

CREATE VIEW live_key AS
SELECT id, digest, name, role, plan_ids, last_used_at FROM api_key
WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

CREATE OR REPLACE FUNCTION standing_of(p_status action_status, p_next_due date, p_today date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN p_status = 'complete' THEN 'done'
        WHEN p_status NOT IN ('not_started', 'in_progress') THEN 'exempt'
        WHEN p_next_due IS NULL THEN 'unscheduled'
        WHEN p_next_due < p_today THEN 'overdue'
        WHEN p_next_due <= p_today + 28 THEN 'due_soon'
        ELSE 'upcoming' END;
$$;

-- An opaque place in a list. Only its maker reads it.
CREATE OR REPLACE FUNCTION cursor_of(p_id bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rtrim(translate(encode(convert_to('v1:' || p_id, 'UTF8'), 'base64'), '+/', '-_'), '=');
$$;

-- Instants leave as RFC 3339 in UTC, whatever the session's zone.
CREATE OR REPLACE FUNCTION instant(p_at timestamptz)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');
$$;

CREATE VIEW lead_json AS
SELECT l.id, l.version,
    json_build_object(
        'id', l.id, 'name', l.name, 'kind', l.kind, 'holder', l.holder, 'email', l.email,
        'language', l.language, 'deputy', l.deputy_id, 'manager', l.manager_id,
        'away_from', l.away_from, 'away_until', l.away_until, 'version', l.version,
        'created_at', instant(l.created_at), 'updated_at', instant(l.updated_at)) AS body
FROM lead l;

CREATE VIEW plan_json AS
SELECT p.id, p.slug, p.version,
    json_build_object(
        'id', p.id, 'slug', p.slug, 'title', p.title, 'organisation', p.organisation,
        'source_url', p.source_url, 'adopted_on', p.adopted_on, 'owner', p.owner_id,
        'state', p.state, 'published', p.published, 'time_zone', p.time_zone,
        'division', p.division, 'quarter_basis', p.quarter_basis, 'relative_to', p.relative_to,
        'send_at', to_char(p.send_at, 'HH24:MI'), 'version', p.version,
        'created_at', instant(p.created_at), 'updated_at', instant(p.updated_at)) AS body
FROM plan p;

CREATE VIEW recommendation_json AS
SELECT r.id, r.plan_id, r.position, r.version,
    json_build_object(
        'id', r.id, 'plan', p.slug, 'plan_id', r.plan_id, 'number', r.number, 'text', r.text,
        'response', r.response, 'actions', (SELECT count(*) FROM action a WHERE a.recommendation_id = r.id),
        'version', r.version,
        'created_at', instant(r.created_at), 'updated_at', instant(r.updated_at)) AS body
FROM recommendation r JOIN plan p ON p.id = r.plan_id;

CREATE VIEW action_json AS
SELECT a.id, a.plan_id, a.version, s.standing,
    json_build_object(
        'id', a.id, 'plan', p.slug, 'plan_id', a.plan_id,
        'recommendation', a.recommendation_id, 'recommendation_number', r.number,
        'reference', a.reference, 'description', a.description, 'status', a.status, 'rag', a.rag,
        'percent', a.percent, 'standing', s.standing, 'completed_on', a.completed_on,
        'timescale', CASE WHEN t.id IS NOT NULL THEN json_build_object(
            'id', t.id, 'text', t.text, 'kind', t.kind, 'precision', t.precision,
            'starts_on', t.starts_on, 'due_on', t.due_on, 'confidence', t.confidence,
            'continues', t.reading->'continues', 'recurs', t.reading->'recurs',
            'assumptions', t.reading->'assumptions', 'reading', t.reading->'reading',
            'revision', t.revision, 'slips', t.slips) END,
        'deadlines', d.items, 'leads', l.items, 'doubts', a.doubts, 'version', a.version,
        'created_at', instant(a.created_at), 'updated_at', instant(a.updated_at)) AS body
FROM action a
JOIN recommendation r ON r.id = a.recommendation_id
JOIN plan p ON p.id = a.plan_id
LEFT JOIN timescale t ON t.action_id = a.id AND t.current
CROSS JOIN LATERAL (
    SELECT min(due_on) FILTER (WHERE done_on IS NULL) AS next_due,
           coalesce(json_agg(json_build_object('id', id, 'label', label, 'due_on', due_on,
                                               'done_on', done_on, 'version', version)
                             ORDER BY position), '[]') AS items
    FROM deadline WHERE action_id = a.id AND in_force) d
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', l.id, 'name', l.name, 'kind', l.kind, 'role', s.role)
                             ORDER BY s.position, s.lead_id), '[]') AS items
    FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = a.id) l
CROSS JOIN LATERAL (
    SELECT standing_of(a.status, d.next_due, (now() AT TIME ZONE p.time_zone)::date) AS standing) s;

CREATE VIEW update_json AS
SELECT u.id, u.action_id, a.plan_id,
    json_build_object(
        'id', u.id, 'action', u.action_id, 'note', u.note, 'status', u.status, 'rag', u.rag,
        'percent', u.percent, 'evidence', u.evidence, 'author', u.author, 'lead', u.lead_id,
        'created_at', instant(u.created_at)) AS body
FROM update u JOIN action a ON a.id = u.action_id;

CREATE VIEW timescale_json AS
SELECT t.id, t.action_id,
    jsonb_build_object(
        'id', t.id, 'action', t.action_id, 'revision', t.revision, 'current', t.current,
        'reason', t.reason, 'agreed_by', t.agreed_by, 'agreed_on', t.agreed_on, 'slips', t.slips,
        'created_at', instant(t.created_at)) || t.reading AS body
FROM timescale t;

CREATE VIEW ladder_json AS
SELECT l.id, l.plan_id, l.version,
    json_build_object(
        'plan', (SELECT slug FROM plan p WHERE p.id = l.plan_id),
        'stages', (SELECT coalesce(json_agg(json_build_object(
                       'offset_days', g.offset_days, 'audience', g.audience, 'repeat_days', g.repeat_days)
                       ORDER BY g.offset_days), '[]')
                   FROM (SELECT offset_days, repeat_days, json_agg(audience ORDER BY audience) AS audience
                         FROM ladder_stage s WHERE s.ladder_id = l.id
                         GROUP BY offset_days, repeat_days) g),
        'version', l.version, 'updated_at', instant(l.updated_at)) AS body
FROM ladder l;

CREATE VIEW reminder_json AS
SELECT m.id, d.action_id, a.plan_id, m.lead_id, m.state, m.day,
    json_build_object(
        'id', m.id, 'plan', p.slug, 'action', d.action_id, 'reference', a.reference,
        'deadline', m.deadline_id, 'label', d.label, 'due_on', d.due_on,
        'lead', m.lead_id, 'lead_name', l.name, 'audience', m.audience,
        'stage', to_char(m.offset_days, 'FMSG999990'), 'offset_days', m.offset_days,
        'stage_day', m.stage_day, 'day', m.day, 'state', m.state, 'reason', m.reason,
        'message', m.message_id,
        'created_at', instant(m.created_at), 'updated_at', instant(m.updated_at)) AS body
FROM reminder m
JOIN deadline d ON d.id = m.deadline_id
JOIN action a ON a.id = d.action_id
JOIN plan p ON p.id = a.plan_id
JOIN lead l ON l.id = m.lead_id;

-- The exact bytes are added by GET of one message only.
CREATE VIEW message_json AS
SELECT m.id, m.state, m.lead_id, m.day,
    jsonb_build_object(
        'id', m.id, 'kind', m.kind, 'lead', m.lead_id, 'lead_name', l.name, 'day', m.day,
        'state', m.state, 'reason', m.reason, 'message_id', m.message_id,
        'to_name', m.to_name, 'to_address', m.to_address, 'via', m.via_lead_id,
        'subject', m.subject, 'sha256', encode(m.mime_sha256, 'hex'),
        'attempts', m.attempts, 'uncertain', m.uncertain,
        'next_at', CASE WHEN m.state IN ('queued', 'retry', 'uncertain') THEN instant(m.next_at) END,
        'last_error', m.last_error,
        'reminders', (SELECT coalesce(jsonb_agg(r.id ORDER BY r.id), '[]') FROM reminder r WHERE r.message_id = m.id),
        'created_at', instant(m.created_at), 'sent_at', instant(m.sent_at)) AS body
FROM message m JOIN lead l ON l.id = m.lead_id;

CREATE VIEW key_json AS
SELECT k.id, k.version,
    json_build_object(
        'id', k.id, 'name', k.name, 'prefix', k.prefix, 'role', k.role, 'plans', k.plan_ids,
        'expires_at', instant(k.expires_at), 'last_used_at', instant(k.last_used_at),
        'revoked_at', instant(k.revoked_at), 'version', k.version,
        'created_at', instant(k.created_at)) AS body
FROM api_key k;

-- What a write answers: the row as it is now. Volatile, so that it sees what the same statement
-- wrote.
DO $$
DECLARE
    pair text[];
BEGIN
    FOREACH pair SLICE 1 IN ARRAY ARRAY[['plan', 'plans'], ['recommendation', 'recommendations'],
            ['action', 'actions'], ['lead', 'leads'], ['key', 'keys']] LOOP
        EXECUTE format($f$
            CREATE OR REPLACE FUNCTION %1$s_answer(p_id bigint)
            RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $b$
                SELECT j.body, j.version, '/v1/%2$s/' || j.id FROM %1$s_json j WHERE j.id = p_id;
            $b$ $f$, pair[1], pair[2]);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION ladder_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, j.version, NULL::text FROM ladder_json j WHERE j.id = p_id;
$$;

-- An update has no address and no version of its own.
CREATE OR REPLACE FUNCTION update_answer(p_id bigint)
RETURNS TABLE (body json, etag bigint, location text) LANGUAGE sql VOLATILE AS $$
    SELECT j.body, NULL::bigint, '/v1/actions/' || j.action_id || '/updates' FROM update_json j WHERE j.id = p_id;
$$;
