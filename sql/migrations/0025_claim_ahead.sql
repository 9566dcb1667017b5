-- Deliveries that are claimed ahead: who holds a lease, and since when.

ALTER TABLE delivery
    -- The notifier that has it, by the number that it gave itself. One at a time has deliveries of a webhook, so
    -- that it alone can keep to the number of posts at once. NULL: a notifier of before claims were made ahead.
    ADD COLUMN lease_holder bigint,
    -- Since when it is leased, or was the last time.
    ADD COLUMN leased_at timestamptz;
