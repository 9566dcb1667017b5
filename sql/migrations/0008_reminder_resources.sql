-- The council's closures as one set that has a version, messages that a person sends again, and messages by day.

-- One row: the version of all closures together, so that two who set them do not overwrite each other.
CREATE TABLE closure_set (
    id         bigint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    version    bigint NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO closure_set DEFAULT VALUES;

-- A person asked that the same bytes go again: they then do, whatever has changed since.
ALTER TABLE message
    ADD COLUMN retried_at timestamptz,
    -- How many attempts there had been by then.
    ADD COLUMN retried_after integer NOT NULL DEFAULT 0;

CREATE INDEX message_of_day ON message (day);
