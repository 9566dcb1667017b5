"""GET /v1/reminders/forecast"""
import datetime
import time

import pytest

from support import seed

KEYS = {"day", "lead", "lead_name", "role", "via", "to", "action", "reference", "deadline", "due_on", "offset_days",
        "stage", "why"}


@pytest.fixture(scope="module")
def helens(database):
    return seed.st_helens(database)


@pytest.fixture
def forecast(api, bob):
    def get(first, last, key=bob, **query):
        answer = api.get("/v1/reminders/forecast", key, params={"from": first, "to": last, **query})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["from"], answer.json()["to"]) == (first, last)
        return answer.json()["items"]
    return get


def test_it_says_who_gets_what_on_which_day(forecast, helens):
    items = forecast("2022-03-24", "2022-03-31", plan=helens.slug)
    assert all(set(one) == KEYS for one in items)
    assert [one["day"] for one in items] == sorted(one["day"] for one in items)
    # Due on 31 March, and one that was due on 31 December: its next week is up on Saturday the 26th.
    assert {one["day"] for one in items} == {"2022-03-24", "2022-03-28", "2022-03-30", "2022-03-31"}
    first = next(one for one in items if one["reference"] == "3.1" and one["day"] == "2022-03-24")
    assert (first["role"], first["stage"], first["offset_days"], first["due_on"]) == ("lead", "-7", -7, "2022-03-31")
    assert first["why"] == "7 days before 31 March 2022; you lead action 3.1"


def test_it_narrows_by_plan_and_lead(forecast, helens, make):
    everything = forecast("2022-03-24", "2022-03-24", plan=helens.plan_id)
    assert everything == forecast("2022-03-24", "2022-03-24", plan=helens.slug)
    lead = everything[0]["lead"]
    assert forecast("2022-03-24", "2022-03-24", plan=helens.slug, lead=lead) == [one for one in everything if one["lead"] == lead]
    assert forecast("2022-03-24", "2022-03-24", plan=make.plan()["slug"]) == []


@pytest.mark.parametrize("first,last,days", [("2022-03-24", "2022-03-23", 0), ("2022-01-01", "2023-01-02", 367)])
def test_a_range_has_its_limits(api, bob, first, last, days):
    answer = api.get("/v1/reminders/forecast", bob, params={"from": first, "to": last})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("?to", "out_of_range")]


def test_a_year_and_a_leap_day_are_within_them(api, bob):
    assert api.get("/v1/reminders/forecast?from=2024-01-01&to=2024-12-31", bob).status_code == 200


def test_a_key_for_some_plans_sees_theirs(forecast, helens, make, limited):
    lead = make.lead(email="director@example.org")
    plan = make.plan(state="active")
    made = make.action(make.recommendation(plan), timescale="March 2022", leads=[{"lead": lead["id"]}])
    mine = forecast("2022-03-24", "2022-03-31", limited(plan, role="reader"))
    assert [(one["action"], one["stage"]) for one in mine] == [(made["id"], "-7"), (made["id"], "-1"), (made["id"], "0")]
    assert forecast("2022-03-24", "2022-03-31", limited(plan, role="reader"), plan=helens.slug) == []


def test_one_that_begins_later_leaves_out_what_leaves_before(make, forecast):
    """Seen from today: what is overdue today leaves today, and again when its stage repeats."""
    lead = make.lead(email="director@example.org")
    plan = make.plan(state="active")
    make.action(make.recommendation(plan), timescale="March 2022", leads=[{"lead": lead["id"]}])
    today = datetime.date.today()

    def days(first, last):
        return [one["day"] for one in forecast(str(today + datetime.timedelta(first)), str(today + datetime.timedelta(last)),
                                               plan=plan["slug"])]
    whole = days(0, 60)
    assert 7 <= len(whole) <= 11  # once a week, and what is left of this week
    later = str(today + datetime.timedelta(20))
    assert days(20, 60) == [day for day in whole if day >= later]


def test_its_tag_holds_while_nothing_changes(api, bob, make):
    path = "/v1/reminders/forecast?from=2031-03-01&to=2031-03-31"
    tag = api.get(path, bob).headers["ETag"]
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 304
    make.action(make.recommendation(make.plan(state="active")), timescale="March 2031",
                leads=[{"lead": make.lead()["id"]}])
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 200


def test_a_year_over_a_thousand_actions_is_quick(api, database, bob):
    seed.wide(database)
    begun = time.monotonic()
    answer = api.get("/v1/reminders/forecast?from=2022-01-01&to=2022-12-31&plan=wide", bob, timeout=60)
    took = time.monotonic() - begun
    assert len(answer.json()["items"]) > 25000
    assert took < 15, f"{took:.1f} s, with sanitizers"
