-- The days of this moment whose plan waits for a person.
SELECT h.day, h.reminders, h.people, h.usual, h.most
FROM held_day h
WHERE h.decision IS NULL
  AND h.day IN (SELECT s.first_day FROM plans_sending(coalesce($1::timestamptz, clock_timestamp())) s)
