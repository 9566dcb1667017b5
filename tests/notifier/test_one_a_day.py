"""One email a lead a local day, holding everything, in the terms of the day on which it leaves."""

import datetime
import threading

import pytest

from support import programs
from support.oracle_mail import reminders_in, said
from support.oracle_small import (DAY_AFTER, DUE, MEMBER, MINUS_1, MINUS_7, MONDAY, OFFICE, ON_THE_DAY, PLUS_1, PLUS_8,
                                  ROADS, SLUG, due_again, messages, only_action, only_lead, plan_only, small, states)
from support.oracle_world import World

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
NOON = "2022-03-24T12:00:00Z"
TOMORROW = datetime.date(2022, 3, 25)
LEASE = "SELECT message_lease(60, false, ARRAY[%s], ARRAY[%s], " + ", ".join(
    f"ARRAY[NULL]::{kind}[]" for kind in ("text", "bigint", "text", "text", "text", "bytea")) + ")"
RELEASE = "SELECT message_finish(ARRAY[%s], ARRAY[%s], ARRAY['released'], ARRAY[0], ARRAY[NULL]::integer[]," \
    " ARRAY[NULL]::integer[], ARRAY[NULL]::text[])"


def two_actions_apart(data):
    """1.1 is due on 31 March; 1.2 much later."""
    data["plans"][SLUG]["actions"]["1.2"]["deadlines"][0]["due_on"] = datetime.date(2022, 12, 31)


def test_what_comes_up_after_the_days_email_waits(database, notifier, mail):
    live = small(database, two_actions_apart)
    notifier.once(MINUS_7)
    live.revise(SLUG, "1.2", [(TOMORROW, None)])
    notifier.once(NOON)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", said(DUE))]]
    assert ("1.2", "2022-03-25", ROADS, -1) not in states(live), "not planned for a day that has had its email"
    notifier.once(DAY_AFTER)
    assert [reminders_in(one.text) for one in mail.accepted[1:]] == [[("1.2", said(TOMORROW))]]
    assert "today" in mail.accepted[1].text, "in the terms of the day on which it leaves"
    assert states(live)["1.2", "2022-03-25", ROADS, 0] == "sent"


def test_a_repeat_that_is_quiet_today_does_not_wait_to_be_sent_tomorrow(database, notifier, mail):
    """An update a week ago keeps today's repeat quiet, although the lead has had today's email: tomorrow it would not."""
    live = small(database, two_actions_apart)
    notifier.once(MINUS_7)
    assert len(mail.accepted) == 1
    live.revise(SLUG, "1.2", [(datetime.date(2022, 3, 15), None)])
    live.update(SLUG, "1.2", ROADS, datetime.date(2022, 3, 17))
    notifier.once(NOON)
    assert states(live)["1.2", "2022-03-15", ROADS, 8] == "suppressed"
    notifier.once(DAY_AFTER)
    assert len(mail.accepted) == 1


def test_on_a_friday_it_waits_for_monday(database, notifier, mail):
    live = small(database, only_lead)
    friday, saturday = "2022-04-01T07:30:00Z", "2022-04-02T09:00:00Z"
    notifier.once(friday)
    assert len(mail.accepted) == 1
    live.revise(SLUG, "1.1", [(datetime.date(2022, 4, 5), None)])
    for at in ("2022-04-01T12:00:00Z", saturday):
        notifier.once(at)
        assert len(mail.accepted) == 1
    notifier.once("2022-04-04T07:30:00Z")
    assert [reminders_in(one.text) for one in mail.accepted[1:]] == [[("1.1", "5 April 2022")]]
    assert states(live)["1.1", "2022-04-05", ROADS, -1] == "sent"


def test_what_comes_up_before_the_email_has_left_joins_it(database, notifier, mail):
    live = small(database, two_actions_apart)
    plan_only(live, MINUS_7)
    live.revise(SLUG, "1.2", [(TOMORROW, None)])
    notifier.once(NOON)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.2", said(TOMORROW)), ("1.1", said(DUE))]]
    assert len(messages(live)) == 1


def test_nothing_joins_an_email_that_is_being_sent(database, notifier, mail):
    """Planner and sender at the same instant: the planner saw the message waiting, the sender was faster."""
    live = small(database, two_actions_apart)
    plan_only(live, MINUS_7)
    live.revise(SLUG, "1.2", [(TOMORROW, None)])
    sender = database.connect()
    sender.autocommit = False
    cursor = sender.cursor()
    cursor.execute("SELECT id FROM message FOR UPDATE")
    planner = threading.Thread(target=plan_only, args=(World(database.connect(), live.data, load=False), MINUS_7))
    planner.start()
    programs.wait_until(lambda: live.one("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                         " AND wait_event_type = 'Lock'"), "the planner waits for the sender")
    cursor.execute("SELECT id, token FROM message_claim(10, %s)", (MINUS_7,))
    [(number, token)] = cursor.fetchall()
    cursor.execute(LEASE, (number, token))
    sender.commit()
    planner.join(30)
    assert not planner.is_alive()
    attached = live.sql("SELECT a.reference FROM reminder r JOIN deadline d ON d.id = r.deadline_id"
                        " JOIN action a ON a.id = d.action_id WHERE r.message_id IS NOT NULL")
    assert attached == [("1.1",)], "what was not in the text must not be marked as sent with it"
    live.sql(RELEASE, number, token)
    due_again(live)
    notifier.once(MINUS_7)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.2", said(TOMORROW)), ("1.1", said(DUE))]]


# ---------------------------------------------------------------------------- yesterday's unsent

def test_yesterdays_unsent_message_is_carried_into_todays(database, notifier, mail):
    live = small(database, two_actions_apart)
    mail.refuse("rcpt", "450 4.2.1 later")
    notifier.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["retry"]
    mail.behave()
    live.revise(SLUG, "1.2", [(datetime.date(2022, 4, 22), None)])  # 28 days before it is tomorrow
    notifier.once(DAY_AFTER)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", said(DUE)), ("1.2", "22 April 2022")]]
    assert "in 6 days" in mail.accepted[0].text
    old, new = messages(live)
    assert old["state"] == "cancelled" and old["reason"]
    assert new["state"] == "sent" and new["day"] == TOMORROW
    assert {row.day for row in live.ledger()} == {TOMORROW}


def test_one_in_yesterdays_terms_never_leaves_even_before_the_planner_has_looked(database, notifier, mail):
    """A second replica may claim before the first has planned: it must leave yesterday's message alone."""
    live = small(database, only_action)
    plan_only(live, MINUS_7)
    assert live.sql("SELECT id FROM message_claim(10, %s)", DAY_AFTER) == []
    assert len(live.sql("SELECT id FROM message_claim(10, %s)", NOON)) == 1


def test_of_two_stages_only_the_later_is_sent(database, notifier, mail):
    live = small(database, only_lead)
    mail.drop("connect")
    notifier.once(MINUS_1)
    notifier.once(ON_THE_DAY)
    mail.behave()
    due_again(live)
    notifier.once(PLUS_1)
    assert [reminders_in(one.text) for one in mail.accepted] == [[("1.1", said(DUE))]]
    assert "was due yesterday" in mail.accepted[0].text
    assert states(live) == {("1.1", "2022-03-31", ROADS, -1): "lapsed", ("1.1", "2022-03-31", ROADS, 0): "lapsed",
                            ("1.1", "2022-03-31", ROADS, 1): "sent"}
    assert [one["state"] for one in messages(live)] == ["cancelled", "cancelled", "sent"]


def test_after_three_weeks_of_silence_there_is_one_email(database, notifier, mail):
    """The notifier was off from the day before the deadline on: each hears once, of the stage that applies."""
    live = small(database)
    notifier.once(MINUS_1)
    mail.mails.clear()
    notifier.once("2022-05-03T07:30:00Z")  # 33 days late; the bank holiday was the day before
    assert sorted((one.recipients[0], len(reminders_in(one.text))) for one in mail.accepted) == [
        ("cllr.bus@example.org", 2), ("director@example.org", 2), ("office@example.org", 2), ("roads@example.org", 2)]
    sent = {(lead, offset) for (_, _, lead, offset), state in states(live).items()}
    assert sent == {(ROADS, -1), (ROADS, 29), ("Director of Place", 14), (OFFICE, 28)}, "the member had the month's summary"
    mail.mails.clear()
    notifier.once("2022-05-04T07:30:00Z")
    assert [one.recipients for one in mail.mails] == [["cllr.bus@example.org"]]
    assert {lead for (_, _, lead, offset), state in states(live).items() if offset == 28} == {MEMBER, OFFICE}
    mail.mails.clear()
    notifier.once("2022-05-05T07:30:00Z")
    assert mail.mails == []


def test_a_daemon_left_overnight_is_no_different(database, notifier, mail):
    """An uncertain message is not carried over: it may have arrived, so the same bytes go again."""
    live = small(database, only_action)
    mail.drop("body", times=1)
    notifier.once(MINUS_7)
    assert [(one["state"], one["uncertain"]) for one in messages(live)] == [("uncertain", 1)]
    due_again(live)
    notifier.once(DAY_AFTER)
    assert len(mail.mails) == 2 and mail.mails[0].bytes == mail.mails[1].bytes
    assert [one["state"] for one in messages(live)] == ["sent"]
    assert states(live) == {("1.1", "2022-03-31", ROADS, -7): "sent"}


# ---------------------------------------------------------------------------- everything in one

def test_sixty_actions_of_three_plans_make_one_email(database, notifier, mail):
    def many(data):
        plan = data["plans"][SLUG]
        data["plans"] = {}
        for n in range(3):
            actions = {f"{n}.{m}": {**plan["actions"]["1.1"], "description": f"Deed {n}.{m} of the plan.",
                                    "deadlines": [{"revision": 1, "label": None,
                                                   "due_on": DUE if m % 2 else datetime.date(2022, 1, 31)}]}
                       for m in range(1, 21)}
            data["plans"][f"plan-{n}"] = {**plan, "title": f"Plan number {n}", "actions": actions}
    live = small(database, many)
    notifier.once(MINUS_7)
    [received] = mail.to("roads@example.org")
    rows = [row for row in live.ledger() if row.lead == ROADS]
    assert len(rows) == 60 and {row.state for row in rows} == {"sent"}
    assert all(f"Plan number {n}" in received.text for n in range(3))
    told = reminders_in(received.text)
    assert len(told) == len(set(told))
    # 50 rows at the most; the others are counted.
    assert len(told) == 50 and "and 10 more" in received.text


def test_overdue_first_then_by_date(database, notifier, mail):
    def change(data):
        actions = data["plans"][SLUG]["actions"]
        for reference, day in (("1.3", datetime.date(2022, 3, 24)), ("1.4", datetime.date(2022, 1, 4)),
                               ("1.5", datetime.date(2022, 3, 22))):
            actions[reference] = {**actions["1.1"], "deadlines": [{"revision": 1, "due_on": day, "label": None}]}
    small(database, change)
    notifier.once(MINUS_7)
    [received] = mail.to("roads@example.org")
    order = [("1.4", "4 January 2022"), ("1.5", "22 March 2022"), ("1.3", "24 March 2022"),
             ("1.1", said(DUE)), ("1.2", said(DUE))]
    assert reminders_in(received.text) == order


def test_the_whole_ladder_of_one_action(database, notifier, mail):
    """Every stage once, each on its day, none in between."""
    live = small(database, only_action)
    live.reassign(SLUG, "1.1", {ROADS: "lead"})
    got = []
    for at in ("2022-03-02T08:30:00Z", "2022-03-03T08:30:00Z", "2022-03-04T08:30:00Z", "2022-03-23T08:30:00Z",
               MINUS_7, DAY_AFTER, MONDAY, MINUS_1, ON_THE_DAY, PLUS_1, "2022-04-07T07:30:00Z", PLUS_8):
        before = len(mail.accepted)
        notifier.once(at)
        got += [(at[:10], one.recipients[0]) for one in mail.accepted[before:]]
    assert got == [(day, "roads@example.org") for day in
                   ("2022-03-03", "2022-03-24", "2022-03-30", "2022-03-31", "2022-04-01", "2022-04-08")]


# ---- plans that send at different times ----

def two_plans(live, send_at, time_zone="Europe/London", division="england-and-wales"):
    """The second action in a plan of its own, which sends at that time."""
    live.sql("INSERT INTO plan (slug, title, organisation, state, owner_id, send_at, time_zone, division)"
             " SELECT 'other', 'Another plan', organisation, 'active', owner_id, %s, %s, %s FROM plan",
             send_at, time_zone, division)
    live.sql("WITH r AS (INSERT INTO recommendation (plan_id, number, text, position)"
             " SELECT id, '9', 'Other', 1 FROM plan WHERE slug = 'other' RETURNING plan_id, id)"
             " UPDATE action a SET plan_id = r.plan_id, recommendation_id = r.id FROM r WHERE a.reference = '1.2'")


@pytest.mark.parametrize("send_at,time_zone,division", [
    ("14:00", "Europe/London", "england-and-wales"), ("14:00", "Europe/London", "scotland"),
    ("08:30", "Atlantic/Azores", "northern-ireland")])
def test_one_email_for_plans_that_send_at_different_times(database, notifier, mail, send_at, time_zone, division):
    live = small(database)
    two_plans(live, send_at, time_zone, division)
    assert notifier.once(MINUS_7, "--dry-run").stdout == ""
    notifier.once(MINUS_7)
    assert mail.accepted == []
    for at in ("2022-03-24T14:30:00Z", "2022-03-24T15:00:00Z"):
        notifier.once(at)
    [received] = mail.to("roads@example.org")
    assert "Roads improvement plan" in received.text and "Another plan" in received.text


def test_a_plan_that_begins_after_the_others_have_ended_is_not_waited_for(database, notifier, mail):
    live = small(database)
    two_plans(live, "08:30", "Pacific/Honolulu")
    notifier.once(MINUS_7)
    [received] = mail.to("roads@example.org")
    assert "Another plan" not in received.text


def test_a_later_plan_that_owes_nothing_is_not_waited_for(database, notifier, mail):
    live = small(database)
    two_plans(live, "14:00")
    live.sql("UPDATE action SET status = 'complete' WHERE reference = '1.2'")
    notifier.once(MINUS_7)
    assert len(mail.to("roads@example.org")) == 1
