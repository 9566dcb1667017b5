-- What follows in the transaction reads the end of a day: $1 the day
SELECT past_open_day($1::date);
