-- The newest migration that this database has: the program knows which one it needs.
SELECT max(name) AS newest, count(*) AS applied FROM migration;
