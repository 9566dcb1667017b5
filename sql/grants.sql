-- What each program may touch: the contract between them. Applied after every migration.

GRANT USAGE ON SCHEMA public TO gt_api, gt_notifier;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- No login of ours needs temporary tables.
DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM gt_api, gt_notifier;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM gt_api, gt_notifier;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO gt_api;
GRANT INSERT ON change TO gt_api, gt_notifier;
-- The order of the record is written by change_seal() alone, which runs with its owner's rights.
REVOKE EXECUTE ON FUNCTION change_seal(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION change_seal(integer) TO gt_api, gt_notifier;
GRANT INSERT, UPDATE ON plan, recommendation, action, action_text, lead, timescale, deadline, ladder, closure_set, api_key TO gt_api;
GRANT INSERT, UPDATE, DELETE ON assignment, ladder_stage, closure TO gt_api;
GRANT INSERT ON update, snapshot TO gt_api;
GRANT INSERT, UPDATE, DELETE ON idempotency TO gt_api;
GRANT USAGE ON SCHEMA past TO gt_api;
GRANT SELECT ON ALL TABLES IN SCHEMA past TO gt_api;
GRANT UPDATE (state, reason, next_at, retried_at, retried_after) ON message TO gt_api;
GRANT UPDATE (state, reason, updated_at) ON reminder TO gt_api;

-- The notifier reads what an email needs, never keys, and writes its own ledger and outbox only.
GRANT SELECT ON plan, recommendation, action, lead, assignment, timescale, deadline, update,
    bank_holiday, closure, ladder, ladder_stage, message, attempt, reminder, notifier_pass, migration,
    audience_member, chased_deadline TO gt_notifier;
GRANT INSERT, UPDATE ON message, attempt, reminder, notifier_pass TO gt_notifier;
GRANT USAGE ON SEQUENCE lease_token TO gt_notifier;
