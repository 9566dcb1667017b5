SELECT key_revoke($1::bytea, $2, $3::bigint, $4::bigint[]) AS id;
