-- $1 caller: all of them, as one set with one version
SELECT j.body, j.version AS etag FROM live_key k CROSS JOIN closures_json j WHERE k.digest = $1::bytea;
