-- Messages sent by GOV.UK Notify: its name for each, and what became of it.

ALTER TABLE message
    -- What is frozen: an email or, to be told by its first byte, Notify's JSON request for one.
    ADD COLUMN form text GENERATED ALWAYS AS (
        CASE WHEN mime IS NULL THEN NULL WHEN get_byte(mime, 0) = ascii('{') THEN 'notify' ELSE 'mime' END) STORED,
    ADD COLUMN provider_id text CONSTRAINT message_provider_id UNIQUE,
    -- NULL: nobody told.
    ADD COLUMN delivery text CONSTRAINT message_delivery CHECK (delivery IN
        ('created', 'sending', 'delivered', 'permanent_failure', 'temporary_failure', 'technical_failure')),
    ADD COLUMN delivery_at timestamptz,
    -- When the notifier last asked.
    ADD COLUMN followed_at timestamptz,
    ADD CONSTRAINT message_not_empty CHECK (length(mime) > 0),
    ADD CONSTRAINT message_delivery_has_time CHECK ((delivery IS NULL) = (delivery_at IS NULL));

-- Those whose delivery is still open.
CREATE INDEX message_open ON message (sent_at)
    WHERE state = 'sent' AND provider_id IS NOT NULL AND (delivery IS NULL OR delivery IN ('created', 'sending'));
