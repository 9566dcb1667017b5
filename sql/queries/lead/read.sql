-- $1 caller, $2 lead: a key for some plans sees the leads of their actions
SELECT j.body, j.version AS etag, j.aged
FROM live_key k JOIN lead_json j ON k.plan_ids IS NULL OR EXISTS (
    SELECT FROM assignment s JOIN action a ON a.id = s.action_id
    WHERE s.lead_id = j.id AND a.plan_id = ANY (k.plan_ids))
WHERE k.digest = $1::bytea AND j.id = $2::bigint;
