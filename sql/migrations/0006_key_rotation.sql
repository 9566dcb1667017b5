-- A key that was rotated names the one that takes its place.

ALTER TABLE api_key ADD COLUMN replaced_by bigint REFERENCES api_key (id);
