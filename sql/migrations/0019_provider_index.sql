-- Emails by SMTP have no name of a provider's: of them nothing is entered.
ALTER TABLE message DROP CONSTRAINT message_provider_id;
CREATE UNIQUE INDEX message_provider_id ON message (provider_id) WHERE provider_id IS NOT NULL;
