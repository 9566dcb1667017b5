-- Who is told when a webhook is turned off.

ALTER TABLE webhook
    -- A post. NULL: whoever owns the plans that it hears of (webhook_owner).
    ADD COLUMN owner_id bigint CONSTRAINT webhook_owner REFERENCES lead;

ALTER TABLE message
    DROP CONSTRAINT message_kind_check,
    ADD CONSTRAINT message_kind_check CHECK (kind IN ('reminder', 'summary', 'webhook'));

-- Each time that the notifier turned a webhook off: why, and by which message its owner was told.
CREATE TABLE webhook_notice (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id    bigint NOT NULL REFERENCES webhook ON DELETE CASCADE,
    disabled_at   timestamptz NOT NULL DEFAULT now(),
    failing_since timestamptz NOT NULL,
    gone          boolean NOT NULL,
    -- How the last try ended, and the first of what the endpoint answered, escaped.
    detail        text,
    answer        text,
    -- NULL: it has no owner.
    message_id    bigint CONSTRAINT webhook_notice_message UNIQUE REFERENCES message
);
CREATE INDEX webhook_notice_of_webhook ON webhook_notice (webhook_id, id);
