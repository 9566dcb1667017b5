"""PATCH /v1/actions/{id}"""
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import requests


@pytest.fixture
def patch(api, alice, action):
    def send(body, if_match="*", **how):
        return api.patch(f"/v1/actions/{action['id']}", alice, if_match=if_match, json=body, **how)
    return send


@pytest.fixture
def read(api, alice, action):
    return lambda: api.get(f"/v1/actions/{action['id']}", alice).json()


def local_today(zone="Europe/London"):
    return datetime.now(ZoneInfo(zone)).date().isoformat()


def test_it_changes_what_the_body_names_and_nothing_else(patch, read, action):
    answer = patch({"status": "in_progress", "rag": "amber", "percent": 40}, if_match='"1"')
    assert answer.status_code == 200
    changed = answer.json()
    assert changed == read() == {**action, "status": "in_progress", "rag": "amber", "percent": 40, "version": 2,
                                 "updated_at": changed["updated_at"]}
    assert answer.headers["ETag"] == '"2"'


def test_null_clears_what_may_be_empty(patch):
    patch({"rag": "red", "percent": 1})
    assert [patch({"rag": None, "percent": None}).json()[name] for name in ("rag", "percent")] == [None, None]


def test_an_empty_patch_changes_nothing_but_the_version(patch, action):
    changed = patch({}).json()
    assert changed == {**action, "version": 2, "updated_at": changed["updated_at"]}


# ---- moving ----

def test_it_moves_to_another_recommendation_with_its_history(patch, api, alice, make, plan, action):
    api.post(f"/v1/actions/{action['id']}/updates", alice, json={"note": "Before the move"})
    other = make.recommendation(plan)
    moved = patch({"recommendation": other["id"]}).json()
    assert (moved["recommendation"], moved["recommendation_number"]) == (other["id"], other["number"])
    assert moved["reference"] == action["reference"]
    assert [one["note"] for one in api.get(f"/v1/actions/{action['id']}/updates",
                                           alice).json()["items"]] == ["Before the move"]
    assert api.get(f"/v1/recommendations/{other['id']}", alice).json()["actions"] == 1
    assert api.get(f"/v1/recommendations/{action['recommendation']}", alice).json()["actions"] == 0


def test_it_stays_in_its_plan(patch, read, make, action):
    for number in (make.recommendation()["id"], 999999):
        answer = patch({"recommendation": number})
        assert answer.status_code == 422
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == \
            [("/recommendation", "unknown_recommendation")]
    assert read() == action


def test_it_refuses_a_reference_that_is_taken(patch, make, recommendation):
    other = make.action(recommendation)
    assert patch({"reference": other["reference"]}).json()["code"] == "reference_taken"
    assert patch({"reference": "Z9"}).json()["reference"] == "Z9"


# ---- completion ----

def test_completing_it_takes_today_for_the_day(patch):
    before = local_today()
    assert patch({"status": "complete"}).json()["completed_on"] in (before, local_today())


def test_today_is_the_plans_own(api, alice, make):
    plan = make.plan(time_zone="Pacific/Kiritimati")  # 14 hours ahead of UTC: another day for most of ours
    action = make.action(make.recommendation(plan))
    before = local_today("Pacific/Kiritimati")
    done = api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", json={"status": "complete"}).json()
    assert done["completed_on"] in (before, local_today("Pacific/Kiritimati"))


def test_completing_it_takes_the_day_that_is_given(patch):
    assert patch({"status": "complete", "completed_on": "2022-03-24"}).json()["completed_on"] == "2022-03-24"
    assert patch({"percent": 100}).json()["completed_on"] == "2022-03-24"
    assert patch({"completed_on": "2022-03-25"}).json()["completed_on"] == "2022-03-25"


def test_opening_it_again_forgets_the_day(patch):
    patch({"status": "complete", "completed_on": "2022-03-24"})
    assert patch({"status": "in_progress"}).json()["completed_on"] is None


@pytest.mark.parametrize("body", [{"completed_on": "2022-03-24"}, {"completed_on": "2022-03-24", "status": "on_hold"}])
def test_what_is_not_complete_has_no_day_of_completion(patch, read, action, body):
    answer = patch(body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/completed_on", "not_complete")]
    assert read() == action


# ---- doubts ----

def test_doubts_are_replaced_whole(patch):
    doubt = {"code": "split_row", "detail": "May belong to 4", "row": 12, "column": "Action"}
    assert patch({"doubts": [doubt]}).json()["doubts"] == [doubt]
    assert patch({"doubts": []}).json()["doubts"] == []


# ---- versions ----

def test_it_refuses_a_stale_version(patch, read):
    patch({"percent": 1}, if_match='"1"')
    answer = patch({"percent": 2}, if_match='"1"')
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
    assert "version 2" in answer.json()["detail"]
    assert read()["percent"] == 1


@pytest.mark.parametrize("tags,status", [('"1"', 200), ('"7", "1"', 200), ('"x","1" ,"W"', 200), ("*", 200),
                                         ('W/"1"', 412),
                                         ('"01"', 412), ('""', 412), ('"1.0"', 412), ('"9223372036854775808"', 412),
                                         ('W/"1", "2"', 412)])
def test_if_match_takes_the_strong_tags_that_we_gave(patch, tags, status):
    assert patch({"percent": 3}, if_match=tags).status_code == status


def test_of_many_who_read_the_same_version_one_wins(api, alice, action, database):
    def one(n):
        return requests.patch(f"{api.url}/v1/actions/{action['id']}", json={"percent": n}, timeout=30,
                              headers={"Authorization": f"Bearer {alice.token}", "If-Match": '"1"'}).status_code
    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(one, range(48)))
    assert (statuses.count(200), statuses.count(412)) == (1, 47)
    assert database.value("SELECT version FROM action WHERE id = %s", (action["id"],)) == 2
    assert database.value("SELECT count(*) FROM change WHERE resource = 'action' AND verb = 'updated'"
                          " AND resource_id = %s",
                          (action["id"],)) == 1


# ---- who ----

def test_outside_the_keys_plans_there_is_none(api, make, limited, plan, action):
    other = make.action()
    assert api.patch(f"/v1/actions/{other['id']}", limited(plan), if_match="*", json={"percent": 1}).status_code == 404
    assert api.patch(f"/v1/actions/{action['id']}", limited(plan), if_match="*", json={"percent": 1}).status_code == 200


def test_it_is_on_record_with_what_was_and_what_is(patch, action, changes):
    patch({"percent": 40}, headers={"X-Request-Id": "patch_1"})
    row, = changes.expect(("updated", "action"), actor="alice", request_id="patch_1")
    assert (row["before"]["percent"], row["after"]["percent"]) == (None, 40)
    assert (row["resource_id"], row["plan_id"]) == (action["id"], action["plan_id"])
    assert row["key_id"]
