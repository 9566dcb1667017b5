-- The monthly summary of a cabinet member's portfolio.

-- Its ledger: one a lead a month. What became of one that was planned is its message's state.
CREATE TABLE summary (
    lead_id    bigint NOT NULL REFERENCES lead,
    month      date NOT NULL,
    day        date NOT NULL,
    state      reminder_state NOT NULL DEFAULT 'planned',
    reason     text,
    message_id bigint REFERENCES message,
    -- MD5 of what its text was written from: another text is due when that is not so any more.
    written    text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT summary_once PRIMARY KEY (lead_id, month),
    CONSTRAINT summary_state CHECK (state IN ('planned', 'suppressed', 'unroutable')),
    CONSTRAINT summary_month CHECK (month = date_trunc('month', day::timestamp)::date),
    CONSTRAINT summary_planned_as_a_message CHECK ((state = 'planned') = (message_id IS NOT NULL))
);
CREATE UNIQUE INDEX summary_of_message ON summary (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX summary_of_day ON summary (day);

-- The latest local day on which the planner looked at a plan while its mail could leave, and the one before it:
-- whether it missed the month's first. notifier_pass.sending_day would not do: plans begin to send at different hours.
CREATE TABLE plan_pass (
    plan_id bigint PRIMARY KEY REFERENCES plan,
    day     date NOT NULL,
    before  date CHECK (before < day)
);

CREATE INDEX assignment_of_cabinet_member ON assignment (lead_id, action_id) WHERE role = 'cabinet_member';
