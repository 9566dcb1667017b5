"""--dry-run says what the run would write and send, and changes nothing."""

import json
import random

import pytest

from support import oracle, oracle_random, oracle_world
from support.oracle_small import (DAY_AFTER, DIRECTOR, MINUS_7, ROADS, SLUG, due_again, only_action, plan_only,
                                  small)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
KEYS = {"day", "lead", "lead_name", "role", "via", "to", "action", "reference", "deadline", "due_on", "offset_days",
        "stage", "why"}
TABLES = ("plan", "lead", "action", "assignment", "deadline", "update", "message", "attempt", "reminder", "summary", "plan_pass",
          "notifier_pass", "change")
WRITTEN = """
SELECT r.day::text, r.lead_id AS lead, l.name AS lead_name, r.audience::text AS role, m.via_lead_id AS via,
       m.to_address AS to, a.id AS action, a.reference, d.id AS deadline, d.due_on::text, r.offset_days
FROM reminder r LEFT JOIN deadline d ON d.id = r.deadline_id
JOIN action a ON a.id = coalesce(r.action_id, d.action_id)
JOIN lead l ON l.id = r.lead_id LEFT JOIN message m ON m.id = r.message_id
WHERE r.state IN ('sent', 'unroutable') AND r.updated_at > %s
UNION ALL
SELECT s.day::text, s.lead_id, l.name, 'cabinet_member', m.via_lead_id, m.to_address, NULL, NULL, NULL, NULL, NULL
FROM summary s JOIN lead l ON l.id = s.lead_id LEFT JOIN message m ON m.id = s.message_id
WHERE (m.state = 'sent' OR s.state = 'unroutable') AND s.updated_at > %s
"""


def forecast(notifier, at):
    """The items of a dry run."""
    lines = notifier.once(at, "--dry-run").stdout.splitlines()
    return [json.loads(line) for line in lines]


def contents(database):
    """Everything that a dry run must leave as it is."""
    return {table: database.rows(f"SELECT t::text FROM {table} t ORDER BY 1") for table in TABLES}


def facts(items):
    """What can be compared with the ledger, as sets of pairs."""
    return sorted((tuple(sorted((key, item[key]) for key in KEYS - {"stage", "why"})) for item in items), key=str)


def expect_equal_to_the_run(database, notifier, at, mail_url=None):
    items = forecast(notifier, at)
    before = database.value("SELECT clock_timestamp()")
    notifier.once(at, **({"GT_MAIL_URL": mail_url} if mail_url else {}))
    written = database.rows(WRITTEN, (before, before))
    assert sorted(facts(items), key=str) == sorted(facts(written), key=str), at
    return items


def test_the_keys_are_exactly_these(notifier, st_helens):
    items = forecast(notifier, "2022-03-24T08:30:00Z")
    assert len(items) == 18
    assert all(set(item) == KEYS for item in items)
    assert all(type(item[key]) is int for item in items
               for key in ("lead", "via", "action", "deadline", "offset_days"))
    assert {item["stage"] for item in items} == {"-7", "+14", "+28", "+78"}
    assert {item["day"] for item in items} == {"2022-03-24"}
    assert {item["role"] for item in items} == {"lead", "manager", "cabinet_member", "plan_owner"}


def test_each_says_why(notifier, st_helens):
    why = {(item["reference"], item["offset_days"]): item["why"] for item in forecast(notifier, "2022-03-24T08:30:00Z")}
    assert "7 days before 31 March 2022" in why["3.1", -7] and "3.1" in why["3.1", -7]
    assert "78 days after 31 December 2021" in why["7.1", 78]


def test_it_equals_what_the_run_then_writes(database, st_helens, notifier):
    for at in ("2022-03-24T08:30:00Z", "2022-03-24T09:00:00Z", "2022-03-28T12:00:00Z", "2022-03-30T07:30:00Z",
               "2022-03-31T07:30:00Z", "2022-04-01T07:30:00Z", "2022-04-16T09:00:00Z", "2022-04-29T16:59:00Z"):
        expect_equal_to_the_run(database, notifier, at)
    assert forecast(notifier, "2022-04-29T16:59:00Z") == []


def test_it_changes_nothing(database, st_helens, notifier, mail):
    for at in ("2022-03-24T08:30:00Z", "2022-03-26T08:30:00Z"):
        before = contents(database)
        forecast(notifier, at)
        assert contents(database) == before
    assert mail.connections == 0


def test_the_api_says_the_same_of_the_same_day(api, bob, st_helens, notifier):
    for day in ("2022-03-03", "2022-03-24", "2022-03-26", "2022-04-01", "2022-04-29"):
        answer = api.get("/v1/reminders/forecast", bob, params={"from": day, "to": day})
        assert answer.json()["items"] == forecast(notifier, f"{day}T09:00:00Z"), day
    assert answer.json()["items"]


def test_it_reaches_nobody_but_says_so(database, notifier):
    def nobody(data):
        only_action(data)
        data["leads"][ROADS].update({"email": None, "deputy": None, "manager": None})
        data["plans"][SLUG]["owner"] = None
    small(database, nobody)
    [item] = expect_equal_to_the_run(database, notifier, MINUS_7)
    assert item["to"] is None and item["via"] is None
    assert forecast(notifier, DAY_AFTER) == [], "once is enough"


def test_it_knows_who_stands_in(database, notifier):
    live = small(database, only_action)
    live.save_lead(ROADS, email=None, deputy=None)
    [item] = expect_equal_to_the_run(database, notifier, MINUS_7)
    assert (item["lead"], item["via"], item["to"]) == (
        live.lead_ids[ROADS], live.lead_ids[DIRECTOR], "director@example.org")


def test_it_counts_what_could_not_leave_yesterday(database, notifier, mail):
    live = small(database)
    mail.refuse("mail", "450 4.3.0 later")
    notifier.once(MINUS_7)
    assert live.one("SELECT state::text FROM message") == "retry"
    mail.behave()
    due_again(live)
    assert len(expect_equal_to_the_run(database, notifier, DAY_AFTER)) == 2


def test_it_counts_what_was_planned_and_never_tried(database, notifier, mail):
    live = small(database)
    plan_only(live, MINUS_7)
    assert len(expect_equal_to_the_run(database, notifier, DAY_AFTER)) == 2


def test_it_knows_that_todays_email_has_gone(database, notifier, mail):
    live = small(database, only_action)
    notifier.once(MINUS_7)
    live.revise(SLUG, "1.1", [(oracle.datetime.date(2022, 3, 25), None)])
    assert expect_equal_to_the_run(database, notifier, "2022-03-24T12:00:00Z") == []
    [item] = expect_equal_to_the_run(database, notifier, DAY_AFTER)
    assert (item["day"], item["offset_days"], item["stage"]) == ("2022-03-25", 0, "0")


def test_it_leaves_out_what_an_update_silences(database, notifier, mail):
    live = small(database, only_action)
    notifier.once("2022-04-01T07:30:00Z")
    live.update(SLUG, "1.1", ROADS, oracle.datetime.date(2022, 4, 4))
    assert expect_equal_to_the_run(database, notifier, "2022-04-08T07:30:00Z") == []
    assert live.one("SELECT reason FROM reminder WHERE state = 'suppressed' AND offset_days = 8")
    assert len(expect_equal_to_the_run(database, notifier, "2022-04-19T07:30:00Z")) == 2  # +15, and the manager's +14


@pytest.mark.parametrize("seed", range(100, 104))
def test_random_plans(database, notifier, tmp_path, seed):
    """As test_property.py, but through the program and with one plan (a lead has one route a day)."""
    print(f"seed {seed}")
    rng = random.Random(seed)
    data, centre = oracle_random.world(rng)
    data["plans"] = {"plan-0": {**data["plans"]["plan-0"], "state": "active"}}
    data["ladders"].pop("plan-1", None)
    data["ladders"].pop("plan-2", None)
    live = oracle_world.World(database.connect(), data)
    for day in sorted(rng.sample([centre + oracle.DAY * n for n in range(-60, 61)], 8)):
        at = oracle_random.moment(rng, day).isoformat()
        expect_equal_to_the_run(database, notifier, at, f"file://{tmp_path}/mail")
        oracle_random.change(rng, live, day, day)
