"""A webhook that is turned off: its owner is told by email, once, in time to do something about it."""
import pytest

from support.oracle_small import DIRECTOR, OFFICE, ROADS, small
from support.webhook import status

QUIET = "2022-01-01T12:00:00Z"  # a Saturday: no reminder leaves
OWNER = "office@example.org"
# It may leave in the pass that turned the webhook off, or in the next: this keeps it back.
LATER = "451 4.3.0 later"
DUE = "UPDATE message SET next_at = now() - interval '1 second'"
EVERY_TIME = {"webhook_health": ("first_failure_at", "last_success_at", "rests_until"),
              "delivery": ("next_at", "created_at", "sent_at", "lease_until"),
              "delivery_attempt": ("started_at", "finished_at"), "event": ("created_at",)}


@pytest.fixture
def live(database):
    return small(database)


@pytest.fixture
def later(database):
    """As if so much time had passed: everything that was written down is so much older."""
    def move(interval):
        for table, columns in EVERY_TIME.items():
            changes = ", ".join(f"{column} = {column} - %s::interval" for column in columns)
            database.execute(f"UPDATE {table} SET {changes}", (interval,) * len(columns))
    return move


def lead(database, name):
    return database.value("SELECT id FROM lead WHERE name = %s", (name,))


def turn_off(posting, hooks, receiver, **columns):
    """Its endpoint is gone."""
    receiver.act = status(410)
    hook = hooks.add(receiver.url, **columns)
    hooks.test(hook)
    posting.once(QUIET)
    assert hooks.row(hook)["state"] == "disabled"
    return hook


def notices(database):
    return database.column("SELECT (body->'notice'->>'state')::text FROM webhook_json ORDER BY id")


def test_five_days_of_failures_end_in_one_email(database, live, posting, hooks, receiver, mail, later):
    receiver.act = status(500, b"out of order")
    hook = hooks.add(receiver.url + "?sig=geheim", description="Performance <dashboard>")
    hooks.test(hook, 3)
    posting.once(QUIET)
    for day in range(1, 6):
        assert mail.accepted == [] and hooks.row(hook)["state"] == "active"
        later("1 day")
        hooks.due_again()
        posting.once(QUIET)
    assert hooks.row(hook)["state"] == "disabled"
    assert notices(database) in (["queued"], ["sent"])  # in the same pass, or the next
    for _ in range(3):
        posting.once(QUIET)
    one, = mail.accepted
    assert one.message["To"] == f"Flo Gantt <{OWNER}>"
    assert one.message["Subject"] == f"Webhook {hook}, “Performance <dashboard>” has been turned off"
    since = database.value("SELECT failing_since FROM webhook_notice")
    at = database.value("SELECT to_char(%s AT TIME ZONE 'Europe/London', 'FMDD FMMonth YYYY \"at\" FMHH12:MIam')", (since,))
    for text in (one.text, one.html):
        assert f"Every delivery has failed since {at}." in text
        assert "answered 500: out of order" in text and "3 events that wait for it then leave at once." in text
        assert f"PATCH https://plans.example.org/v1/webhooks/{hook}" in text
        assert f"POST https://plans.example.org/v1/webhooks/{hook}/replay" in text
        assert "you own a plan" in text and "geheim" not in text and "/hook" not in text.replace("/v1/webhooks", "")
    instant = database.value("SELECT instant(failing_since) FROM webhook_notice")
    assert f'{{"since": "{instant}"}}' in one.text
    assert "Performance &lt;dashboard&gt;" in one.html
    assert notices(database) == ["sent"]


def test_another_time_is_another_email(database, live, posting, hooks, receiver, mail):
    hook = turn_off(posting, hooks, receiver)
    posting.once(QUIET)
    database.execute("UPDATE webhook SET state = 'active', reason = NULL")
    hooks.test(hook)
    posting.once(QUIET)
    posting.once(QUIET)
    first, second = mail.accepted
    assert first.message["Message-ID"] != second.message["Message-ID"]
    assert "answered 410, which means that it is gone for good" in first.text


def test_each_of_two_on_one_day_is_told(database, live, posting, hooks, receiver, mail):
    turned = [turn_off(posting, hooks, receiver, description=name) for name in ("one", "two")]
    posting.once(QUIET)
    assert sorted(one.message["Subject"] for one in mail.accepted) == [
        f"Webhook {turned[0]}, “one” has been turned off", f"Webhook {turned[1]}, “two” has been turned off"]


def test_the_named_owner_is_told_or_who_stands_in(database, live, posting, hooks, receiver, mail):
    database.execute("UPDATE lead SET email = NULL WHERE name = %s", (ROADS,))
    turn_off(posting, hooks, receiver, owner_id=lead(database, ROADS))
    posting.once(QUIET)
    one, = mail.accepted
    assert "deputy@example.org" in one.message["To"]
    assert "named as the owner" in one.text and "as the deputy" in one.text


def test_of_several_plans_the_owner_of_one_it_hears_of(database, live, posting, hooks, receiver, mail):
    other = database.value("INSERT INTO plan (slug, title, organisation, owner_id) VALUES ('other', 'Other', 'Council', %s)"
                           " RETURNING id", (lead(database, DIRECTOR),))
    turn_off(posting, hooks, receiver, plan_ids=[other])
    posting.once(QUIET)
    assert ["director@example.org" in one.message["To"] for one in mail.accepted] == [True]


def test_without_an_owner_the_webhook_says_so(database, posting, hooks, receiver, mail):
    turn_off(posting, hooks, receiver)
    posting.once(QUIET)
    assert mail.accepted == [] and notices(database) == ["unroutable"]
    assert untold(database) == (1, 1)


def test_nobody_who_can_be_reached_is_said_too(database, live, posting, hooks, receiver, mail):
    database.execute("UPDATE lead SET email = NULL")
    turn_off(posting, hooks, receiver)
    posting.once(QUIET)
    assert mail.accepted == [] and notices(database) == ["cancelled"]
    assert database.column("SELECT reason FROM message") == ["nobody can be reached"]
    assert untold(database) == (1, 1)


def untold(database):
    return tuple(int(database.value("SELECT value FROM metric_list() WHERE name = %s", (name,)))
                 for name in ("goldenthread_webhooks_disabled", "goldenthread_webhooks_disabled_untold"))


def test_one_that_is_on_again_before_it_leaves_is_not_told_of(database, live, posting, hooks, receiver, mail):
    mail.refuse("data", LATER, times=1)
    turn_off(posting, hooks, receiver)
    database.execute("UPDATE webhook SET state = 'active', reason = NULL")
    database.execute(DUE)
    posting.once(QUIET)
    assert mail.accepted == [] and database.column("SELECT reason FROM message") == ["nothing left to say"]


def test_a_retry_sends_the_same_bytes(database, live, posting, hooks, receiver, mail):
    mail.refuse("data", LATER, times=1)
    turn_off(posting, hooks, receiver)
    posting.once(QUIET)
    frozen = database.rows("SELECT state::text, mime FROM message")
    database.execute(DUE)
    database.execute("UPDATE webhook SET description = 'another name'")
    posting.once(QUIET)
    again = database.rows("SELECT state::text, mime FROM message")
    assert (frozen[0]["state"], again[0]["state"]) == ("retry", "sent")
    assert bytes(frozen[0]["mime"]) == bytes(again[0]["mime"]) and len(mail.accepted) == 1


def test_it_goes_by_govuk_notify_too(database, live, certificate, by_notify, notify, hooks, receiver):
    by_notify.settings |= {"GT_WEBHOOK_CA_FILE": certificate.ca, "GT_WEBHOOK_ALLOW": "localhost"}
    turn_off(by_notify, hooks, receiver, description="Board")
    by_notify.once(QUIET)
    post, = notify.posts
    asked = post.json
    assert asked["email_address"] == OWNER
    assert asked["personalisation"]["subject"].endswith("“Board” has been turned off")
    assert "gone for good" in asked["personalisation"]["body"] and OFFICE not in asked["reference"]


def test_a_deleted_one_leaves_nothing_to_say(database, live, posting, hooks, receiver, mail):
    mail.refuse("data", LATER, times=1)
    turn_off(posting, hooks, receiver)
    database.execute("DELETE FROM webhook", (), "gt_api")
    database.execute(DUE)
    posting.once(QUIET)
    assert mail.accepted == [] and database.column("SELECT state::text FROM message") == ["cancelled"]
