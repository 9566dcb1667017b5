-- What the planner knows beyond deadlines: actions without an update, the monthly summary, addresses that
-- mail cannot reach, and days whose plan is held.

-- A lead is asked for an update after so many days without one; NULL: never.
ALTER TABLE plan ADD COLUMN updates_every_days integer CHECK (updates_every_days BETWEEN 1 AND 366);

-- A reminder is about a deadline or, when there was no update for long, about an action: then since the
-- day of the last one, and offset_days counts from there.
ALTER TABLE reminder
    ALTER COLUMN deadline_id DROP NOT NULL,
    ADD COLUMN action_id bigint REFERENCES action,
    ADD COLUMN silent_since date,
    ADD CONSTRAINT reminder_about_one CHECK (num_nonnulls(deadline_id, action_id) = 1),
    ADD CONSTRAINT reminder_silence CHECK ((action_id IS NULL) = (silent_since IS NULL)),
    DROP CONSTRAINT reminder_once,
    ADD CONSTRAINT reminder_once
        UNIQUE NULLS NOT DISTINCT (deadline_id, offset_days, lead_id, action_id, silent_since);
CREATE INDEX reminder_of_action ON reminder (action_id) WHERE action_id IS NOT NULL;
CREATE INDEX reminder_of_day ON reminder (day);

-- A cabinet member's portfolio, once a month.
ALTER TABLE message
    DROP CONSTRAINT message_kind_check,
    ADD CONSTRAINT message_kind_check CHECK (kind IN ('reminder', 'summary'));
CREATE UNIQUE INDEX message_one_summary_a_month ON message (lead_id, (date_trunc('month', day::timestamp)))
    WHERE kind = 'summary' AND state <> 'cancelled';

-- Addresses that a mail server knows to be nobody's. It counts for as long as a lead has that address.
CREATE TABLE undeliverable (
    address    email PRIMARY KEY CHECK (address = lower(address)),
    since      timestamptz NOT NULL,
    reply_code integer,
    detail     text,
    -- The message that met it.
    message_id bigint
);

ALTER TABLE attempt
    DROP CONSTRAINT attempt_outcome_check,
    ADD CONSTRAINT attempt_outcome_check
        CHECK (outcome IN ('sent', 'retry', 'uncertain', 'refused', 'undeliverable', 'channel', 'released')),
    -- To whom: an email to an address that is nobody's is written anew for another.
    ADD COLUMN address text;

-- A day on which far more was owed than usual: nothing of it leaves until a person says so.
CREATE TABLE held_day (
    day         date PRIMARY KEY,
    reminders   integer NOT NULL CHECK (reminders > 0),
    people      integer NOT NULL CHECK (people > 0),
    usual       integer NOT NULL CHECK (usual >= 0),
    most        integer NOT NULL CHECK (most > 0),
    since       timestamptz NOT NULL DEFAULT now(),
    seen_at     timestamptz NOT NULL DEFAULT now(),
    decision    text CHECK (decision IN ('approved', 'rejected')),
    decided_at  timestamptz,
    decided_by  text,
    CONSTRAINT held_day_decided CHECK (num_nulls(decision, decided_at, decided_by) IN (0, 3))
);

-- The latest local day on which the notifier looked while mail could leave.
ALTER TABLE notifier_pass ADD COLUMN sending_day date;
