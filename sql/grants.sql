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
-- So runs what notes the end of a message, whoever is told.
REVOKE EXECUTE ON FUNCTION message_delivery(text, text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION message_delivery(text, text, text, timestamptz) TO gt_api, gt_notifier;
-- And what empties that which is past its time: nobody is given the right to delete for it.
REVOKE EXECUTE ON FUNCTION retention_run(timestamptz, jsonb, integer, boolean), retention_preview(timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION retention_run(timestamptz, jsonb, integer, boolean), retention_preview(timestamptz, jsonb) TO gt_notifier;
-- Who is asked about, or wants to be forgotten, is for whoever may migrate (a member of the owner) to deal with.
REVOKE EXECUTE ON FUNCTION person_export(text[], text[], bigint), person_anonymise(text[], text[], bigint, boolean) FROM PUBLIC;
GRANT INSERT, UPDATE ON plan, recommendation, action, action_text, lead, timescale, deadline, ladder, closure_set, api_key TO gt_api;
GRANT INSERT, UPDATE, DELETE ON assignment, ladder_stage, closure TO gt_api;
GRANT INSERT ON update, snapshot TO gt_api;
GRANT INSERT, UPDATE, DELETE ON idempotency TO gt_api;
GRANT USAGE ON SCHEMA past TO gt_api;
GRANT SELECT ON ALL TABLES IN SCHEMA past TO gt_api;
GRANT UPDATE (state, reason, next_at, retried_at, retried_after) ON message TO gt_api;
GRANT UPDATE (state, reason, updated_at) ON reminder TO gt_api;
GRANT DELETE ON undeliverable TO gt_api;
GRANT INSERT, UPDATE, DELETE ON webhook TO gt_api;
GRANT INSERT, UPDATE ON webhook_health, delivery TO gt_api;
GRANT INSERT ON event TO gt_api;
GRANT INSERT, DELETE ON event_note TO gt_api;
-- Who makes a secret need not read it again.
REVOKE SELECT ON webhook_secret FROM gt_api;
GRANT SELECT (id, webhook_id, created_at, expires_at), INSERT, UPDATE (expires_at), DELETE ON webhook_secret TO gt_api;

-- The notifier reads what an email needs, never keys, and writes its own ledger and outbox only.
GRANT SELECT ON plan, recommendation, action, lead, assignment, timescale, deadline, update,
    bank_holiday, closure, ladder, ladder_stage, message, attempt, reminder, notifier_pass, migration,
    undeliverable, held_day, restored, audience_member, chased_deadline, silent_action, summary, portfolio, plan_pass TO gt_notifier;
GRANT INSERT, UPDATE ON message, attempt, reminder, summary, held_day, notifier_pass, plan_pass TO gt_notifier;
GRANT INSERT ON undeliverable TO gt_notifier;
GRANT DELETE ON held_day, plan_pass TO gt_notifier;
GRANT UPDATE (sent_until, resumed_at, resumed_by) ON restored TO gt_notifier;
-- It posts events, says of some that they are due, and turns off webhooks whose endpoints are gone.
GRANT SELECT ON webhook, webhook_secret, webhook_health, event, event_action, event_plan,
    delivery, delivery_attempt, webhook_notice TO gt_notifier;
GRANT INSERT ON webhook_notice TO gt_notifier;
GRANT UPDATE (state, reason) ON webhook TO gt_notifier;
GRANT UPDATE ON webhook_health TO gt_notifier;
GRANT INSERT ON event TO gt_notifier;
GRANT INSERT, UPDATE ON delivery, delivery_attempt TO gt_notifier;
GRANT USAGE ON SEQUENCE lease_token TO gt_notifier;
