"""To whom a reminder goes when its lead cannot be reached, and that nothing is silently dropped."""

import datetime

import pytest

from support.oracle_mail import reminders_in, said
from support.oracle_small import (DAY_AFTER, DEPUTY, DIRECTOR, DUE, MINUS_1, MINUS_7, MONDAY, OFFICE, ON_THE_DAY,
                                  ROADS, SLUG, messages, only_action, plan_only, small, states)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
ADDRESSES = {ROADS: "roads@example.org", DEPUTY: "deputy@example.org", DIRECTOR: "director@example.org",
             OFFICE: "office@example.org"}
HERE = datetime.date(2022, 3, 24)
AWAY = {"away": (datetime.date(2022, 3, 21), datetime.date(2022, 4, 1))}
NO_ADDRESS = {"email": None}

# Who cannot be reached and why; who hears then.
ROUTES = {
    "everybody is there": ({}, ROADS),
    "no address": ({ROADS: NO_ADDRESS}, DEPUTY),
    "away": ({ROADS: AWAY}, DEPUTY),
    "away from today on": ({ROADS: {"away": (HERE, datetime.date(2022, 5, 1))}}, DEPUTY),
    "away until today": ({ROADS: {"away": (datetime.date(2022, 3, 1), HERE)}}, DEPUTY),
    "back since today": ({ROADS: {"away": (datetime.date(2022, 3, 1), datetime.date(2022, 3, 23))}}, ROADS),
    "away from tomorrow on": ({ROADS: {"away": (datetime.date(2022, 3, 25), datetime.date(2022, 4, 1))}}, ROADS),
    "no address, no deputy": ({ROADS: {**NO_ADDRESS, "deputy": None}}, DIRECTOR),
    "away, as is the deputy": ({ROADS: AWAY, DEPUTY: AWAY}, DIRECTOR),
    "no address, the deputy away": ({ROADS: NO_ADDRESS, DEPUTY: AWAY}, DIRECTOR),
    "none of the three": ({ROADS: NO_ADDRESS, DEPUTY: AWAY, DIRECTOR: NO_ADDRESS}, OFFICE),
    "no address, nobody above": ({ROADS: {**NO_ADDRESS, "deputy": None, "manager": None}}, OFFICE),
    # One step only: a deputy's own deputy was not asked to stand in for this post.
    "the deputy's deputy does not count": ({ROADS: NO_ADDRESS, DEPUTY: {**AWAY, "deputy": OFFICE}}, DIRECTOR),
}


def changed(leads):
    def change(data):
        only_action(data)
        for name, what in leads.items():
            data["leads"][name].update(what)
    return change


def nobody(data):
    only_action(data)
    data["leads"][ROADS].update({"email": None, "deputy": None, "manager": None})
    data["plans"][SLUG]["owner"] = None


@pytest.mark.parametrize("leads, to", ROUTES.values(), ids=ROUTES)
def test_where_it_goes(database, notifier, mail, leads, to):
    live = small(database, changed(leads))
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [[ADDRESSES[to]]]
    assert states(live) == {("1.1", "2022-03-31", ROADS, -7): "sent"}
    [message] = messages(live)
    assert (message["lead"], message["via"], message["to_address"]) == (ROADS, to, ADDRESSES[to])
    [received] = mail.accepted
    assert received.message["To"].addresses[0].addr_spec == ADDRESSES[to]
    assert received.message["To"].addresses[0].display_name == live.data["leads"][to]["holder"]


def test_who_stands_in_is_told_for_whom_and_why(database, notifier, mail):
    live = small(database, changed({ROADS: AWAY}))
    notifier.once(MINUS_7)
    for part in (mail.accepted[0].text, mail.accepted[0].html):
        flat = " ".join(part.split())
        assert ROADS in flat and "Ann Tarmac" in flat, "for whom"
        assert "away until 1 April 2022" in flat and "deputy" in flat, "why it comes to you"
    assert live.data["leads"][DEPUTY]["holder"] in mail.accepted[0].text


def test_back_again_the_next_reminder_is_theirs(database, notifier, mail):
    small(database, changed({ROADS: {"away": (datetime.date(2022, 3, 21), datetime.date(2022, 3, 29))}}))
    notifier.once(MINUS_7)
    notifier.once(MINUS_1)
    assert [one.recipients for one in mail.accepted] == [["deputy@example.org"], ["roads@example.org"]]


def test_who_went_away_since_the_plan_is_not_written_to(database, notifier, mail):
    live = small(database, only_action)
    plan_only(live, MINUS_7)
    live.save_lead(ROADS, **AWAY)
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [["deputy@example.org"]]


def test_a_deputy_who_leads_too_gets_two_messages_for_two_posts(database, notifier, mail):
    """One email a lead: the deputy's own and the one passed on are different posts' reminders."""
    def change(data):
        data["leads"][ROADS].update(NO_ADDRESS)
        data["plans"][SLUG]["actions"]["1.2"]["assignments"] = {DEPUTY: "lead"}
    live = small(database, change)
    notifier.once(MINUS_7)
    assert sorted(reminders_in(one.text) for one in mail.to("deputy@example.org")) == [
        [("1.1", said(DUE))], [("1.2", said(DUE))]]
    assert sorted(one["lead"] for one in messages(live)) == [DEPUTY, ROADS]


# ---------------------------------------------------------------------------- nobody

def test_nobody_to_write_to_is_written_down(database, notifier, mail):
    live = small(database, nobody)
    for at in (MINUS_7, "2022-03-24T15:00:00Z", DAY_AFTER):
        notifier.once(at)
    assert mail.mails == [] and messages(live) == []
    [row] = live.ledger()
    assert (row.state, row.lead, row.offset_days, row.day) == ("unroutable", ROADS, -7, HERE)
    assert live.one("SELECT reason FROM reminder")


def test_it_is_sent_once_an_address_exists(database, notifier, mail):
    live = small(database, nobody)
    notifier.once(MINUS_7)
    live.save_lead(ROADS, email="late@example.org")
    notifier.once("2022-03-24T11:00:00Z")
    assert [one.recipients for one in mail.accepted] == [["late@example.org"]]
    [row] = live.ledger()
    assert (row.state, row.day, row.to) == ("sent", HERE, ROADS)
    notifier.once(DAY_AFTER)
    assert len(mail.accepted) == 1


@pytest.mark.parametrize("stand_in", [{"deputy": DEPUTY}, {"manager": DIRECTOR}], ids=["deputy", "manager"])
def test_or_once_somebody_can_stand_in(database, notifier, mail, stand_in):
    live = small(database, nobody)
    notifier.once(MINUS_7)
    live.save_lead(ROADS, **stand_in)
    notifier.once(MONDAY)
    assert [one.recipients for one in mail.accepted] == [[ADDRESSES[next(iter(stand_in.values()))]]]
    assert states(live) == {("1.1", "2022-03-31", ROADS, -7): "sent"}


def test_a_stage_that_passed_unroutable_is_not_sent_later(database, notifier, mail):
    live = small(database, nobody)
    notifier.once(MINUS_7)
    notifier.once(MINUS_1)
    live.save_lead(ROADS, email="late@example.org")
    notifier.once(ON_THE_DAY)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", said(DUE))]]
    assert states(live) == {("1.1", "2022-03-31", ROADS, -7): "unroutable",
                            ("1.1", "2022-03-31", ROADS, -1): "unroutable",
                            ("1.1", "2022-03-31", ROADS, 0): "sent"}


def test_an_address_that_goes_between_plan_and_send(database, notifier, mail):
    def alone(data):
        nobody(data)
        data["leads"][ROADS]["email"] = "roads@example.org"
    live = small(database, alone)
    assert plan_only(live, MINUS_7) == 1
    live.save_lead(ROADS, email=None)
    notifier.once(MINUS_7)
    assert mail.mails == []
    assert set(states(live).values()) == {"unroutable"} and messages(live)[0]["state"] == "cancelled"
    live.save_lead(ROADS, email="again@example.org")
    notifier.once(DAY_AFTER)
    assert [one.recipients for one in mail.accepted] == [["again@example.org"]]
    assert set(states(live).values()) == {"sent"}


def test_others_are_not_held_up(database, notifier, mail):
    def change(data):
        data["leads"][ROADS].update({"email": None, "deputy": None, "manager": None})
        data["plans"][SLUG]["owner"] = None
        data["plans"][SLUG]["actions"]["1.2"]["assignments"] = {DIRECTOR: "lead"}
    live = small(database, change)
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [["director@example.org"]]
    assert states(live) == {("1.1", "2022-03-31", ROADS, -7): "unroutable",
                            ("1.2", "2022-03-31", DIRECTOR, -7): "sent"}
