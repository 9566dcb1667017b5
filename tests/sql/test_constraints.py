"""Each constraint of the migrations, with one row (or more) that breaks it and nothing else."""
import psycopg2
import psycopg2.errors
import pytest

# One good row of everything: what the bad rows below hang on.
WORLD = """
INSERT INTO lead (name, post_key, holder, email) VALUES
    ('Director of Place', 'director of place', 'Robin', 'robin@example.org'),
    ('Director of People', 'director of people', NULL, NULL);
INSERT INTO plan (slug, title, organisation, owner_id) VALUES
    ('one', 'One', 'A council', 1), ('two', 'Two', 'A council', NULL);
INSERT INTO recommendation (plan_id, number, text, position) VALUES
    (1, '1', 'Do better', 1), (1, '2', 'Do more', 2), (2, '1', 'Do less', 1);
INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES
    (1, 1, '1.1', 'First'), (1, 1, '1.2', 'Second'), (2, 3, '1.1', 'Other');
INSERT INTO assignment (action_id, lead_id, role) VALUES (1, 1, 'lead');
INSERT INTO action_text (action_id, version, head, tail) VALUES (1, 1, '{', '}');
INSERT INTO timescale (action_id, revision, current, text, kind, due_on, confidence, reading) VALUES
    (1, 1, false, 'March 2022', 'month', '2022-03-31', 'certain', '{}'),
    (1, 2, true, 'April 2022', 'month', '2022-04-30', 'certain', '{}'),
    (2, 1, true, 'May 2022', 'month', '2022-05-31', 'certain', '{}');
INSERT INTO deadline (action_id, timescale_id, position, due_on) VALUES (1, 2, 1, '2022-04-30'), (1, 2, 2, '2022-05-31');
INSERT INTO update (action_id, note, author) VALUES (1, 'Begun', 'Alice'), (1, 'Going on', 'Alice');
SET session_replication_role = replica; -- the record of changes is not what this is about
INSERT INTO closure (day, title) VALUES ('2022-12-28', 'Closed');
INSERT INTO event_note (type, ids) VALUES ('action.updated', '{1}');
RESET session_replication_role;
INSERT INTO ladder (plan_id) VALUES (1);
INSERT INTO message (kind, lead_id, day, message_id) VALUES
    ('reminder', 1, '2022-03-24', '<a@example.org>'), ('reminder', 2, '2022-03-24', NULL);
INSERT INTO attempt (message_id, n) VALUES (1, 1);
INSERT INTO summary (lead_id, month, day, message_id) VALUES (1, '2022-03-01', '2022-03-24', 1);
INSERT INTO plan_pass (plan_id, day) VALUES (1, '2022-03-24');
INSERT INTO undeliverable (address, since) VALUES ('gone@example.org', now());
INSERT INTO held_day (day, reminders, people, usual, most) VALUES ('2022-03-24', 300, 20, 40, 200);
INSERT INTO reminder (deadline_id, offset_days, lead_id, audience, stage_day, day) VALUES
    (1, -7, 1, 'lead', '2022-04-22', '2022-04-22'), (1, -1, 1, 'lead', '2022-04-29', '2022-04-29');
INSERT INTO notifier_pass (finished_at, planned_at) VALUES (now(), now());
INSERT INTO restored (taken_at) VALUES (now());
INSERT INTO api_key (name, digest, prefix, role) VALUES ('Dan', sha256('dan'), 'gt_live_d', 'reader');
INSERT INTO idempotency (key_id, call, idempotency_key, fingerprint, status)
    SELECT id, 'POST /v1/plans', 'x', sha256('x'), 201 FROM api_key WHERE name = 'Dan';
INSERT INTO snapshot (plan_id, name, at) VALUES (1, 'Cabinet', '2021-12-01');
INSERT INTO change_order (seq, change_id, hash) VALUES (1, 1, sha256('one'));
INSERT INTO change_horizon (cluster, seen) VALUES (1, pg_current_snapshot());
INSERT INTO webhook (url) VALUES ('https://example.org/'), ('https://example.com/');
INSERT INTO webhook_secret (webhook_id, secret) VALUES (1, sha256('x'));
INSERT INTO webhook_notice (webhook_id, failing_since, gone, message_id) VALUES (1, now(), false, 1);
INSERT INTO redaction (pseudonym, replaced, changes, sha256) VALUES ('Former holder 1', '{}', 0, sha256('x'));
INSERT INTO change_redaction VALUES (1, 1, sha256('x'));
INSERT INTO webhook_health (webhook_id) VALUES (1);
INSERT INTO event (type, deadline_id, payload) VALUES ('action.overdue', 1, '{}'), ('action.overdue', 2, '{}');
INSERT INTO delivery (webhook_id, event_id) VALUES (1, 1);
INSERT INTO delivery_attempt (delivery_id, n) VALUES (1, 1);
"""

SUMMARY = "INSERT INTO summary (lead_id, month, day, message_id) VALUES ({}, {}, {})"
NOTICE = "INSERT INTO webhook_notice (webhook_id, failing_since, gone, message_id) VALUES ({}, now(), false, {})"
LEAD = "INSERT INTO lead (name, post_key, {}) VALUES ('P', 'p', {})"
NEW_LEAD = "INSERT INTO lead (name, post_key) VALUES ({}, 'p')"
PLAN = "INSERT INTO plan (slug, title, organisation, {}) VALUES ('p', 'P', 'C', {})"
SLUG = "INSERT INTO plan (slug, title, organisation) VALUES ({}, 'P', 'C')"
ACTION = "INSERT INTO action (plan_id, recommendation_id, reference, description, {}) VALUES (1, 1, 'x', 'X', {})"
UPDATE = "INSERT INTO update (action_id, author, {}) VALUES (1, 'A', {})"
TIMESCALE = ("INSERT INTO timescale (action_id, revision, current, text, kind, due_on, confidence, reading)"
             " VALUES ({}, {}, {}, {}, 'month', {}, {}, '{{}}')")
DEADLINE = "INSERT INTO deadline (action_id, timescale_id, position, label, due_on) VALUES ({}, {}, {}, {}, '2022-01-31')"
STAGE = "INSERT INTO ladder_stage (ladder_id, offset_days, audience, repeat_days) VALUES ({}, {}, 'lead', {})"
REMINDER = ("INSERT INTO reminder (deadline_id, offset_days, lead_id, audience, stage_day, day, state, message_id)"
            " VALUES ({}, {}, {}, 'lead', '2022-01-05', {}, {}, {})")
HELD = "INSERT INTO held_day (day, reminders, people, usual, most) VALUES ({}, {}, {}, {}, {})"
PLACE = "INSERT INTO change_order (seq, change_id, hash) VALUES ({}, {}, {})"
CHANGE = "INSERT INTO change (actor, verb, resource, resource_id, after) VALUES ('a', {}, 'plan', 1, {})"

BREAKS = {
    # domains
    "one_line_check": [NEW_LEAD.format(bad) for bad in (
        "''", "' '", "' a'", "'a '", r"E'a\nb'", r"E'a\rb'", r"E'a\tb'", r"E'a\u007fb'", r"E'a\u0001b'")],
    "one_line_length": [NEW_LEAD.format("repeat('a', 501)")],
    "prose_check": [UPDATE.format("note", bad) for bad in (
        "''", r"E' \n '", r"E'a\u0001b'", r"E'a\rb'", r"E'a\u007fb'", "repeat('a', 20001)")],
    "email_check": [LEAD.format("email", bad) for bad in (
        "''", "'robin'", "'robin@example'", "'robin @example.org'", "'a@b@example.org'", "'robin@.org'",
        "'robin@example.org '", r"E'robin@example.org\n'", r"E'robin@example.org\r\nBcc: x@example.org'",
        "'Robin <robin@example.org>'", "'robin@example.org,jo@example.org'", "repeat('a', 65) || '@example.org'",
        "'a@' || repeat('b', 250) || '.org'", "'röbin@example.org'")],
    # lead
    "lead_post_key_key": ["INSERT INTO lead (name, post_key) VALUES ('Director of Place', 'director of place')"],
    "lead_not_its_own_deputy": ["UPDATE lead SET deputy_id = id WHERE id = 1"],
    "lead_not_its_own_manager": ["UPDATE lead SET manager_id = id WHERE id = 1"],
    "lead_away_in_order": [LEAD.format("away_from, away_until", "'2022-02-02', '2022-02-01'")],
    "lead_away_both": [LEAD.format("away_from", "'2022-02-02'"), LEAD.format("away_until", "'2022-02-02'")],
    "lead_deputy_id_fkey": [LEAD.format("deputy_id", "99")],
    "lead_manager_id_fkey": [LEAD.format("manager_id", "99")],
    # plan
    "plan_slug_key": [SLUG.format("'one'")],
    "plan_slug_check": [SLUG.format(bad) for bad in (
        "''", "'2022'", "'1-2'", "'-a'", "'a-'", "'a--b'", "'A'", "'a b'", "'a/b'", "'ä'", r"E'a\n'", "repeat('a', 81)")],
    "plan_source_url_check": [PLAN.format("source_url", bad) for bad in (
        "'ftp://example.org'", "'javascript:alert(1)'", "'https://'", "'https://example.org/a b'",
        r"E'https://example.org/\n'", "'https://' || repeat('a', 2000)")],
    "plan_send_at_check": [PLAN.format("send_at", bad) for bad in ("'07:59:59'", "'18:00'")],
    "plan_owner_id_fkey": [PLAN.format("owner_id", "99")],
    # recommendation
    "recommendation_number_check": [
        "INSERT INTO recommendation (plan_id, number, text, position) VALUES (1, repeat('1', 41), 'x', 1)"],
    "recommendation_number": ["INSERT INTO recommendation (plan_id, number, text, position) VALUES (1, '1', 'x', 1)"],
    "recommendation_plan_id_fkey": [
        "INSERT INTO recommendation (plan_id, number, text, position) VALUES (99, '1', 'x', 1)"],
    # action
    "action_reference_check": [
        "INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES (1, 1, repeat('1', 41), 'x')"],
    "action_reference": [
        "INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES (1, 2, '1.1', 'x')"],
    "action_percent_check": [ACTION.format("percent", bad) for bad in ("-1", "101")],
    "action_doubts_check": [ACTION.format("doubts", bad) for bad in ("'{}'", "'null'", "'\"x\"'")],
    "action_completed": [ACTION.format("completed_on", "'2022-01-01'"),
                         ACTION.format("status, completed_on", "'cancelled', '2022-01-01'")],
    "action_recommendation": [  # of another plan; of none
        "INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES (1, 3, 'x', 'x')",
        "UPDATE action SET recommendation_id = 3 WHERE id = 1",
        "INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES (1, 99, 'x', 'x')"],
    "action_plan_id_fkey": [
        "INSERT INTO action (plan_id, recommendation_id, reference, description) VALUES (99, 1, 'x', 'x')"],
    "action_text_pkey": ["INSERT INTO action_text (action_id, version, head, tail) VALUES (1, 1, 'x', 'x')"],
    "action_text_action_id_fkey": ["INSERT INTO action_text (action_id, version, head, tail) VALUES (99, 1, 'x', 'x')"],
    # assignment
    "assignment_pkey": ["INSERT INTO assignment (action_id, lead_id, role) VALUES (1, 1, 'support')"],
    "assignment_action_id_fkey": ["INSERT INTO assignment (action_id, lead_id, role) VALUES (99, 1, 'lead')"],
    "assignment_lead_id_fkey": ["INSERT INTO assignment (action_id, lead_id, role) VALUES (1, 99, 'lead')"],
    # timescale
    "timescale_revision_check": [TIMESCALE.format(1, 0, "false", "'x'", "NULL", "'certain'")],
    "timescale_text_check": [TIMESCALE.format(1, 9, "false", "repeat('x', 2001)", "NULL", "'certain'")],
    "timescale_confidence_check": [TIMESCALE.format(1, 9, "false", "'x'", "NULL", "'sure'")],
    "timescale_unreadable_has_no_date": [
        TIMESCALE.format(1, 9, "false", "'x'", "'2022-01-01'", "'unreadable'"),
        "INSERT INTO timescale (action_id, revision, current, text, kind, starts_on, confidence, reading)"
        " VALUES (1, 9, false, 'x', 'month', '2022-01-01', 'unreadable', '{}')"],
    "timescale_revision": [TIMESCALE.format(1, 2, "false", "'x'", "NULL", "'certain'")],
    "timescale_current": [TIMESCALE.format(1, 9, "true", "'x'", "NULL", "'certain'")],
    "timescale_action_id_fkey": [TIMESCALE.format(99, 1, "true", "'x'", "NULL", "'certain'")],
    # deadline
    "deadline_label_check": [DEADLINE.format(1, 2, 9, "''"), DEADLINE.format(1, 2, 9, "repeat('x', 501)")],
    "deadline_position": [DEADLINE.format(1, 2, 1, "NULL")],
    "deadline_timescale": [DEADLINE.format(2, 2, 9, "NULL"), DEADLINE.format(1, 99, 9, "NULL")],
    "deadline_action_id_fkey": [DEADLINE.format(99, 2, 9, "NULL")],
    # update
    "update_says_something": ["INSERT INTO update (action_id, author) VALUES (1, 'A')"],
    "update_percent_check": [UPDATE.format("percent", bad) for bad in ("-1", "101")],
    "update_evidence_check": [UPDATE.format("evidence", bad) for bad in (
        "'www.example.org'", "'https://example.org/a b'", "'https://' || repeat('a', 2000)")],
    "update_action_id_fkey": ["INSERT INTO update (action_id, note, author) VALUES (99, 'x', 'A')"],
    "update_lead_id_fkey": [UPDATE.format("note, lead_id", "'x', 99")],
    # working days
    "bank_holiday_source_check": [
        "INSERT INTO bank_holiday (division, day, title, source) VALUES ('scotland', '2018-01-01', 'x', 'guess')"],
    "bank_holiday_pkey": [
        "INSERT INTO bank_holiday (division, day, title, source) VALUES ('scotland', '2022-01-04', 'x', 'rule')"],
    "closure_day_key": ["INSERT INTO closure (day, title) VALUES ('2022-12-28', 'Again')"],
    # ladder
    "ladder_of_plan": ["INSERT INTO ladder (plan_id) VALUES (1)", "INSERT INTO ladder (plan_id) VALUES (NULL)"],
    "ladder_plan_id_fkey": ["INSERT INTO ladder (plan_id) VALUES (99)"],
    "ladder_stage_offset_days_check": [STAGE.format(1, bad, "NULL") for bad in ("-367", "367")],
    "ladder_stage_repeat_days_check": [STAGE.format(1, 5, bad) for bad in ("0", "367")],
    "ladder_stage_repeats_overdue": [STAGE.format(1, bad, 7) for bad in ("0", "-5")],
    "ladder_stage_pkey": [STAGE.format(1, -28, "NULL")],
    "ladder_stage_ladder_id_fkey": [STAGE.format(99, 5, "NULL")],
    # message
    "message_kind_check": ["INSERT INTO message (kind, lead_id, day) VALUES ('greeting', 1, '2022-01-05')"],
    "message_one_summary_a_month": ["INSERT INTO message (kind, lead_id, day) VALUES ('summary', 1, '2022-04-01'),"
                                    " ('summary', 1, '2022-04-04')"],
    "message_one_a_day": ["INSERT INTO message (kind, lead_id, day) VALUES ('reminder', 1, '2022-03-24')"],
    "message_identity": ["UPDATE message SET message_id = '<a@example.org>' WHERE id = 2"],
    "message_lease": ["UPDATE message SET state = 'leased' WHERE id = 1",
                      "UPDATE message SET state = 'leased', lease_token = 1 WHERE id = 1",
                      "UPDATE message SET lease_token = 1, lease_until = now() WHERE id = 1"],
    "message_sent_was_rendered": ["UPDATE message SET state = 'sent' WHERE id = 1"],
    "message_provider_id": ["UPDATE message SET provider_id = 'x'"],
    "message_delivery": ["UPDATE message SET delivery = 'read', delivery_at = now() WHERE id = 1"],
    "message_delivery_has_time": ["UPDATE message SET delivery = 'delivered' WHERE id = 1",
                                  "UPDATE message SET delivery_at = now() WHERE id = 1"],
    "message_lead_id_fkey": ["INSERT INTO message (kind, lead_id, day) VALUES ('reminder', 99, '2022-01-05')"],
    "message_via_lead_id_fkey": ["UPDATE message SET via_lead_id = 99 WHERE id = 1"],
    # summary
    "summary_once": [SUMMARY.format(1, "'2022-03-01', '2022-03-25'", 2)],
    "summary_state": ["UPDATE summary SET state = 'sent', message_id = NULL"],
    "summary_month": [SUMMARY.format(2, "'2022-03-24', '2022-03-24'", 2)],
    "summary_planned_as_a_message": ["UPDATE summary SET message_id = NULL", "UPDATE summary SET state = 'suppressed'"],
    "summary_of_message": [SUMMARY.format(2, "'2022-03-01', '2022-03-24'", 1)],
    "summary_lead_id_fkey": [SUMMARY.format(99, "'2022-03-01', '2022-03-24'", 2)],
    "summary_message_id_fkey": ["UPDATE summary SET message_id = 99"],
    "plan_pass_pkey": ["INSERT INTO plan_pass (plan_id, day) VALUES (1, '2022-03-25')"],
    "plan_pass_plan_id_fkey": ["INSERT INTO plan_pass (plan_id, day) VALUES (99, '2022-03-25')"],
    "plan_pass_check": ["UPDATE plan_pass SET before = day"],
    # attempt
    "attempt_outcome_check": ["UPDATE attempt SET outcome = 'perhaps'"],
    "attempt_pkey": ["INSERT INTO attempt (message_id, n) VALUES (1, 1)"],
    "attempt_message_id_fkey": ["INSERT INTO attempt (message_id, n) VALUES (99, 1)"],
    "plan_updates_every_days_check": [PLAN.format("updates_every_days", bad) for bad in ("0", "367")],
    # undeliverable
    "undeliverable_pkey": ["INSERT INTO undeliverable (address, since) SELECT address, since FROM undeliverable"],
    "undeliverable_address_check": ["UPDATE undeliverable SET address = 'Gone@example.org'"],
    # held_day
    "held_day_pkey": [HELD.format("'2022-03-24'", 300, 20, 40, 200)],
    "held_day_reminders_check": [HELD.format("'2022-03-25'", 0, 20, 40, 200)],
    "held_day_people_check": [HELD.format("'2022-03-25'", 300, 0, 40, 200)],
    "held_day_usual_check": [HELD.format("'2022-03-25'", 300, 20, -1, 200)],
    "held_day_most_check": [HELD.format("'2022-03-25'", 300, 20, 40, 0)],
    "held_day_decision_check": ["UPDATE held_day SET decision = 'perhaps', decided_at = now(), decided_by = 'x'"],
    "held_day_decided": ["UPDATE held_day SET decision = 'approved'", "UPDATE held_day SET decided_by = 'x'"],
    # reminder
    "reminder_about_one": ["UPDATE reminder SET action_id = 1, silent_since = '2022-01-01'",
                           "UPDATE reminder SET deadline_id = NULL"],
    "reminder_silence": ["UPDATE reminder SET silent_since = '2022-01-01'"],
    "reminder_action_id_fkey": ["UPDATE reminder SET deadline_id = NULL, action_id = 999, silent_since = '2022-01-01'"],
    "reminder_once": [REMINDER.format(1, -7, 1, "'2022-01-05'", "'planned'", "NULL")],
    "reminder_not_before_its_day": [REMINDER.format(1, 1, 1, "'2022-01-04'", "'planned'", "NULL")],
    "reminder_sent_in_a_message": [REMINDER.format(1, 1, 1, "'2022-01-05'", "'sent'", "NULL")],
    "reminder_deadline_id_fkey": [REMINDER.format(99, 1, 1, "'2022-01-05'", "'planned'", "NULL")],
    "reminder_lead_id_fkey": [REMINDER.format(1, 1, 99, "'2022-01-05'", "'planned'", "NULL")],
    "reminder_message_id_fkey": [REMINDER.format(1, 1, 1, "'2022-01-05'", "'planned'", "99")],
    # the notifier's pulse is one row
    "closure_set_id_check": ["UPDATE closure_set SET id = 2"],
    "notifier_pass_single_check": ["UPDATE notifier_pass SET single = false"],
    "notifier_pass_pkey": ["INSERT INTO notifier_pass (finished_at, planned_at) VALUES (now(), now())"],
    "restored_pkey": ["INSERT INTO restored (id, taken_at) OVERRIDING SYSTEM VALUE SELECT id, now() FROM restored"],
    "restored_resumed": ["UPDATE restored SET resumed_at = now()", "UPDATE restored SET sent_until = now(), resumed_by = 'x'"],
    # keys and the record
    "api_key_digest_check": ["UPDATE api_key SET digest = 'short' WHERE id = 1"],
    "api_key_digest_key": ["INSERT INTO api_key (name, digest, prefix, role) VALUES ('E', sha256('dan'), 'p', 'admin')"],
    "api_key_replaced_by_fkey": ["UPDATE api_key SET replaced_by = 99 WHERE id = 1"],
    "api_key_plan_ids_check": ["UPDATE api_key SET plan_ids = '{1,NULL}' WHERE id = 1"],
    "change_verb_check": [CHANGE.format("'seen'", "'{}'")],
    "change_has_content": [CHANGE.format("'created'", "NULL")],
    "idempotency_pkey": ["INSERT INTO idempotency SELECT * FROM idempotency"],
    "idempotency_idempotency_key_check": [f"UPDATE idempotency SET idempotency_key = {bad}" for bad in ("''", "repeat('x', 256)")],
    "idempotency_fingerprint_check": ["UPDATE idempotency SET fingerprint = 'short'"],
    "idempotency_status_check": [f"UPDATE idempotency SET status = {bad}" for bad in (199, 300)],
    "idempotency_key_id_fkey": ["UPDATE idempotency SET key_id = 99"],
    # the past
    "snapshot_name": ["INSERT INTO snapshot (plan_id, name, at) VALUES (1, 'Cabinet', '2022-01-01')"],
    "snapshot_name_check": ["INSERT INTO snapshot (plan_id, name, at) VALUES (1, repeat('x', 201), '2022-01-01')"],
    "snapshot_plan_id_fkey": ["INSERT INTO snapshot (plan_id, name, at) VALUES (99, 'x', '2022-01-01')"],
    # its order
    "change_order_pkey": [PLACE.format(1, 2, "sha256('two')")],
    "change_order_seq_check": [PLACE.format(0, 2, "sha256('two')")],
    "change_order_change_id_key": [PLACE.format(2, 1, "sha256('two')")],
    "change_order_change_id_fkey": [PLACE.format(2, 9999, "sha256('two')")],
    "change_order_hash_check": [PLACE.format(2, 2, "'short'")],
    "change_horizon_single_check": ["UPDATE change_horizon SET single = false"],
    "change_horizon_pkey": ["INSERT INTO change_horizon (cluster, seen) VALUES (2, pg_current_snapshot())"],
    "change_horizon_rest": ["UPDATE change_horizon SET upto = 1", "UPDATE change_horizon SET done_to = 1"],
    # personal data
    "retention_pkey": ["INSERT INTO retention (class) VALUES ('message')"],
    "retention_class_check": ["INSERT INTO retention (class) VALUES ('everything')"],
    "redaction_replaced_check": ["INSERT INTO redaction (pseudonym, replaced, changes, sha256) VALUES ('F', '[]', 0, sha256('x'))"],
    "redaction_changes_check": ["INSERT INTO redaction (pseudonym, replaced, changes, sha256) VALUES ('F', '{}', -1, sha256('x'))"],
    "redaction_sha256_check": ["INSERT INTO redaction (pseudonym, replaced, changes, sha256) VALUES ('F', '{}', 0, 'short')"],
    "change_redaction_pkey": ["INSERT INTO change_redaction VALUES (1, 1, sha256('y'))"],
    "change_redaction_sha256_check": ["INSERT INTO change_redaction VALUES (2, 1, 'short')"],
    "change_redaction_change_id_fkey": ["INSERT INTO change_redaction VALUES (9999, 1, sha256('y'))"],
    "change_redaction_redaction_id_fkey": [
        "SET CONSTRAINTS ALL IMMEDIATE; INSERT INTO change_redaction VALUES (1, 99, sha256('y'))"],
    # webhooks
    "webhook_url_check": [f"UPDATE webhook SET url = {bad}" for bad in (
        "'ftp://example.org/'", "'https://'", "'https://a b'", r"E'https://a\n'", "'https://' || repeat('a', 2000)")],
    "webhook_events_check": [f"UPDATE webhook SET events = '{bad}'" for bad in ("{}", "{plan.closed,NULL}")],
    "webhook_plan_ids_check": [f"UPDATE webhook SET plan_ids = '{bad}'" for bad in ("{}", "{1,NULL}")],
    "webhook_lead_ids_check": [f"UPDATE webhook SET lead_ids = '{bad}'" for bad in ("{}", "{1,NULL}")],
    "delivery_body_check": ["UPDATE delivery SET body = repeat('x', 28000)"],
    "webhook_disabled_says_why": ["UPDATE webhook SET state = 'disabled'", "UPDATE webhook SET reason = 'x'"],
    "webhook_owner": ["UPDATE webhook SET owner_id = 99"],
    "webhook_notice_webhook_id_fkey": [NOTICE.format(99, 2)],
    "webhook_notice_message": [NOTICE.format(1, 1)],
    "webhook_notice_message_id_fkey": [NOTICE.format(1, 99)],
    "webhook_secret_secret_check": [f"UPDATE webhook_secret SET secret = repeat('x', {bad})::bytea" for bad in (23, 65)],
    "webhook_secret_in_force": ["INSERT INTO webhook_secret (webhook_id, secret) VALUES (1, sha256('y'))"],
    "webhook_secret_webhook_id_fkey": ["INSERT INTO webhook_secret (webhook_id, secret) VALUES (99, sha256('y'))"],
    "webhook_health_pkey": ["INSERT INTO webhook_health (webhook_id) VALUES (1)"],
    "webhook_health_webhook_id_fkey": ["INSERT INTO webhook_health (webhook_id) VALUES (99)"],
    # events and their deliveries
    "event_payload_check": ["UPDATE event SET payload = repeat('ŵ', 10000) WHERE id = 1"],
    "event_once": ["INSERT INTO event (type, deadline_id, payload) VALUES ('action.overdue', 1, '{}')"],
    "delivery_once": ["INSERT INTO delivery (webhook_id, event_id) VALUES (1, 1)"],
    "delivery_lease": ["UPDATE delivery SET state = 'leased'", "UPDATE delivery SET state = 'leased', lease_token = 1",
                       "UPDATE delivery SET lease_token = 1, lease_until = now()"],
    "delivery_webhook_id_fkey": ["INSERT INTO delivery (webhook_id, event_id) VALUES (99, 1)"],
    "delivery_event_id_fkey": ["INSERT INTO delivery (webhook_id, event_id) VALUES (1, 99)"],
    "delivery_attempt_pkey": ["INSERT INTO delivery_attempt (delivery_id, n) VALUES (1, 1)"],
    "delivery_attempt_outcome_check": ["UPDATE delivery_attempt SET outcome = 'perhaps'"],
    "delivery_attempt_delivery_id_fkey": ["INSERT INTO delivery_attempt (delivery_id, n) VALUES (99, 1)"],
    "migration_pkey": ["INSERT INTO migration (name, sha256) SELECT name, sha256 FROM migration LIMIT 1"],
}
# Keys over a number that PostgreSQL hands out: a copied row breaks the key; nothing else is looked at first.
SURROGATE_KEYS = ["action", "api_key", "change", "closure", "closure_set", "deadline", "delivery", "event", "event_note",
                  "ladder", "lead", "message", "plan", "recommendation", "redaction", "reminder", "snapshot", "timescale", "update",
                  "webhook", "webhook_notice", "webhook_secret"]
# Cannot break alone: any row that breaks them breaks the table's primary key as well. They exist to be pointed at.
# An empty message.mime has no first byte, from which message.form is made.
IMPLIED = {"recommendation_in_plan", "timescale_of_action", "message_not_empty"}


@pytest.fixture(scope="module")
def world(postgres, template):
    database = postgres.create("gt_constraints", template.name)
    database.execute(WORLD)
    yield database
    postgres.drop(database.name)


@pytest.fixture
def attempt(server_log, world):
    """Runs a statement of which nothing stays."""
    connection = world.connect()
    connection.autocommit = False

    def run(statement):
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            return cursor
        except psycopg2.Error:
            connection.rollback()
            raise
    yield run
    connection.rollback()
    world.close()


def refusal(attempt, statement):
    """The name of the constraint that refuses the statement."""
    with pytest.raises(psycopg2.errors.IntegrityError) as refused:
        attempt(statement)
    return refused.value.diag.constraint_name


@pytest.mark.parametrize("constraint,statement", [(name, one) for name, some in BREAKS.items() for one in some])
def test_it_refuses_the_row_that_breaks_it(attempt, constraint, statement):
    assert refusal(attempt, statement) == constraint


@pytest.mark.parametrize("table", SURROGATE_KEYS)
def test_a_second_row_with_the_same_id_is_refused(attempt, world, table):
    names = ", ".join(world.column("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = %s::regclass"
                                   " AND attnum > 0 AND NOT attisdropped AND attgenerated = ''", (table,)))
    copy = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {table} LIMIT 1"
    assert refusal(attempt, copy) == f"{table}_pkey"


def test_every_constraint_has_a_row_that_breaks_it(server_log, world):
    """A constraint that is added without a test fails here; so does a test of one that is gone."""
    known = set(world.column("""
        SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 't'
        UNION
        SELECT indexrelid::regclass::text FROM pg_index JOIN pg_class c ON c.oid = indrelid
        WHERE indisunique AND c.relnamespace = 'public'::regnamespace"""))
    tested = set(BREAKS) | {f"{table}_pkey" for table in SURROGATE_KEYS} | IMPLIED
    assert known == tested


def test_no_required_column_takes_null(attempt, world):
    """Every NOT NULL of every table, by setting it to NULL in a good row. A trigger keeps version and
    updated_at, whatever is written there; the record, its order and redactions take no update at all."""
    required = world.rows("""
        SELECT a.attrelid::regclass::text AS "table", a.attname AS "column"
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
          AND a.attnotnull AND a.attidentity = '' AND a.attgenerated = '' AND NOT a.attisdropped
          AND c.relname NOT IN ('change', 'change_order', 'change_redaction', 'redaction')
          AND NOT (a.attname IN ('version', 'updated_at') AND EXISTS (
              SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'a_version'))""")
    assert len(required) > 60
    for one in required:
        with pytest.raises(psycopg2.errors.NotNullViolation) as refused:
            attempt('UPDATE {table} SET "{column}" = NULL'.format(**one))
        assert refused.value.diag.column_name == one["column"]


def test_a_ladder_takes_its_stages_along(attempt):
    attempt("DELETE FROM ladder WHERE plan_id IS NULL")
    assert attempt("SELECT count(*) FROM ladder_stage").fetchone() == (0,)


@pytest.mark.parametrize("good", [
    LEAD.format("email", "'o''neil+plans@a-b.example.org'"),
    LEAD.format("away_from, away_until", "'2022-02-02', '2022-02-02'"),
    NEW_LEAD.format("'Cyfarwyddwr – Lle ac Amgylchedd (Ŵ)'"),
    NEW_LEAD.format("repeat('é', 500)"),
    SLUG.format("'peer-review-2021'"), SLUG.format("repeat('a', 80)"),
    PLAN.format("send_at", "'08:00'"), PLAN.format("send_at", "'17:59'"),
    UPDATE.format("note", r"E'One.\n\tTwo.'"), UPDATE.format("percent", "0"), UPDATE.format("percent", "100"),
    ACTION.format("status, completed_on", "'complete', '2022-01-01'"),
    STAGE.format(1, 366, 366), STAGE.format(1, -366, "NULL"),
])
def test_it_takes_what_is_just_allowed(attempt, good):
    assert attempt(good).rowcount == 1
