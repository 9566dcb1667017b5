-- Each representation, in exactly one place: one view per resource, its JSON in the column body.
-- The members are the columns of the inner SELECT, in their order. What depends on today (standing)
-- is derived here and never stored.

DROP VIEW IF EXISTS plan_json, recommendation_json, action_made, action_json, lead_json, update_json,
    ladder_json, closures_json, reminder_json, message_json, timescale_json, key_json, change_json, live_key,
    webhook_json, delivery_json CASCADE;

CREATE VIEW live_key AS
SELECT id, digest, name, role, plan_ids, last_used_at FROM api_key
WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > clock_now());

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

-- An event outside: the webhook-id of its deliveries, the same for ever.
CREATE OR REPLACE FUNCTION event_name(p_uid uuid)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'evt_' || replace(p_uid::text, '-', '');
$$;

-- "aged": since its version was made, a mail server has said that its address is nobody's.
CREATE VIEW lead_json AS
SELECT l.id, l.version, coalesce(u.since > l.updated_at, false) AS aged,
    (SELECT row_to_json(x) FROM (SELECT
        l.id, l.name, l.kind, l.holder, l.email, instant(u.since) AS undeliverable_since, l.language,
        l.deputy_id AS deputy, l.manager_id AS manager, l.away_from, l.away_until, l.version,
        instant(l.created_at) AS created_at, instant(l.updated_at) AS updated_at) x) AS body
FROM lead l LEFT JOIN undeliverable u ON u.address = lower(l.email) AND u.since <= clock_now();

CREATE VIEW plan_json AS
SELECT p.id, p.slug, p.version,
    (SELECT row_to_json(x) FROM (SELECT
        p.id, p.slug, p.title, p.organisation, p.source_url, p.adopted_on, p.owner_id AS owner,
        p.state, p.published, p.time_zone, p.division, p.quarter_basis, p.relative_to,
        to_char(p.send_at, 'HH24:MI') AS send_at, p.updates_every_days, p.version,
        instant(p.created_at) AS created_at, instant(p.updated_at) AS updated_at) x) AS body
FROM plan p;

CREATE VIEW recommendation_json AS
SELECT r.id, r.plan_id, r.position, r.version,
    (SELECT row_to_json(x) FROM (SELECT
        r.id, p.slug AS plan, r.plan_id, r.number, r.text, r.response,
        (SELECT count(*) FROM action a WHERE a.plan_id = r.plan_id AND a.recommendation_id = r.id) AS actions, r.version,
        instant(r.created_at) AS created_at, instant(r.updated_at) AS updated_at) x) AS body
FROM recommendation r JOIN plan p ON p.id = r.plan_id;

-- The representation of an action, cut where its standing goes.
CREATE VIEW action_made AS
SELECT a.id, a.version, d.next_due,
    rtrim((SELECT row_to_json(x) FROM (SELECT
        a.id, p.slug AS plan, a.plan_id, a.recommendation_id AS recommendation,
        r.number AS recommendation_number, a.reference, a.description, a.status, a.rag, a.percent,
        a.completed_on) x)::text, '}') || ',"standing":"' AS head,
    '",' || ltrim((SELECT row_to_json(x) FROM (SELECT
        (SELECT row_to_json(y) FROM (SELECT
            t.id, t.text, t.kind, t.precision, t.starts_on, t.due_on, t.confidence,
            t.reading->'continues' AS continues, t.reading->'recurs' AS recurs,
            t.reading->'assumptions' AS assumptions, t.reading->'reading' AS reading,
            t.revision, t.slips
            FROM timescale t WHERE t.action_id = a.id AND t.current) y) AS timescale,
        d.items AS deadlines, l.items AS leads, a.doubts, a.version,
        instant(a.created_at) AS created_at, instant(a.updated_at) AS updated_at) x)::text, '{') AS tail
FROM action a
JOIN recommendation r ON r.id = a.recommendation_id
JOIN plan p ON p.id = a.plan_id
CROSS JOIN LATERAL (
    SELECT min(e.due_on) FILTER (WHERE e.done_on IS NULL) AS next_due,
           coalesce(json_agg(row_to_json(y) ORDER BY e.position), '[]') AS items
    FROM deadline e CROSS JOIN LATERAL (SELECT e.id, e.label, e.due_on, e.done_on, e.version) y
    WHERE e.action_id = a.id AND e.in_force) d
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(row_to_json(y) ORDER BY s.position, s.lead_id), '[]') AS items
    FROM assignment s JOIN lead l ON l.id = s.lead_id
    CROSS JOIN LATERAL (SELECT l.id, l.name, l.kind, s.role) y
    WHERE s.action_id = a.id) l;

CREATE OR REPLACE FUNCTION action_remade(p_id bigint)
RETURNS action_text LANGUAGE plpgsql STABLE AS $$
DECLARE
    made action_text;
BEGIN
    SELECT m.id, m.version, m.next_due, m.head, m.tail INTO made FROM action_made m WHERE m.id = p_id;
    RETURN made;
END $$;

-- The same as served: from the kept text while that is of the row's version, else made now. Here the
-- body is text: parsing it as JSON again would cost more than reading it. "aged" = its standing has
-- changed by the passing of days since its version was made, so the version alone does not say
-- whether a reader's copy still holds.
CREATE VIEW action_json AS
SELECT a.id, a.plan_id, a.version, s.standing, s.standing <> s.standing_then AS aged,
    (t.kept).head || s.standing || (t.kept).tail AS body
FROM action a
JOIN plan p ON p.id = a.plan_id
LEFT JOIN action_text k ON k.action_id = a.id
CROSS JOIN LATERAL (
    SELECT CASE WHEN k.version = a.version THEN k ELSE action_remade(a.id) END AS kept) t
CROSS JOIN LATERAL (
    SELECT standing_of(a.status, (t.kept).next_due, (clock_now() AT TIME ZONE p.time_zone)::date) AS standing,
           standing_of(a.status, (t.kept).next_due, (a.updated_at AT TIME ZONE p.time_zone)::date) AS standing_then) s;

CREATE VIEW update_json AS
SELECT u.id, u.action_id, a.plan_id,
    (SELECT row_to_json(x) FROM (SELECT
        u.id, u.action_id AS action, u.note, u.status, u.rag, u.percent, u.evidence, u.author,
        u.lead_id AS lead, instant(u.created_at) AS created_at) x) AS body
FROM update u JOIN action a ON a.id = u.action_id;

-- What the reader said, after what the council said about it.
CREATE VIEW timescale_json AS
SELECT t.id, t.action_id,
    jsonb_build_object(
        'id', t.id, 'action', t.action_id, 'revision', t.revision, 'current', t.current,
        'reason', t.reason, 'agreed_by', t.agreed_by, 'agreed_on', t.agreed_on, 'slips', t.slips,
        'created_at', instant(t.created_at)) || t.reading AS body
FROM timescale t;

CREATE VIEW ladder_json AS
SELECT l.id, l.plan_id, l.version,
    (SELECT row_to_json(x) FROM (SELECT
        (SELECT slug FROM plan p WHERE p.id = l.plan_id) AS plan,
        (SELECT coalesce(json_agg(row_to_json(g) ORDER BY g.offset_days, g.repeat_days), '[]')
         FROM (SELECT offset_days, json_agg(audience ORDER BY audience) AS audience, repeat_days
               FROM ladder_stage s WHERE s.ladder_id = l.id
               GROUP BY offset_days, repeat_days) g) AS stages,
        l.version, instant(l.updated_at) AS updated_at) x) AS body
FROM ladder l;

CREATE VIEW closures_json AS
SELECT s.id, s.version,
    (SELECT row_to_json(x) FROM (SELECT
        (SELECT coalesce(json_agg(json_build_object('day', c.day, 'title', c.title) ORDER BY c.day), '[]')
         FROM closure c) AS closures,
        s.version, instant(s.updated_at) AS updated_at) x) AS body
FROM closure_set s;

CREATE VIEW reminder_json AS
SELECT m.id, a.id AS action_id, a.plan_id, m.lead_id, m.state, m.day,
    (SELECT row_to_json(x) FROM (SELECT
        m.id, p.slug AS plan, a.id AS action, a.reference, m.deadline_id AS deadline, d.label,
        d.due_on, m.silent_since, m.lead_id AS lead, l.name AS lead_name, m.audience,
        CASE WHEN m.silent_since IS NULL THEN stage_name(m.offset_days) ELSE 'update' END AS stage, m.offset_days, m.stage_day, m.day, m.state, m.reason,
        m.message_id AS message,
        instant(m.created_at) AS created_at, instant(m.updated_at) AS updated_at) x) AS body
FROM reminder m
LEFT JOIN deadline d ON d.id = m.deadline_id
JOIN action a ON a.id = coalesce(m.action_id, d.action_id)
JOIN plan p ON p.id = a.plan_id
JOIN lead l ON l.id = m.lead_id;

-- The attempts and the exact bytes are added by GET of one message only.
CREATE VIEW message_json AS
SELECT m.id, m.state, m.lead_id, m.day,
    (SELECT row_to_json(x) FROM (SELECT
        m.id, m.kind, m.lead_id AS lead, l.name AS lead_name, m.day, m.state, m.reason, m.message_id,
        m.to_name, m.to_address, m.via_lead_id AS via, m.subject, encode(m.mime_sha256, 'hex') AS sha256,
        m.attempts, m.uncertain,
        CASE WHEN m.state IN ('queued', 'retry', 'uncertain') THEN instant(m.next_at) END AS next_at,
        m.provider_id, m.delivery, instant(m.delivery_at) AS delivery_at, m.last_error, instant(m.retried_at) AS retried_at,
        (SELECT coalesce(json_agg(r.id ORDER BY r.id), '[]') FROM reminder r WHERE r.message_id = m.id) AS reminders,
        instant(m.created_at) AS created_at, instant(m.sent_at) AS sent_at, instant(m.emptied_at) AS emptied_at) x) AS body
FROM message m JOIN lead l ON l.id = m.lead_id;

CREATE VIEW key_json AS
SELECT k.id, k.version,
    (SELECT row_to_json(x) FROM (SELECT
        k.id, k.name, k.prefix, k.role, k.plan_ids AS plans, instant(k.expires_at) AS expires_at,
        instant(k.last_used_at) AS last_used_at, instant(k.revoked_at) AS revoked_at, k.replaced_by, k.version,
        instant(k.created_at) AS created_at) x) AS body
FROM api_key k;

-- A change at its place in the final order; what is not sealed yet has none.
CREATE VIEW change_json AS
SELECT o.seq, c.resource, c.plan_id, p.slug,
    (SELECT row_to_json(x) FROM (SELECT
        o.seq, instant(c.at) AS at, c.actor, c.key_id AS key, c.request_id, c.verb, c.resource, c.resource_id,
        p.slug AS plan, c.plan_id, c.before - 'salt' AS before, c.after - 'salt' AS after, encode(o.hash, 'hex') AS hash,
        (SELECT max(r.redaction_id) FROM change_redaction r WHERE r.change_id = c.id) AS redaction) x) AS body
FROM change_order o
JOIN change c ON c.id = o.change_id
LEFT JOIN plan p ON p.id = c.plan_id;

-- The address of a channel of Teams or Slack is its password: it is not shown again.
CREATE OR REPLACE FUNCTION shown_url(p_format webhook_format, p_url text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_format WHEN 'standard' THEN p_url ELSE substring(p_url FROM '^https?://[^/?#]+') || '/***' END;
$$;

-- Its secrets are nowhere in it. "aged": how its endpoint does is no part of its version.
CREATE VIEW webhook_json AS
SELECT w.id, w.version, (h.first_failure_at, h.last_success_at, h.rests_until) IS DISTINCT FROM (NULL, NULL, NULL)
        OR EXISTS (SELECT FROM webhook_notice n WHERE n.webhook_id = w.id) AS aged,
    (SELECT row_to_json(x) FROM (SELECT
        w.id, shown_url(w.format, w.url) AS url, w.description, w.format, w.events, w.plan_ids AS plans, w.lead_ids AS leads,
        w.owner_id AS owner, w.state, w.reason,
        (SELECT row_to_json(y) FROM (
            SELECT instant(n.disabled_at) AS disabled_at, coalesce(m.state::text, 'unroutable') AS state, n.message_id AS message,
                   m.lead_id AS lead
            FROM webhook_notice n LEFT JOIN message m ON m.id = n.message_id
            WHERE n.webhook_id = w.id ORDER BY n.id DESC LIMIT 1) y) AS notice,
        instant(h.first_failure_at) AS first_failure_at, instant(h.last_success_at) AS last_success_at,
        (SELECT instant(max(s.expires_at)) FROM webhook_secret s
         WHERE s.webhook_id = w.id AND s.expires_at > clock_now()) AS previous_secret_until,
        w.version, instant(w.created_at) AS created_at, instant(w.updated_at) AS updated_at) x) AS body
FROM webhook w JOIN webhook_health h ON h.webhook_id = w.id;

CREATE VIEW delivery_json AS
SELECT d.id, d.webhook_id, d.state,
    (SELECT row_to_json(x) FROM (SELECT
        d.id, d.webhook_id AS webhook, event_name(e.uid) AS event, e.type, e.plan_id, e.action_id AS action,
        d.state, d.attempts, d.uncertain,
        CASE WHEN d.state IN ('queued', 'retry') THEN instant(d.next_at) END AS next_at, d.last_error,
        e.payload::json AS payload, d.body::json AS posted,
        (SELECT coalesce(json_agg(row_to_json(y) ORDER BY y.n), '[]')
         FROM (SELECT t.n, instant(t.started_at) AS started_at, instant(t.finished_at) AS finished_at,
                      t.duration_ms, t.outcome, t.curl_code, t.reply_code, t.detail, t.answer
               FROM delivery_attempt t WHERE t.delivery_id = d.id) y) AS tries,
        instant(d.created_at) AS created_at, instant(d.sent_at) AS sent_at) x) AS body
FROM delivery d JOIN event e ON e.id = d.event_id;
