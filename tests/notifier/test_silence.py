"""Leads are asked for an update after so many days without one: once for each such stretch, in the day's one email."""

import datetime
import json

import pytest

from support.oracle import DAY
from support.oracle_small import (MEMBER, ROADS, SLUG, messages, only_action, plan_only, small)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
BEGUN = datetime.date(2022, 2, 1)
DAY_30 = "2022-03-03T09:00:00Z"  # a Thursday, 30 days after 1 February


def asking(data, due_on=None, every=30):
    """One action, begun on 1 February, whose lead is asked every 30 days; far from any deadline."""
    only_action(data)
    plan = data["plans"][SLUG]
    plan["updates_every_days"] = every
    plan["actions"]["1.1"]["created_on"] = BEGUN
    plan["actions"]["1.1"]["deadlines"] = [{"revision": 1, "due_on": due_on or datetime.date(2022, 12, 31), "label": None}]


def undated(data):
    asking(data)
    data["plans"][SLUG]["actions"]["1.1"]["deadlines"] = []


def asked(live):
    return [(str(row.silent_since), row.offset_days, row.lead, row.state) for row in live.ledger() if row.silent_since]


def test_it_is_off_unless_the_plan_wants_it(database, notifier, mail):
    small(database, lambda data: asking(data, every=None))
    notifier.once(DAY_30)
    assert mail.accepted == []


def test_the_lead_is_asked_and_nobody_else(database, notifier, mail):
    live = small(database, asking)
    notifier.once("2022-03-02T09:00:00Z")
    assert mail.accepted == []
    notifier.once(DAY_30)
    [received] = mail.accepted
    assert received.recipients == ["roads@example.org"]
    assert received.message["Subject"] == "Action 1.1 has had no update yet in 30 days, since 1 February 2022"
    flat = " ".join(received.text.split())
    assert "Action 1.1 of Roads improvement plan has had no update yet in 30 days" in flat
    assert "set for every 30 days without an update" in flat
    assert "Due: Saturday 31 December 2022" in flat
    assert asked(live) == [("2022-02-01", 30, ROADS, "sent")]


def test_once_for_each_stretch(database, notifier, mail):
    live = small(database, asking)
    for day in range(28, 95):
        notifier_day = BEGUN + DAY * day
        plan_only(live, f"{notifier_day}T09:00:00Z")
        live.deliver(notifier_day)
    # 60 days on is Saturday 2 April, 90 days on Monday 2 May, a bank holiday: the next working days.
    assert [(since, days) for since, days, _, _ in asked(live)] == [("2022-02-01", 30), ("2022-02-01", 60), ("2022-02-01", 90)]
    assert [str(row.day) for row in live.ledger()] == ["2022-03-03", "2022-04-04", "2022-05-03"]


def test_an_update_begins_a_new_stretch(database, notifier, mail):
    live = small(database, asking)
    live.update(SLUG, "1.1", MEMBER, datetime.date(2022, 2, 28))  # by anybody
    notifier.once(DAY_30)
    assert mail.accepted == []
    notifier.once("2022-03-30T09:00:00Z")
    [received] = mail.accepted
    assert received.message["Subject"] == "Action 1.1 has had no update for 30 days, since 28 February 2022"
    assert asked(live) == [("2022-02-28", 30, ROADS, "sent")]


def test_an_action_without_a_date_is_asked_about_too(database, notifier, mail, api, bob):
    live = small(database, undated)
    live.sql("INSERT INTO timescale (action_id, revision, text, kind, confidence, reading)"
             " VALUES (%s, 1, 'Ongoing', 'ongoing', 'certain', '{}')", live.action_ids[SLUG, "1.1"])
    coverage = api.get(f"/v1/plans/{SLUG}/coverage?at=2022-02-15T09:00:00Z", bob).json()["items"][0]
    assert (coverage["state"], coverage["next"]["day"], coverage["next"]["stage"]) == ("scheduled", "2022-03-03", "update")
    notifier.once(DAY_30)
    [received] = mail.accepted
    assert "“Ongoing”" in received.text and "Due:" not in received.text


def test_an_action_without_even_a_timescale(database, notifier, mail):
    small(database, undated)
    notifier.once(DAY_30)
    assert "Published timescale" not in mail.accepted[0].text


def test_it_comes_in_the_days_one_email(database, notifier, mail):
    def change(data):
        asking(data)
        actions = data["plans"][SLUG]["actions"]
        actions["1.2"] = {**actions["1.1"], "created_on": datetime.date(2022, 3, 1),
                          "deadlines": [{"revision": 1, "due_on": datetime.date(2022, 3, 10), "label": None}]}
    live = small(database, change)
    notifier.once(DAY_30)
    [received] = mail.accepted
    assert received.message["Subject"] == "1 action due soon, 1 without an update"
    assert received.text.index("Due soon") < received.text.index("Waiting for an update")
    assert len(messages(live)) == 1


def test_who_is_told_of_its_date_is_not_asked_besides(database, notifier, mail):
    """Both are in the ledger; the email names the action once, with its last update."""
    live = small(database, lambda data: asking(data, due_on=datetime.date(2022, 3, 10)))
    notifier.once(DAY_30)
    [received] = mail.accepted
    assert received.text.count("Action 1.1\n") <= 1 and "Waiting for an update" not in received.text
    assert "7 days" in received.message["Subject"] or "due on 10 March 2022" in received.message["Subject"]
    assert [row.state for row in live.ledger()] == ["sent", "sent"]


def test_what_was_answered_meanwhile_is_not_asked(database, notifier, mail):
    live = small(database, asking)
    plan_only(live, DAY_30)
    live.update(SLUG, "1.1", ROADS, datetime.date(2022, 3, 3))
    notifier.once(DAY_30)
    assert mail.accepted == []
    assert [state for *_, state in asked(live)] == ["dropped"]
    assert messages(live)[0]["state"] == "cancelled"


@pytest.mark.parametrize("change", [
    lambda live: live.status(SLUG, "1.1", "complete"), lambda live: live.reassign(SLUG, "1.1", {ROADS: "support"}),
    lambda live: live.plan(SLUG, updates_every_days=None)], ids=["complete", "supports it now", "switched off"])
def test_what_no_longer_holds_is_not_asked(database, notifier, mail, change):
    live = small(database, asking)
    plan_only(live, DAY_30)
    change(live)
    notifier.once(DAY_30)
    assert mail.accepted == [] and [state for *_, state in asked(live)] == ["dropped"]


def test_the_dry_run_and_the_forecast_say_so(database, notifier, api, bob):
    live = small(database, asking)
    [line] = notifier.once(DAY_30, "--dry-run").stdout.splitlines()
    told = json.loads(line)
    assert (told["stage"], told["offset_days"], told["deadline"], told["due_on"]) == ("update", 30, None, None)
    assert told["why"] == "no update for 30 days; you lead action 1.1"
    items = api.get("/v1/reminders/forecast?from=2022-03-01&to=2022-05-31", bob).json()["items"]
    items = [one for one in items if one["stage"] != "summary"]
    assert [(one["day"], one["offset_days"]) for one in items] == [("2022-03-03", 30), ("2022-04-04", 60), ("2022-05-03", 90)]
    assert items[0] == told
    number = live.action_ids[SLUG, "1.1"]
    following = api.get(f"/v1/actions/{number}/reminders?at=2022-02-15T09:00:00Z", bob).json()["next"]
    assert [(one["stage"], one["day"]) for one in following if one["lead_name"] == ROADS] == \
        [("-28", "2022-12-02"), ("update", "2022-03-03")]
    notifier.once(DAY_30)
    [sent] = api.get(f"/v1/actions/{number}/reminders", bob).json()["sent"]
    assert (sent["stage"], sent["silent_since"], sent["deadline"]) == ("update", "2022-02-01", None)
    [listed] = api.get(f"/v1/reminders?action={number}", bob).json()["items"]
    assert listed["stage"] == "update"


def test_nobody_there_is_unroutable_and_then_told(database, notifier, mail):
    def change(data):
        asking(data)
        data["leads"][ROADS].update({"deputy": None, "manager": None, "away": (BEGUN, datetime.date(2022, 3, 8))})
        data["plans"][SLUG]["owner"] = None
    live = small(database, change)
    notifier.once(DAY_30)
    assert [state for *_, state in asked(live)] == ["unroutable"]
    notifier.once("2022-03-09T09:00:00Z")
    assert [state for *_, state in asked(live)] == ["sent"] and len(mail.accepted) == 1
