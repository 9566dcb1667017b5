"""An address that a mail server knows to be nobody's: the next in line hears, today and from then on, and people can see it."""

import pytest

from support.oracle_mail import reminders_in, said
from support.oracle_small import (DEPUTY, DUE, MINUS_1, MINUS_7, OFFICE, ROADS, SLUG, Crowd, messages, only_action,
                                  small, states)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
ONE = ("1.1", "2022-03-31", ROADS, -7)
NOBODY = "550 5.1.1 <roads@example.org>: Recipient address rejected: User unknown"


@pytest.fixture
def live(database):
    return small(database, only_action)


def known(live):
    return live.sql("SELECT address, reply_code FROM undeliverable ORDER BY address")


def test_the_deputy_hears_on_the_same_day(live, notifier, mail):
    mail.refuse("rcpt", NOBODY, match="roads@")
    notifier.once(MINUS_7)
    [received] = mail.accepted
    assert received.recipients == ["deputy@example.org"]
    assert received.message["To"].addresses[0].display_name == "Cy Kerb"
    assert reminders_in(received.text) == [("1.1", said(DUE))]
    flat = " ".join(received.text.split())
    assert "Ann Tarmac" in flat and "cannot be reached by email" in flat and "deputy" in flat
    [message] = messages(live)
    assert (message["state"], message["via"], message["to_address"]) == ("sent", DEPUTY, "deputy@example.org")
    assert states(live) == {ONE: "sent"}
    assert live.sql("SELECT n, address, outcome, reply_code FROM attempt ORDER BY n") == [
        (1, "roads@example.org", "undeliverable", 550), (2, "deputy@example.org", "sent", 250)]
    assert known(live) == [("roads@example.org", 550)]


def test_from_then_on_it_is_not_tried_again(live, notifier, mail):
    mail.refuse("rcpt", NOBODY, match="roads@")
    notifier.once(MINUS_7)
    mail.behave()
    notifier.once(MINUS_1)
    assert [one.recipients for one in mail.accepted] == [["deputy@example.org"]] * 2


def test_every_step_of_the_way_is_taken(live, notifier, mail):
    for name in ("roads", "deputy", "director"):
        mail.refuse("rcpt", f"550 5.1.1 no {name} here", match=f"{name}@")
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [["office@example.org"]]
    assert messages(live)[0]["via"] == OFFICE
    assert len(known(live)) == 3


def test_when_nobody_is_left_it_is_unroutable(live, notifier, mail):
    mail.refuse("rcpt", "550 5.1.1 nobody here")
    notifier.once(MINUS_7)
    assert mail.accepted == []
    assert states(live) == {ONE: "unroutable"}
    assert messages(live)[0]["state"] == "cancelled"
    assert live.one("SELECT body->'counts'->'unroutable' FROM (SELECT plan_coverage(%s, %s)) x (body)",
                    live.plan_ids[SLUG], MINUS_1) == 1


def test_a_new_address_is_tried(live, notifier, mail, api, alice):
    mail.refuse("rcpt", NOBODY, match="roads@")
    notifier.once(MINUS_7)
    answer = api.patch(f"/v1/leads/{live.lead_ids[ROADS]}", alice, if_match="*", json={"email": "ann.tarmac@example.org"})
    assert answer.json()["undeliverable_since"] is None
    notifier.once(MINUS_1)
    assert mail.accepted[-1].recipients == ["ann.tarmac@example.org"]


def test_the_same_address_set_again_is_tried_again(live, notifier, mail, api, alice):
    path = f"/v1/leads/{live.lead_ids[ROADS]}"
    tag = api.get(path, alice).headers["ETag"]
    mail.refuse("rcpt", NOBODY, match="roads@", times=1)
    notifier.once(MINUS_7)
    told = api.get(path, alice, headers={"If-None-Match": tag})
    assert told.status_code == 200, "what changed without a new version is sent again"
    assert told.json()["undeliverable_since"]
    answer = api.patch(path, alice, if_match=tag, json={"email": "roads@example.org"})
    assert answer.json()["undeliverable_since"] is None
    notifier.once(MINUS_1)
    assert mail.accepted[-1].recipients == ["roads@example.org"]


def test_an_address_is_the_same_in_any_case(live, notifier, mail):
    mail.refuse("rcpt", NOBODY, match="roads@")
    notifier.once(MINUS_7)
    mail.behave()
    live.save_lead(ROADS, email="Roads@Example.org")
    notifier.once(MINUS_1)
    assert mail.accepted[-1].recipients == ["deputy@example.org"]


@pytest.mark.parametrize("answer", ["550 no such user", "550 5.7.1 Relaying denied", "552 5.2.2 Mailbox full",
                                    "553 5.1.8 Bad sender", "550 5.1.7 Bad sender", "550 5.1.99 x"])
def test_another_refusal_says_nothing_of_the_address(live, notifier, mail, answer):
    """The deputy hears of it, on that day and once; the next reminder is the lead's again."""
    mail.refuse("rcpt", answer, match="roads@example.org")
    notifier.once(MINUS_7)
    assert states(live) == {ONE: "sent"} and known(live) == []
    assert live.sql("SELECT address::text, outcome FROM attempt ORDER BY n") == [
        ("roads@example.org", "refused"), ("deputy@example.org", "sent")]
    [received] = mail.mails
    assert received.recipients == ["deputy@example.org"] and "Ann Tarmac" in received.text
    assert messages(live)[0]["via"] == DEPUTY
    notifier.once(MINUS_7)
    assert len(mail.mails) == 1
    mail.behave()
    notifier.once(MINUS_1)
    assert mail.accepted[-1].recipients == ["roads@example.org"]


def test_when_all_in_the_line_are_turned_away_it_has_failed(live, notifier, mail, api, bob, alice):
    mail.refuse("rcpt", "550 5.7.1 not for you")
    notifier.once(MINUS_7)
    notifier.once(MINUS_7)
    assert [row[0] for row in live.sql("SELECT address::text FROM attempt ORDER BY n")] == [
        "roads@example.org", "deputy@example.org", "director@example.org", "office@example.org"]
    [message] = messages(live)
    assert message["state"] == "failed" and "not for you" in message["reason"] and states(live) == {ONE: "failed"}
    [shown] = api.get("/v1/messages?state=failed", bob).json()["items"]
    mail.behave()
    assert api.post(f"/v1/messages/{shown['id']}/retry", alice).status_code == 202
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.mails] == [["office@example.org"]], "what was written last"


def test_what_a_person_sent_again_goes_to_nobody_else(live, notifier, mail, api, alice):
    mail.refuse("body", "554 5.6.0 not today", times=1)
    notifier.once(MINUS_7)
    number = live.one("SELECT id FROM message")
    assert api.post(f"/v1/messages/{number}/retry", alice).status_code == 202
    mail.refuse("rcpt", NOBODY)
    notifier.once(MINUS_7)
    assert mail.accepted == [] and messages(live)[0]["state"] == "failed"
    assert known(live) == [("roads@example.org", 550)]


def test_a_server_that_knows_nobody_rests(database, notifier, mail):
    """The wrong server refuses everybody: after a few the channel rests, and says so."""
    crowd = Crowd(database, 60)
    mail.refuse("rcpt", "550 5.1.1 nobody here")
    done = notifier.once(MINUS_7)
    assert crowd.one("SELECT count(*) FROM undeliverable") < 30
    assert "no sending for" in done.stderr


# ---- a new holder ----

def held_up(live, notifier, mail):
    """The email is written for the old holder, and the server has no time for it."""
    mail.refuse("body", "451 4.3.0 later", times=1)
    notifier.once(MINUS_7)
    assert messages(live)[0]["state"] == "retry"
    live.sql("UPDATE message SET next_at = now()")


def test_what_was_written_for_the_old_holder_is_written_anew(live, notifier, mail):
    held_up(live, notifier, mail)
    live.save_lead(ROADS, holder="Gil Cobble", email="gil.cobble@example.org")
    notifier.once(MINUS_7)
    [received] = mail.accepted
    assert received.recipients == ["gil.cobble@example.org"]
    assert "Gil Cobble" in received.text and "Ann Tarmac" not in received.text + received.html
    assert [one["to_address"] for one in messages(live)] == ["gil.cobble@example.org"]


def test_a_shared_address_greets_the_new_holder(live, notifier, mail):
    held_up(live, notifier, mail)
    live.save_lead(ROADS, holder="Gil Cobble")
    notifier.once(MINUS_7)
    [received] = mail.accepted
    assert "Gil Cobble" in received.text and "Ann Tarmac" not in received.text + received.html


def test_who_left_meanwhile_gets_nothing(live, notifier, mail):
    held_up(live, notifier, mail)
    live.save_lead(ROADS, holder=None, email=None)
    notifier.once(MINUS_7)
    assert [one.recipients for one in mail.accepted] == [["deputy@example.org"]]


def test_what_may_have_arrived_goes_to_the_old_address_and_no_other(live, notifier, mail):
    """Nobody knows whether it arrived: the same bytes again, where they went before."""
    mail.drop("body", times=1)
    notifier.once(MINUS_7)
    live.sql("UPDATE message SET next_at = now()")
    live.save_lead(ROADS, holder="Gil Cobble", email="gil.cobble@example.org")
    notifier.once(MINUS_7)
    [received] = mail.accepted
    assert received.recipients == ["roads@example.org"]


def test_a_new_holder_inherits_the_actions(live, notifier, mail):
    notifier.once(MINUS_7)
    live.save_lead(ROADS, holder="Gil Cobble", email="gil.cobble@example.org")
    notifier.once(MINUS_1)
    assert [one.recipients for one in mail.accepted] == [["roads@example.org"], ["gil.cobble@example.org"]]
    assert states(live)[ONE] == "sent"
