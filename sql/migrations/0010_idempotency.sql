-- Answers to POSTs that carried an Idempotency-Key, so that a repeated call does nothing twice.

CREATE TABLE idempotency (
    key_id          bigint NOT NULL REFERENCES api_key,
    -- "POST /v1/plans": the same key at another address is another call.
    call            text NOT NULL,
    idempotency_key text NOT NULL CHECK (char_length(idempotency_key) BETWEEN 1 AND 255),
    -- SHA-256 of what else came with the call: its parameters and its body.
    fingerprint     bytea NOT NULL CHECK (length(fingerprint) = 32),
    status          smallint NOT NULL CHECK (status BETWEEN 200 AND 299),
    location        text,
    etag            text,
    body            text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (key_id, call, idempotency_key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);
