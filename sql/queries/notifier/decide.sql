-- A person's decision on a held day.
SELECT day, reminders, people FROM held_decide($1::date, $2, $3)
