"""A person asks that an email be sent again: the same bytes go, whatever has changed since."""

import pytest

from support.oracle_small import (DAY_AFTER, MINUS_7, PLUS_1, ROADS, SLUG, due_again, messages, only_action,
                                  small, states)

ONE = ("1.1", "2022-03-31", ROADS, -7)
# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")


@pytest.fixture
def live(database):
    return small(database, only_action)


@pytest.fixture
def failed(live, notifier, mail):
    """The first message, which the server refused for good; the server has since been mended."""
    mail.refuse("body", "554 5.6.0 not today")
    notifier.once(MINUS_7)
    mail.behave()
    [message] = messages(live)
    assert message["state"] == "failed" and states(live)[ONE] == "failed"
    return live.one("SELECT id FROM message")


@pytest.fixture
def retry(api, alice):
    def ask(number):
        answer = api.post(f"/v1/messages/{number}/retry", alice)
        assert answer.status_code == 202, answer.text
    return ask


def mime(live, number):
    return bytes(live.one("SELECT mime FROM message WHERE id = %s", number))


def test_the_same_bytes_arrive(live, notifier, mail, failed, retry):
    before = mime(live, failed)
    retry(failed)
    notifier.once(MINUS_7)
    [received] = mail.to("roads@example.org")
    assert received.bytes.replace(b"\r\n", b"\n").strip() == before.replace(b"\r\n", b"\n").strip()
    assert mime(live, failed) == before
    assert messages(live)[0]["state"] == "sent" and states(live)[ONE] == "sent"
    assert live.sql("SELECT n, outcome FROM attempt ORDER BY n") == [(1, "refused"), (2, "sent")]


def test_days_later_it_is_neither_planned_anew_nor_dropped(live, notifier, mail, failed, retry):
    """Closed since, and of another day: what was asked for goes, and of its own accord nothing does."""
    before = mime(live, failed)
    live.status(SLUG, "1.1", "complete")
    retry(failed)
    notifier.once(PLUS_1)
    assert len(mail.to("roads@example.org")) == 1
    assert (mime(live, failed), messages(live)[0]["state"]) == (before, "sent")


def test_it_does_not_keep_todays_email_back(live, notifier, mail, failed, retry):
    retry(failed)
    notifier.once(PLUS_1)
    assert sorted((one["day"].isoformat(), one["state"]) for one in messages(live)) == \
        [("2022-03-24", "sent"), ("2022-04-01", "sent")]
    assert len(mail.to("roads@example.org")) == 2


def test_its_tries_are_counted_anew(live, notifier, mail, failed, retry):
    """Given up after many tries, it would otherwise be given up at the first trouble."""
    live.sql("UPDATE message SET attempts = 36")
    live.sql("UPDATE attempt SET n = 36")
    retry(failed)
    mail.refuse("mail", "450 4.3.0 later")
    notifier.once(MINUS_7)
    assert (messages(live)[0]["state"], messages(live)[0]["attempts"]) == ("retry", 37)
    mail.behave()
    due_again(live)
    notifier.once(DAY_AFTER)
    assert messages(live)[0]["state"] == "sent"


def test_it_waits_for_sending_hours(live, notifier, mail, failed, retry):
    retry(failed)
    notifier.once("2022-03-26T09:00:00Z")  # a Saturday
    assert mail.to("roads@example.org") == [] and messages(live)[0]["state"] == "queued"
