-- $1 caller, $2 limit, $3 after, $4 plan, $5 resource
SELECT body, next_cursor FROM change_page($1::bytea, coalesce($2::integer, 50), $3, $4, $5);
