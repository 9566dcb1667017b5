-- Plans, what they promise, who leads it and by when: the tables every other part refers to.

CREATE TYPE plan_state AS ENUM ('draft', 'active', 'closed');
CREATE TYPE response AS ENUM ('accepted', 'partly_accepted', 'declined');
CREATE TYPE action_status AS ENUM
    ('not_started', 'in_progress', 'complete', 'on_hold', 'cancelled', 'transferred');
CREATE TYPE rag AS ENUM ('red', 'amber', 'green', 'blue');
CREATE TYPE lead_kind AS ENUM ('officer', 'cabinet_member', 'team', 'partner');
CREATE TYPE lead_language AS ENUM ('en', 'cy', 'both');
CREATE TYPE assignment_role AS ENUM ('lead', 'cabinet_member', 'support', 'consulted');
CREATE TYPE division AS ENUM ('england-and-wales', 'scotland', 'northern-ireland');
CREATE TYPE quarter_basis AS ENUM ('financial', 'calendar');

-- One line of text that a person can read: no control characters, not blank, no space at the ends.
CREATE DOMAIN one_line AS text
    CHECK (VALUE !~ '[\u0001-\u001f\u007f]' AND VALUE = btrim(VALUE) AND VALUE <> '')
    CONSTRAINT one_line_length CHECK (char_length(VALUE) <= 500);
-- Several lines or one: the published words, notes.
CREATE DOMAIN prose AS text
    CHECK (VALUE !~ '[\u0001-\u0008\u000b-\u001f\u007f]' AND VALUE ~ '[^[:space:]]' AND char_length(VALUE) <= 20000);
-- An address as RFC 5321 gives it, without quoted local parts or address literals.
CREATE DOMAIN email AS text
    CHECK (VALUE ~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$'
           AND char_length(VALUE) <= 254);

CREATE TABLE lead (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        one_line NOT NULL,
    -- The post's normal form: "Reset & Recovery" and "Reset and Recovery" are one post.
    post_key    text NOT NULL UNIQUE,
    kind        lead_kind NOT NULL DEFAULT 'officer',
    holder      one_line,
    email       email,
    language    lead_language NOT NULL DEFAULT 'en',
    deputy_id   bigint REFERENCES lead,
    manager_id  bigint REFERENCES lead,
    away_from   date,
    away_until  date,
    version     bigint NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT lead_not_its_own_deputy CHECK (deputy_id <> id),
    CONSTRAINT lead_not_its_own_manager CHECK (manager_id <> id),
    CONSTRAINT lead_away_in_order CHECK (away_until >= away_from),
    CONSTRAINT lead_away_both CHECK ((away_from IS NULL) = (away_until IS NULL))
);
CREATE INDEX lead_manager ON lead (manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX lead_deputy ON lead (deputy_id) WHERE deputy_id IS NOT NULL;

CREATE TABLE plan (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Never all digits, so that a slug and an id cannot be taken for each other.
    slug          text NOT NULL UNIQUE
                  CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND slug ~ '[a-z]' AND length(slug) <= 80),
    title         one_line NOT NULL,
    organisation  one_line NOT NULL,
    source_url    text CHECK (source_url ~ '^https?://[^[:space:][:cntrl:]]+$' AND length(source_url) <= 2000),
    adopted_on    date,
    owner_id      bigint REFERENCES lead,
    state         plan_state NOT NULL DEFAULT 'draft',
    published     boolean NOT NULL DEFAULT false,
    time_zone     text NOT NULL DEFAULT 'Europe/London',
    division      division NOT NULL DEFAULT 'england-and-wales',
    quarter_basis quarter_basis NOT NULL DEFAULT 'financial',
    relative_to   date,
    send_at       time NOT NULL DEFAULT '08:30'
                  CHECK (send_at >= '08:00' AND send_at < '18:00'),
    version       bigint NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX plan_owner ON plan (owner_id) WHERE owner_id IS NOT NULL;

CREATE TABLE recommendation (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id    bigint NOT NULL REFERENCES plan,
    number     one_line NOT NULL CHECK (length(number) <= 40),
    text       prose NOT NULL,
    response   response NOT NULL DEFAULT 'accepted',
    position   integer NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT recommendation_number UNIQUE (plan_id, number),
    CONSTRAINT recommendation_in_plan UNIQUE (plan_id, id)
);

CREATE TABLE action (
    id                bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id           bigint NOT NULL REFERENCES plan,
    recommendation_id bigint NOT NULL,
    reference         one_line NOT NULL CHECK (length(reference) <= 40),
    description       prose NOT NULL,
    status            action_status NOT NULL DEFAULT 'not_started',
    rag               rag,
    percent           smallint CHECK (percent BETWEEN 0 AND 100),
    completed_on      date,
    -- What the reader of the plan was not sure of, as [{"code","detail"}]; for a person to settle.
    doubts            jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(doubts) = 'array'),
    version           bigint NOT NULL DEFAULT 1,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT action_reference UNIQUE (plan_id, reference),
    -- An action moves between recommendations of its own plan only.
    CONSTRAINT action_recommendation FOREIGN KEY (plan_id, recommendation_id)
        REFERENCES recommendation (plan_id, id),
    CONSTRAINT action_completed CHECK (completed_on IS NULL OR status = 'complete')
);
CREATE INDEX action_of_plan ON action (plan_id, id);
CREATE INDEX action_of_recommendation ON action (recommendation_id);
CREATE INDEX action_updated ON action (updated_at);

-- What an action's readers get, kept as text and cut where its standing goes (which depends on
-- today). It counts only while its version is the action's: whatever changes what an action shows
-- must change that version.
CREATE TABLE action_text (
    action_id bigint PRIMARY KEY REFERENCES action ON DELETE CASCADE,
    version   bigint NOT NULL,
    next_due  date,
    head      text NOT NULL,
    tail      text NOT NULL
);

CREATE TABLE assignment (
    action_id bigint NOT NULL REFERENCES action,
    lead_id   bigint NOT NULL REFERENCES lead,
    role      assignment_role NOT NULL,
    position  smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (action_id, lead_id)
);
CREATE INDEX assignment_of_lead ON assignment (lead_id, action_id);

-- The words as published, kept verbatim for ever, beside how they were read. A revision is a new
-- row; the newest is the one in force.
CREATE TABLE timescale (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action_id  bigint NOT NULL REFERENCES action,
    revision   integer NOT NULL CHECK (revision >= 1),
    current    boolean NOT NULL DEFAULT true,
    text       text NOT NULL CHECK (char_length(text) <= 2000),
    kind       text NOT NULL,
    precision  text,
    starts_on  date,
    due_on     date,
    confidence text NOT NULL CHECK (confidence IN ('certain', 'assumed', 'unreadable')),
    -- The whole reading as the reader gave it (GET /v1/timescales/read has the same shape).
    reading    jsonb NOT NULL,
    reason     prose,
    agreed_by  one_line,
    agreed_on  date,
    -- How often the due date had moved later, up to this revision.
    slips      integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT timescale_revision UNIQUE (action_id, revision),
    CONSTRAINT timescale_of_action UNIQUE (action_id, id),
    CONSTRAINT timescale_unreadable_has_no_date
        CHECK (confidence <> 'unreadable' OR (due_on IS NULL AND starts_on IS NULL))
);
CREATE UNIQUE INDEX timescale_current ON timescale (action_id) WHERE current;

CREATE TABLE deadline (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action_id    bigint NOT NULL REFERENCES action,
    timescale_id bigint NOT NULL,
    position     smallint NOT NULL,
    label        text CHECK (label IS NULL OR char_length(label) BETWEEN 1 AND 500),
    due_on       date NOT NULL,
    done_on      date,
    -- False once its timescale was revised: the reminders of a superseded date have no meaning.
    in_force     boolean NOT NULL DEFAULT true,
    version      bigint NOT NULL DEFAULT 1,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deadline_position UNIQUE (timescale_id, position),
    CONSTRAINT deadline_timescale FOREIGN KEY (action_id, timescale_id)
        REFERENCES timescale (action_id, id)
);
CREATE INDEX deadline_of_action ON deadline (action_id) WHERE in_force;
CREATE INDEX deadline_open ON deadline (due_on) WHERE in_force AND done_on IS NULL;

CREATE TABLE update (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    action_id  bigint NOT NULL REFERENCES action,
    note       prose,
    status     action_status,
    rag        rag,
    percent    smallint CHECK (percent BETWEEN 0 AND 100),
    evidence   text CHECK (evidence ~ '^https?://[^[:space:][:cntrl:]]+$' AND length(evidence) <= 2000),
    author     one_line NOT NULL,
    lead_id    bigint REFERENCES lead,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT update_says_something
        CHECK (num_nonnulls(note, status, rag, percent, evidence) > 0)
);
CREATE INDEX update_of_action ON update (action_id, id);
