-- The record's one final order, and how far it has been brought.

CREATE INDEX change_transaction ON change (transaction);

-- Ids are given before transactions end, so they are no order to read by: what commits late would
-- appear in the past. Here committed changes are counted, once, in an order that never changes.
CREATE TABLE change_order (
    seq       bigint PRIMARY KEY CHECK (seq > 0),
    change_id bigint NOT NULL UNIQUE REFERENCES change,
    -- SHA-256 over the hash before it and this change: it seals everything up to here.
    hash      bytea NOT NULL CHECK (length(hash) = 32)
);

-- Where change_seal() goes on; one row. It is no part of the record: without it, sealing looks at
-- every change again.
CREATE TABLE change_horizon (
    single  boolean PRIMARY KEY DEFAULT true CHECK (single),
    -- The cluster whose transactions "seen" is about: after a restore into another it says nothing.
    cluster bigint NOT NULL,
    -- Everything that this snapshot shows is in order …
    seen    pg_snapshot NOT NULL,
    -- … unless there was too much for one call: then only up to done_to, and upto is the last of it.
    done_to bigint,
    upto    bigint,
    CONSTRAINT change_horizon_rest CHECK ((done_to IS NULL) = (upto IS NULL))
);
