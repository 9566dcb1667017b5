-- What the service is watched by: counts of a few days must not read all messages there ever were.

CREATE INDEX message_day ON message (day);
CREATE INDEX reminder_unroutable ON reminder (day) WHERE state = 'unroutable';
