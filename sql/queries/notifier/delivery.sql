-- Notes what became of a message. True: that was news.
SELECT message_delivery($1, NULL, $2, $3::timestamptz)
