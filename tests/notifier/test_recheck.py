"""Between plan and send the world goes on: what no longer holds is not sent."""

import datetime

import pytest

from support.oracle_mail import reminders_in, said
from support.oracle_small import (DAY_AFTER, DUE, MEMBER, MINUS_7, MONDAY, OFFICE, ON_THE_DAY, PARKS, PLUS_1, ROADS,
                                  SLUG, due_again, messages, only_action, only_lead, plan_only, small, states)

LATER = datetime.date(2022, 6, 30)
ONE = ("1.1", "2022-03-31", ROADS, -7)
TWO = ("1.2", "2022-03-31", ROADS, -7)
# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")


def close(live):
    live.status(SLUG, "1.1", "complete")


CHANGES = {
    "complete": close,
    "on hold": lambda live: live.status(SLUG, "1.1", "on_hold"),
    "cancelled": lambda live: live.status(SLUG, "1.1", "cancelled"),
    "transferred": lambda live: live.status(SLUG, "1.1", "transferred"),
    "timescale moved": lambda live: live.revise(SLUG, "1.1", [(LATER, None)]),
    "deadline met": lambda live: live.deadline_done(SLUG, "1.1", 0, datetime.date(2022, 3, 23)),
    "given to somebody else": lambda live: live.reassign(SLUG, "1.1", {PARKS: "lead", MEMBER: "cabinet_member"}),
    "only supports it now": lambda live: live.reassign(SLUG, "1.1", {ROADS: "support"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_no_longer_holds_is_dropped_and_the_rest_is_sent(database, notifier, mail, change):
    live = small(database)
    assert plan_only(live, MINUS_7) == 2
    change(live)
    notifier.once(MINUS_7)
    received = mail.to("roads@example.org")
    assert [reminders_in(one.text) for one in received] == [[("1.2", said(DUE))]]
    assert "Mill Lane" not in received[0].text + received[0].html
    assert states(live)[ONE] == "dropped" and states(live)[TWO] == "sent"
    assert live.one("SELECT reason FROM reminder WHERE state = 'dropped'")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_empty_message_is_cancelled(database, notifier, mail, change):
    live = small(database, only_action)
    assert plan_only(live, MINUS_7) == 1
    change(live)
    notifier.once(MINUS_7)
    assert mail.to("roads@example.org") == []
    [message] = [one for one in messages(live) if one["lead"] == ROADS]
    assert message["state"] == "cancelled" and message["reason"]
    assert states(live)[ONE] == "dropped"
    assert live.one("SELECT count(*) FROM attempt a JOIN message m ON m.id = a.message_id"
                    " JOIN lead l ON l.id = m.lead_id WHERE l.name = %s", ROADS) == 0


def test_a_closed_plan_says_nothing_more(database, notifier, mail):
    live = small(database)
    assert plan_only(live, MINUS_7) == 2
    # A second active plan, so that there is a window in which to send.
    live.sql("INSERT INTO plan (slug, title, organisation, state) VALUES ('other', 'Other', 'Other', 'active')")
    live.plan(SLUG, state="closed")
    notifier.once(MINUS_7)
    assert mail.mails == []
    assert set(states(live).values()) == {"dropped"}
    assert [one["state"] for one in messages(live)] == ["cancelled"]


def test_the_new_lead_hears_on_the_same_day(database, notifier, mail):
    live = small(database, only_action)
    plan_only(live, MINUS_7)
    live.reassign(SLUG, "1.1", {PARKS: "lead"})
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [["parks@example.org"]]
    assert states(live) == {ONE: "dropped", ("1.1", "2022-03-31", PARKS, -7): "sent"}


def test_a_moved_deadline_reminds_anew(database, notifier, mail):
    live = small(database, only_lead)
    plan_only(live, MINUS_7)
    live.revise(SLUG, "1.1", [(datetime.date(2022, 4, 29), None)])
    for at in (MINUS_7, ON_THE_DAY):
        notifier.once(at)
        assert mail.mails == []
    notifier.once(PLUS_1)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", "29 April 2022")]]
    assert states(live) == {ONE: "dropped", ("1.1", "2022-04-29", ROADS, -28): "sent"}


def test_what_was_dropped_and_holds_again_is_sent_while_its_stage_applies(database, notifier, mail):
    """State decides, not the moment at which somebody looked: on hold at the wrong minute costs a day, no reminder."""
    live = small(database, only_action)
    plan_only(live, MINUS_7)
    live.status(SLUG, "1.1", "on_hold")
    notifier.once(MINUS_7)
    assert mail.mails == [] and states(live) == {ONE: "dropped"}
    live.status(SLUG, "1.1", "in_progress")
    notifier.once(DAY_AFTER)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", said(DUE))]]
    assert states(live) == {ONE: "sent"}
    notifier.once(MONDAY)
    assert len(mail.accepted) == 1


def test_a_retry_says_what_holds_by_then(database, notifier, mail):
    live = small(database)
    mail.refuse("body", "451 4.3.0 later", times=1)
    notifier.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["retry"]
    close(live)
    due_again(live)
    notifier.once(MINUS_7)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.2", said(DUE))]]
    assert (states(live)[ONE], states(live)[TWO]) == ("dropped", "sent")
    first, second = mail.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_a_retry_of_what_still_holds_is_the_same_to_the_byte(database, notifier, mail):
    live = small(database)
    mail.refuse("body", "451 4.3.0 later", times=2)
    for _ in range(3):
        notifier.once(MINUS_7)
        due_again(live)
    assert len(mail.mails) == 3 and len(mail.accepted) == 1
    assert len({one.bytes for one in mail.mails}) == 1
    assert [one["attempts"] for one in messages(live)] == [3]


def test_a_retry_of_which_nothing_holds_is_cancelled(database, notifier, mail):
    live = small(database, only_action)
    mail.refuse("body", "451 4.3.0 later", times=1)
    notifier.once(MINUS_7)
    close(live)
    due_again(live)
    notifier.once(MINUS_7)
    assert mail.accepted == []
    assert [one["state"] for one in messages(live)] == ["cancelled"] and states(live) == {ONE: "dropped"}


def test_a_new_owner_is_asked_and_the_old_one_is_not_told(database, notifier, mail):
    """+28 was planned for the plan's owner of that minute."""
    def overdue(data):
        only_action(data)
        data["plans"][SLUG]["actions"]["1.1"]["deadlines"][0]["due_on"] = datetime.date(2022, 2, 23)
        data["plans"][SLUG]["actions"]["1.1"]["assignments"] = {ROADS: "lead"}
    live = small(database, overdue)
    plan_only(live, MINUS_7)
    live.plan(SLUG, owner=PARKS)
    notifier.once(MINUS_7)
    assert mail.to("office@example.org") == []
    assert [reminders_in(one.text) for one in mail.to("parks@example.org")] == [[("1.1", "23 February 2022")]]
    assert states(live)["1.1", "2022-02-23", OFFICE, 28] == "dropped"
