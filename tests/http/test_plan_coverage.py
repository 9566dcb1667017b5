"""GET /v1/plans/{plan}/coverage"""
import time

import pytest

from support import seed

AT = "2022-03-01T08:30:00Z"


@pytest.fixture(scope="module")
def helens(database):
    return seed.st_helens(database)


def read(api, key, plan, at=AT):
    answer = api.get(f"/v1/plans/{plan}/coverage?at={at}", key)
    assert answer.status_code == 200
    found = answer.json()
    assert found["counts"]["open"] == len(found["items"])
    for state in ("scheduled", "exempt", "unreadable", "unroutable"):
        assert found["counts"][state] == sum(one["state"] == state for one in found["items"])
    for one in found["items"]:
        assert (one["state"] == "scheduled") == (one["next"] is not None) == (one["code"] is None)
        assert (one["fix"] is not None) == (one["state"] in ("unreadable", "unroutable"))
    return found


def test_every_action_of_st_helens_is_scheduled(api, bob, helens):
    found = read(api, bob, helens.slug)
    assert found["counts"] == {"open": 24, "scheduled": 24, "exempt": 0, "unreadable": 0, "unroutable": 0}
    items = {one["reference"]: one for one in found["items"]}
    # Due on 31 March, a Thursday: 28 days before is 3 March. Due on 31 December 2022: 2 December, a Friday.
    assert (items["1.1"]["next"]["day"], items["1.1"]["next"]["stage"]) == ("2022-03-03", "-28")
    assert (items["4.1"]["next"]["day"], items["4.1"]["next"]["stage"]) == ("2022-12-02", "-28")
    assert items["1.1"]["next"]["lead_name"] == items["1.1"]["next"]["via_name"] == "Executive Director - Place Services"
    assert items["1.1"]["why"] == "28 days before 31 March 2022; you lead action 1.1"
    # Its first deadline is overdue: the stage that applies leaves today.
    assert (items["7.1"]["next"]["day"], items["7.1"]["next"]["due_on"]) == ("2022-03-01", "2021-12-31")


@pytest.mark.parametrize("at,day", [("2022-03-01T08:00:00Z", "2022-03-01"), ("2022-03-01T17:59:00Z", "2022-03-01"),
                                    ("2022-03-01T18:00:00Z", "2022-03-02"), ("2022-03-05T09:00:00Z", "2022-03-07"),
                                    ("2022-04-14T18:00:00Z", "2022-04-19"), ("2022-07-01T17:30:00Z", "2022-07-04")])
def test_it_looks_from_the_next_sending_day(api, bob, helens, at, day):
    assert read(api, bob, helens.slug, at)["sending_day"] == day


@pytest.mark.parametrize("change,state,code", [
    ({"timescale": "TBC"}, "unreadable", "timescale_unreadable"), ({"timescale": None}, "unreadable", "no_timescale"),
    ({"timescale": "Within six months"}, "unreadable", "timescale_relative"), ({"timescale": "Ongoing"}, "exempt", "no_deadline"),
    ({"status": "on_hold"}, "exempt", "on_hold"), ({"leads": []}, "unroutable", "no_lead"), ({}, "scheduled", None)])
def test_what_is_in_the_way_is_told(api, make, bob, change, state, code):
    lead = make.lead(email="director@example.org")
    plan = make.plan(state="active")
    body = {"timescale": "March 2022", "leads": [{"lead": lead["id"]}], **change}
    make.action(make.recommendation(plan), **{name: value for name, value in body.items() if value is not None})
    item, = read(api, bob, plan["slug"])["items"]
    assert (item["state"], item["code"]) == (state, code)


@pytest.mark.parametrize("state,code", [("draft", "plan_draft"), ("closed", "plan_closed")])
def test_nobody_is_reminded_of_a_plan_that_is_not_active(api, make, bob, state, code):
    plan, lead = make.plan(state=state), make.lead(email="director@example.org")
    make.action(make.recommendation(plan), timescale="March 2022", leads=[{"lead": lead["id"]}])
    item, = read(api, bob, plan["slug"])["items"]
    assert (item["state"], item["code"]) == ("exempt", code)


def test_an_action_whose_lead_cannot_be_reached_is_unroutable(api, make, bob, carol):
    lead = make.lead()
    plan = make.plan(state="active")
    make.action(make.recommendation(plan), timescale="March 2022", leads=[{"lead": lead["id"]}])
    item, = read(api, bob, plan["slug"])["items"]
    assert (item["state"], item["code"]) == ("unroutable", "no_address")
    deputy = make.lead(email="deputy@example.org")
    assert api.patch(f"/v1/leads/{lead['id']}", carol, if_match="*", json={"deputy": deputy["id"]}).status_code == 200
    item, = read(api, bob, plan["slug"])["items"]
    assert (item["state"], item["next"]["lead"], item["next"]["via"]) == ("scheduled", lead["id"], deputy["id"])


def test_what_is_closed_is_no_concern(api, make, alice):
    plan, lead = make.plan(state="active"), make.lead(email="director@example.org")
    recommendation = make.recommendation(plan)
    for status in ("complete", "cancelled", "transferred"):
        make.action(recommendation, status=status, timescale="March 2022", leads=[{"lead": lead["id"]}])
    assert read(api, alice, plan["slug"])["items"] == []
    done = make.action(recommendation, timescale="March 2022", leads=[{"lead": lead["id"]}])
    api.patch(f"/v1/actions/{done['id']}/deadlines/{done['deadlines'][0]['id']}", alice, if_match="*", json={"done_on": "2022-02-01"})
    item, = read(api, alice, plan["slug"])["items"]
    assert (item["state"], item["code"]) == ("exempt", "deadlines_done")


def test_its_tag_holds_while_nothing_changes(api, alice, make):
    plan = make.plan()
    path = f"/v1/plans/{plan['slug']}/coverage"
    tag = api.get(path, alice).headers["ETag"]
    assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 304
    make.action(make.recommendation(plan))
    assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 200


def test_outside_the_keys_plans_there_is_none(api, make):
    key = make.key_for(plans=[make.plan()["id"]])["token"]
    assert api.get(f"/v1/plans/{make.plan()['slug']}/coverage", key).status_code == 404


def test_a_thousand_actions_are_quick(api, database, bob):
    seed.wide(database)
    begun = time.monotonic()
    assert read(api, bob, "wide")["counts"]["scheduled"] == 1000
    assert time.monotonic() - begun < 3
