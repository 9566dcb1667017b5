-- Whether this schema serves the program that asks.
-- $1: the newest migration that the program knows
SELECT max(name) AS newest, count(*) AS applied,
       coalesce(max(name) = $1 OR (max(name) > $1 AND schema_serves_since() <= $1), false) AS serves
FROM migration;
