-- A database that came out of a backup: emails may have left since that it knows nothing of.

CREATE TABLE restored (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- When the backup was taken, and when it was put back.
    taken_at    timestamptz NOT NULL,
    restored_at timestamptz NOT NULL DEFAULT now(),
    -- A person's word: what was due until then is taken as sent. Nothing is sent before.
    sent_until  timestamptz,
    resumed_at  timestamptz,
    resumed_by  text,
    CONSTRAINT restored_resumed CHECK (num_nulls(sent_until, resumed_at, resumed_by) IN (0, 3))
);
CREATE INDEX restored_held ON restored (id) WHERE resumed_at IS NULL;
