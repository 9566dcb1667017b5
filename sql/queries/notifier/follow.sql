-- Takes messages of which it is time to ask what became of them.
SELECT message_follow($1::integer)
