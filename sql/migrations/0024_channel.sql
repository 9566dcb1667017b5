-- Webhooks that a person reads: channels of Microsoft Teams and of Slack, and webhooks for some leads only.

CREATE TYPE webhook_format AS ENUM ('standard', 'teams', 'slack');

ALTER TABLE webhook
    ADD COLUMN format webhook_format NOT NULL DEFAULT 'standard',
    -- NULL = everybody's. With leads, only what is about an action that one of them has.
    ADD COLUMN lead_ids bigint[] CHECK (cardinality(lead_ids) > 0 AND array_position(lead_ids, NULL) IS NULL);

-- What is posted when it is not the event itself, frozen like the event. Teams takes 28 KB.
ALTER TABLE delivery ADD COLUMN body text CHECK (octet_length(body) < 28000);
