-- What delivery writes: room beside each row for its next version, and no index that such a version would have to
-- be entered into again without need.
ALTER TABLE attempt SET (fillfactor = 50);
ALTER TABLE message SET (fillfactor = 70);
ALTER TABLE reminder SET (fillfactor = 70);

-- An index whose predicate names the state would have every change of the state entered into all indexes.
DROP INDEX reminder_unroutable;
ALTER TABLE reminder ADD COLUMN unroutable boolean NOT NULL GENERATED ALWAYS AS (state = 'unroutable') STORED;
CREATE INDEX reminder_unroutable ON reminder (day) WHERE unroutable;

-- The same as message_of_day.
DROP INDEX message_day;

-- The text of an email is compressed as fast as it is written, where PostgreSQL was built to.
DO $$
BEGIN
    ALTER TABLE message ALTER COLUMN mime SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$;
