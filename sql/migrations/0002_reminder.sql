-- Working days, the ladder, the ledger of reminders and the outbox of messages.

CREATE TYPE audience AS ENUM ('lead', 'support', 'manager', 'cabinet_member', 'plan_owner');
-- lapsed = could not leave on its day; planned again while its stage still applies.
CREATE TYPE reminder_state AS ENUM
    ('planned', 'sent', 'dropped', 'lapsed', 'suppressed', 'unroutable', 'failed');
CREATE TYPE message_state AS ENUM
    ('queued', 'leased', 'retry', 'uncertain', 'sent', 'cancelled', 'failed');

CREATE TABLE bank_holiday (
    division division NOT NULL,
    day      date NOT NULL,
    title    one_line NOT NULL,
    -- 'published' days are the government's; 'rule' days are computed for years beyond them.
    source   text NOT NULL CHECK (source IN ('published', 'rule')),
    PRIMARY KEY (division, day)
);

-- Days on which the council itself is closed, beside weekends and bank holidays.
CREATE TABLE closure (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day    date NOT NULL UNIQUE,
    title  one_line NOT NULL
);

-- The default ladder has no plan; a plan without a ladder of its own follows the default.
CREATE TABLE ladder (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id    bigint REFERENCES plan,
    version    bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ladder_of_plan UNIQUE NULLS NOT DISTINCT (plan_id)
);

CREATE TABLE ladder_stage (
    ladder_id   bigint NOT NULL REFERENCES ladder ON DELETE CASCADE,
    offset_days integer NOT NULL CHECK (offset_days BETWEEN -366 AND 366),
    audience    audience NOT NULL,
    -- Continues the stage for ever, every so many days after its offset.
    repeat_days integer CHECK (repeat_days BETWEEN 1 AND 366),
    PRIMARY KEY (ladder_id, offset_days, audience),
    CONSTRAINT ladder_stage_repeats_overdue CHECK (repeat_days IS NULL OR offset_days > 0)
);

-- One email (later also one webhook post): the outbox row.
CREATE TABLE message (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('reminder')),
    lead_id      bigint NOT NULL REFERENCES lead,
    -- The local day of the reminders it carries: one message a lead a day.
    day          date NOT NULL,
    state        message_state NOT NULL DEFAULT 'queued',
    reason       text,
    -- Frozen when it is first rendered; every retry sends the same bytes to the same address.
    message_id   text,
    to_name      text,
    to_address   text,
    via_lead_id  bigint REFERENCES lead,
    subject      text,
    mime         bytea,
    mime_sha256  bytea,
    attempts     integer NOT NULL DEFAULT 0,
    uncertain    integer NOT NULL DEFAULT 0,
    next_at      timestamptz NOT NULL DEFAULT now(),
    lease_token  bigint,
    lease_until  timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    rendered_at  timestamptz,
    sent_at      timestamptz,
    CONSTRAINT message_one_a_day UNIQUE (kind, lead_id, day),
    CONSTRAINT message_identity UNIQUE (message_id),
    CONSTRAINT message_lease CHECK ((state = 'leased') = (lease_token IS NOT NULL AND lease_until IS NOT NULL)),
    CONSTRAINT message_sent_was_rendered CHECK (state <> 'sent' OR mime IS NOT NULL)
);
CREATE INDEX message_due ON message (next_at, id) WHERE state IN ('queued', 'retry', 'uncertain');
CREATE INDEX message_leased ON message (lease_until) WHERE state = 'leased';
CREATE SEQUENCE lease_token;

-- Every try to deliver: written before it starts, completed after it ends.
CREATE TABLE attempt (
    message_id  bigint NOT NULL REFERENCES message,
    n           integer NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Set before the first byte of the body leaves: from here on, silence means "unknown".
    body_at     timestamptz,
    finished_at timestamptz,
    outcome     text CHECK (outcome IN ('sent', 'retry', 'uncertain', 'refused', 'channel', 'released')),
    curl_code   integer,
    reply_code  integer,
    detail      text,
    PRIMARY KEY (message_id, n)
);

-- The ledger: this deadline, this stage, this lead. Its key makes a second reminder impossible.
CREATE TABLE reminder (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deadline_id bigint NOT NULL REFERENCES deadline,
    offset_days integer NOT NULL,
    lead_id     bigint NOT NULL REFERENCES lead,
    audience    audience NOT NULL,
    stage_day   date NOT NULL,
    day         date NOT NULL,
    state       reminder_state NOT NULL DEFAULT 'planned',
    reason      text,
    message_id  bigint REFERENCES message,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reminder_once UNIQUE (deadline_id, offset_days, lead_id),
    CONSTRAINT reminder_not_before_its_day CHECK (day >= stage_day),
    CONSTRAINT reminder_sent_in_a_message CHECK (state <> 'sent' OR message_id IS NOT NULL)
);
CREATE INDEX reminder_of_message ON reminder (message_id);
CREATE INDEX reminder_of_lead ON reminder (lead_id, id);

-- When the notifier last looked, for health checks; one row.
CREATE TABLE notifier_pass (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    finished_at timestamptz NOT NULL,
    planned_at  timestamptz NOT NULL
);
