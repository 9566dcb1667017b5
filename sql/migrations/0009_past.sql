-- Reading a plan as it once was: named moments of it, and the index that its old deadlines are found by.

CREATE TABLE snapshot (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id    bigint NOT NULL REFERENCES plan,
    name       one_line NOT NULL CHECK (char_length(name) <= 200),
    -- The moment it stands for. What the plan said then is in the record of changes.
    at         timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT snapshot_name UNIQUE (plan_id, name)
);

-- A deadline that is not in force any more was in force once.
CREATE INDEX deadline_ever_of_action ON deadline (action_id);

-- Who led what, once: assignments that are over are in the record only.
CREATE INDEX change_of_assignment ON change (((coalesce(after, before)->>'lead_id')::bigint)) WHERE resource = 'assignment';
-- The words that a search looks for.
CREATE INDEX action_words ON action USING gin (to_tsvector('english', reference || ' ' || description));
