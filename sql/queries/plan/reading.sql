-- $1 caller, $2 request id, $3 plan (id or slug), $4 recommendation, $5 action: one of them, or none
SELECT quarter_basis, relative_to FROM plan_reading($1::bytea, $2, $3, $4::bigint, $5::bigint);
