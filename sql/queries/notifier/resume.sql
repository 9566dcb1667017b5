-- A person's word that the notifier may send again after a restore.
SELECT instant(sent_until), messages, reminders FROM restored_resume($1::timestamptz, $2)
