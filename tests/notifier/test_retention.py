"""What is past its time is emptied or deleted, in batches and by one at a time; the ledger and what is needed stay."""
import json

import pytest

from support.oracle_small import MINUS_1, MINUS_7, messages, only_action, small

LATER = "2023-04-30T09:00:00Z"  # a year and a month after MINUS_7
LEDGER = "SELECT id, deadline_id, offset_days, lead_id, stage_day, day, state, message_id FROM reminder ORDER BY id"
SENT = "SELECT id, kind, lead_id, day, state, message_id, attempts, sent_at, encode(mime_sha256, 'hex') FROM message ORDER BY id"
TEXTS = "SELECT to_name, to_address, subject, mime IS NOT NULL AS mime, emptied_at IS NOT NULL AS emptied FROM message ORDER BY id"
EMPTY = {"to_name": None, "to_address": None, "subject": None, "mime": False, "emptied": True}


@pytest.fixture
def sent(database, notifier):
    """One email of a quiet plan, sent in March 2022."""
    live = small(database, only_action)
    notifier.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["sent"]
    database.execute("UPDATE attempt SET detail = '250 <roads@example.org> taken'; UPDATE message SET last_error = '451 <roads@example.org>'")
    database.execute("UPDATE plan SET state = 'closed'")
    return live


def over(notifier, at, *options, **settings):
    """{class: rows that are past their time}, as the command says."""
    said = notifier.run("retention", "--at", at, *options, **settings)
    return {one["class"]: one["rows"] for one in map(json.loads, said.stdout.splitlines())}


def test_an_email_is_emptied_after_its_time_and_the_ledger_stays(database, notifier, sent):
    ledger, rows = database.rows(LEDGER), database.rows(SENT)
    notifier.once("2022-06-21T09:00:00Z")
    assert database.value("SELECT count(*) FROM attempt WHERE detail IS NOT NULL") == 1, "not before its time"
    notifier.once("2022-06-23T09:00:00Z")
    assert database.rows("SELECT address, detail, outcome FROM attempt") == [{"address": None, "detail": None, "outcome": "sent"}]
    assert database.value("SELECT last_error FROM message") is None
    assert database.rows(TEXTS)[0]["mime"], "its text is kept for longer"
    notifier.once("2023-03-24T09:00:00Z")
    assert database.rows(TEXTS)[0]["mime"]
    notifier.once("2023-03-25T09:00:00Z")
    assert database.rows(TEXTS) == [EMPTY]
    assert database.rows(LEDGER) == ledger and database.rows(SENT) == rows


def test_what_was_emptied_is_not_sent_again(database, notifier, sent, mail, api, alice, carol):
    notifier.once(LATER)
    database.execute("UPDATE plan SET state = 'active'")
    notifier.once(MINUS_7)
    notifier.once("2022-03-24T15:00:00Z")
    assert len(mail.mails) == 1
    message = api.get("/v1/messages/1", alice).json()
    assert message["state"] == "sent" and message["emptied_at"] and message["mime"] is None and message["to_address"] is None
    database.execute("UPDATE message SET state = 'failed'")
    answer = api.post("/v1/messages/1/retry", alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable") and "not kept" in answer.json()["detail"]


@pytest.mark.parametrize("state", ["queued", "retry", "uncertain", "leased"])
def test_what_has_not_ended_is_not_touched(database, notifier, sent, state):
    database.execute("UPDATE message SET state = %s, sent_at = NULL, next_at = now() + interval '9 years'"
                     + (", lease_token = 1, lease_until = now() + interval '1 day'" if state == "leased" else ""), (state,))
    assert over(notifier, LATER, "--dry-run") == {"event": 0, "idempotency": 0, "message": 0, "reply": 0}
    over(notifier, LATER)
    assert database.rows(TEXTS)[0]["mime"] and database.value("SELECT detail FROM attempt")
    # Once it has ended, it is found although its day lies behind.
    database.execute("UPDATE message SET state = 'sent', sent_at = now(), lease_token = NULL, lease_until = NULL")
    assert over(notifier, LATER)["message"] == 1
    assert database.rows(TEXTS) == [EMPTY]


def test_a_dry_run_says_what_would_go_and_changes_nothing(database, notifier, sent):
    before = database.rows("SELECT * FROM message"), database.rows("SELECT * FROM attempt"), database.rows("TABLE retention")
    assert over(notifier, LATER, "--dry-run") == {"event": 0, "idempotency": 0, "message": 1, "reply": 1}
    assert (database.rows("SELECT * FROM message"), database.rows("SELECT * FROM attempt"), database.rows("TABLE retention")) == before


def test_zero_keeps_for_ever(database, notifier, sent):
    forever = {"GT_RETENTION_MESSAGE_DAYS": "0", "GT_RETENTION_REPLY_DAYS": "0", "GT_RETENTION_EVENT_DAYS": "0"}
    assert over(notifier, LATER, **forever) == {"idempotency": 0}
    assert database.rows(TEXTS)[0]["mime"]


@pytest.mark.parametrize("days", ["29", "1", "-1", "36501", "soon"])
def test_days_that_cannot_be(notifier, database, days):
    said = notifier.run("retention", "--dry-run", status=1, GT_RETENTION_REPLY_DAYS=days)
    assert "GT_RETENTION_REPLY_DAYS" in said.stderr


def test_each_day_it_looks_once(database, notifier, sent):
    notifier.once(LATER)
    assert database.rows(TEXTS) == [EMPTY]
    database.execute("UPDATE message SET emptied_at = NULL, subject = 'S', mime = 'x'; UPDATE retention SET upto = '-infinity'")
    notifier.once("2023-04-30T20:00:00Z")
    assert database.rows(TEXTS)[0]["mime"], "not again today"
    notifier.once("2023-05-01T09:00:00Z")
    assert database.rows(TEXTS) == [EMPTY]


def many(database, count):
    """Emails of as many days, sent long ago, nothing of which was emptied yet."""
    database.execute("UPDATE retention SET upto = '-infinity', finished_on = NULL")
    database.execute("INSERT INTO message (kind, lead_id, day, state, to_address, mime, sent_at)"
                     " SELECT 'reminder', (SELECT min(id) FROM lead), '2000-01-01'::date + n, 'sent', 'a@example.org', 'x', now()"
                     " FROM generate_series(1, %s) n", (count,))


RUN = """SELECT * FROM retention_run(%s, '{"message": 365, "reply": 90, "event": 90}', 500, %s) WHERE class = 'message'"""


def test_a_batch_is_bounded_and_a_pass_too(database, notifier, sent):
    many(database, 6000)
    turn, = database.rows(RUN, (LATER, False), "gt_notifier")
    assert (turn["done"], turn["more"]) == (500, True)
    assert database.value("SELECT count(*) FROM message WHERE emptied_at IS NOT NULL") == 500
    # The oldest first.
    assert database.value("SELECT max(day) FROM message WHERE emptied_at IS NOT NULL") < database.value(
        "SELECT min(day) FROM message WHERE emptied_at IS NULL")
    notifier.once("2030-04-30T09:00:00Z")
    assert database.value("SELECT count(*) FROM message WHERE emptied_at IS NOT NULL") == 500 + 10 * 500
    over(notifier, "2030-04-30T09:00:00Z")
    assert database.value("SELECT count(*) FROM message WHERE emptied_at IS NULL") == 0


def test_what_is_done_is_not_looked_at_again(database, sent):
    """The cost of a day is that of what came past its time since."""
    many(database, 2000)
    while any(turn["more"] for turn in database.rows(RUN, (LATER, False), "gt_notifier")):
        pass
    upto = database.value("SELECT upto FROM retention WHERE class = 'message'")
    assert upto > database.value("SELECT max(day)::timestamptz FROM message WHERE day < '2022-01-01'")
    database.execute("ANALYZE message")
    plan = database.rows("EXPLAIN (ANALYZE, FORMAT JSON) SELECT id FROM message WHERE day >= %s::date AND day < '2022-04-30'"
                         " AND emptied_at IS NULL", (upto,))
    assert plan[0]["QUERY PLAN"][0]["Plan"]["Node Type"] != "Seq Scan"


def test_one_at_a_time(database, sent):
    first = database.connect()
    first.autocommit = False
    first.cursor().execute(RUN, (LATER, False))
    assert database.rows(RUN, (LATER, True), "gt_notifier") == []
    assert "mime" in database.rows(TEXTS)[0]
    first.rollback()
    assert database.rows(RUN, (LATER, True), "gt_notifier")[0]["done"] == 1


@pytest.mark.allow_log("^42501 ERROR: permission denied")
def test_the_failure_of_it_stops_no_reminder(database, notifier, mail):
    small(database, only_action)
    database.execute("REVOKE EXECUTE ON FUNCTION retention_run(timestamptz, jsonb, integer, boolean) FROM gt_notifier")
    said = notifier.once(MINUS_1)
    assert "past its time" in said.stderr and len(mail.mails) == 1


# ---- events ----

@pytest.fixture
def event(database, hooks):
    """Makes an event of long ago with a delivery in that state."""
    hook = hooks.add("https://hooks.example.org/in", state="paused")

    def make(state, type="action.updated", deadline=None):
        one = database.value("INSERT INTO event (type, deadline_id, payload, created_at) VALUES (%s, %s, '{}', '2020-01-01') RETURNING id",
                             (type, deadline))
        database.execute("INSERT INTO delivery (webhook_id, event_id, state, lease_token, lease_until) VALUES"
                         " (%s, %s, %s, CASE WHEN %s = 'leased' THEN 1 END, CASE WHEN %s = 'leased' THEN now() + interval '1 day' END)",
                         (hook, one, state, state, state))
        database.execute("INSERT INTO delivery_attempt (delivery_id, n, answer) SELECT max(id), 1, 'x' FROM delivery")
        return one
    return make


def test_events_go_with_their_deliveries_and_needed_ones_stay(database, notifier, event):
    gone = [event("sent"), event("failed")]
    kept = [event("queued"), event("retry"), event("leased")]
    due = event("sent", "action.overdue", 7)
    assert over(notifier, LATER)["event"] == 3
    assert database.column("SELECT id FROM event ORDER BY id") == [*kept, due], gone
    assert database.column("SELECT event_id FROM delivery ORDER BY id") == kept
    assert database.value("SELECT count(*) FROM delivery_attempt") == 3
    database.execute("UPDATE delivery SET state = 'sent', lease_token = NULL, lease_until = NULL")
    assert over(notifier, LATER)["event"] == 3
    assert database.column("SELECT id FROM event") == [due]
    assert over(notifier, LATER)["event"] == 0


def test_a_deadlines_event_is_not_written_a_second_time(database, notifier, hooks):
    """Its deliveries are gone after their time, but not what says that it was told."""
    small(database, only_action)
    hooks.add("https://hooks.example.org/in", state="paused")
    notifier.once("2022-04-01T20:00:00Z")
    assert database.column("SELECT type FROM event WHERE deadline_id IS NOT NULL") == ["action.overdue"]
    database.execute("UPDATE event SET created_at = '2022-04-01'; UPDATE delivery SET state = 'sent'")
    over(notifier, LATER)
    assert database.value("SELECT count(*) FROM delivery") == 0
    notifier.once("2023-05-01T20:00:00Z")
    assert database.column("SELECT type FROM event WHERE deadline_id IS NOT NULL") == ["action.overdue"]
    assert database.value("SELECT count(*) FROM delivery") == 0


def test_old_answers_of_repeated_calls_go(database, notifier, api, alice):
    assert api.post("/v1/plans", alice, json={"title": "T", "organisation": "O"}, headers={"Idempotency-Key": "k"}).status_code == 201
    database.execute("UPDATE idempotency SET created_at = now() - interval '71 hours'")
    assert over(notifier, database.value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))["idempotency"] == 0
    database.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
    assert over(notifier, database.value("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))["idempotency"] == 1
    assert database.value("SELECT count(*) FROM idempotency") == 0
