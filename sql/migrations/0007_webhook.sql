-- Webhooks: who hears of what happens, what happened, and every try to tell them.

-- Sorted as the API lists them; webhook.test is only ever asked for.
CREATE TYPE event_type AS ENUM (
    'action.created', 'action.updated', 'action.completed', 'action.due_soon', 'action.due_today',
    'action.overdue', 'timescale.revised', 'plan.created', 'plan.updated', 'plan.activated', 'plan.closed',
    'webhook.test');
-- paused: by a person; deliveries wait. disabled: by the notifier, after failures; nothing is queued.
CREATE TYPE webhook_state AS ENUM ('active', 'paused', 'disabled');
CREATE TYPE delivery_state AS ENUM ('queued', 'leased', 'retry', 'sent', 'failed');

CREATE TABLE webhook (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url         text NOT NULL CHECK (url ~ '^https?://[^[:space:][:cntrl:]]+$' AND length(url) <= 2000),
    description one_line,
    -- NULL = every type, every plan.
    events      event_type[] CHECK (cardinality(events) > 0 AND array_position(events, NULL) IS NULL),
    plan_ids    bigint[] CHECK (cardinality(plan_ids) > 0 AND array_position(plan_ids, NULL) IS NULL),
    state       webhook_state NOT NULL DEFAULT 'active',
    reason      text,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT webhook_disabled_says_why CHECK ((state = 'disabled') = (reason IS NOT NULL))
);

-- What deliveries are signed with. The API writes them and cannot read them again (grants.sql). The one
-- that does not expire is in force; one that does still signs beside it until then.
CREATE TABLE webhook_secret (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id bigint NOT NULL REFERENCES webhook ON DELETE CASCADE,
    secret     bytea NOT NULL CHECK (length(secret) BETWEEN 24 AND 64),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz
);
CREATE UNIQUE INDEX webhook_secret_in_force ON webhook_secret (webhook_id) WHERE expires_at IS NULL;
CREATE INDEX webhook_secret_of_webhook ON webhook_secret (webhook_id);

-- How its endpoint has done, apart from the webhook itself: it changes all the time and is nobody's edit.
CREATE TABLE webhook_health (
    webhook_id       bigint PRIMARY KEY REFERENCES webhook ON DELETE CASCADE,
    -- The first of the failures since the last success; NULL after a success.
    first_failure_at timestamptz,
    last_success_at  timestamptz,
    -- The endpoint asked for time: nothing leaves before this.
    rests_until      timestamptz
);

-- What happened, in the words that every subscriber gets, frozen when it was written. Written while there is
-- any webhook that asks for it. No references: an event must not wait for whoever holds its action.
CREATE TABLE event (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Its name outside; an id could come again after a restored backup.
    uid         uuid NOT NULL DEFAULT gen_random_uuid(),
    type        event_type NOT NULL,
    plan_id     bigint,
    action_id   bigint,
    deadline_id bigint,
    payload     text NOT NULL CHECK (octet_length(payload) < 20000),
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- A deadline comes near, comes and passes once.
    CONSTRAINT event_once UNIQUE (type, deadline_id)
);
CREATE INDEX event_created ON event (created_at);

-- What a transaction under way has done so far; becomes events when it commits (event_write), so none stay.
CREATE TABLE event_note (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    type event_type NOT NULL,
    ids  bigint[] NOT NULL
);

-- One event for one webhook: the outbox row.
CREATE TABLE delivery (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id  bigint NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event_id    bigint NOT NULL REFERENCES event,
    -- What it is about ("action 12"): its deliveries leave one after the other. NULL: in any order.
    subject     text,
    state       delivery_state NOT NULL DEFAULT 'queued',
    attempts    integer NOT NULL DEFAULT 0,
    -- The attempts before it was last replayed: the table of waits begins anew.
    attempts_before integer NOT NULL DEFAULT 0,
    uncertain   integer NOT NULL DEFAULT 0,
    next_at     timestamptz NOT NULL DEFAULT now(),
    lease_token bigint,
    lease_until timestamptz,
    last_error  text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz,
    CONSTRAINT delivery_once UNIQUE (webhook_id, event_id),
    CONSTRAINT delivery_lease CHECK ((state = 'leased') = (lease_token IS NOT NULL AND lease_until IS NOT NULL))
);
CREATE INDEX delivery_due ON delivery (webhook_id, next_at, event_id) WHERE state IN ('queued', 'retry');
CREATE INDEX delivery_before ON delivery (webhook_id, subject, event_id) WHERE state IN ('queued', 'retry', 'leased');
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'leased';
CREATE INDEX delivery_of_webhook ON delivery (webhook_id, id);

-- Every POST: written before it starts, completed after it ends. One without an end is of unknown outcome.
CREATE TABLE delivery_attempt (
    delivery_id bigint NOT NULL REFERENCES delivery ON DELETE CASCADE,
    n           integer NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    outcome     text CHECK (outcome IN ('sent', 'retry', 'uncertain')),
    duration_ms integer,
    curl_code   integer,
    reply_code  integer,
    detail      text,
    -- The first of what the endpoint answered, escaped.
    answer      text,
    PRIMARY KEY (delivery_id, n)
);
