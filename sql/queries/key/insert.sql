-- From the command line: $1 name, $2 role, $3 expiry or NULL, $4 digest, $5 prefix
SELECT act_as('command line', NULL, NULL), key_insert($1, $2::key_role, NULL, $3::timestamptz, $4::bytea, $5) AS id;
