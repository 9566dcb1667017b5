SELECT id, name, role, plan_ids FROM live_key WHERE digest = $1::bytea;
