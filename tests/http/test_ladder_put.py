"""PUT /v1/ladder and PUT /v1/plans/{plan}/ladder"""
import pytest

BODY = {"stages": [{"offset_days": 1, "audience": ["manager", "lead"], "repeat_days": 7},
                   {"offset_days": -14, "audience": ["lead"]}]}
SORTED = [{"offset_days": -14, "audience": ["lead"], "repeat_days": None},
          {"offset_days": 1, "audience": ["lead", "manager"], "repeat_days": 7}]


@pytest.fixture
def own(api, alice, plan):
    """The address of a plan that has a ladder of its own."""
    path = f"/v1/plans/{plan['id']}/ladder"
    assert api.put(path, alice, if_match="*", json={"stages": []}).status_code == 200
    return path


def test_it_replaces_all_stages_of_the_default(api, alice):
    before = api.get("/v1/ladder", alice)
    answer = api.put("/v1/ladder", alice, if_match=before.headers["ETag"], json=BODY)
    assert (answer.status_code, answer.json()["stages"], answer.json()["plan"]) == (200, SORTED, None)
    assert answer.json() == api.get("/v1/ladder", alice).json()
    assert answer.json()["version"] == before.json()["version"] + 1
    stale = api.put("/v1/ladder", alice, if_match=before.headers["ETag"], json={"stages": []})
    assert stale.status_code == 412
    assert api.get("/v1/ladder", alice).json()["stages"] == SORTED


def test_it_gives_a_plan_a_ladder_of_its_own(api, alice, plan):
    path = f"/v1/plans/{plan['slug']}/ladder"
    tag = api.get(path, alice).headers["ETag"]
    answer = api.put(path, alice, if_match=tag, json=BODY)
    assert (answer.status_code, answer.json()["stages"], answer.json()["plan"]) == (200, SORTED, plan["slug"])
    assert answer.headers["ETag"] != tag


def test_who_read_the_default_does_not_overwrite_the_plans_own(api, alice, plan):
    path = f"/v1/plans/{plan['slug']}/ladder"
    tag = api.get(path, alice).headers["ETag"]
    assert api.put(path, alice, if_match=tag, json=BODY).status_code == 200
    assert api.put(path, alice, if_match=tag, json={"stages": []}).status_code == 412
    assert api.get(path, alice).json()["stages"] == SORTED


def test_what_was_read_can_be_put_back(api, alice, own):
    stages = api.get("/v1/ladder", alice).json()["stages"]
    assert api.put(own, alice, if_match="*", json={"stages": stages}).json()["stages"] == stages


def test_an_empty_ladder_sends_nothing(api, alice, own):
    assert api.get(own, alice).json()["stages"] == []


@pytest.mark.parametrize("stage,pointer", [
    ({"offset_days": 367, "audience": ["lead"]}, "/stages/0/offset_days"),
    ({"offset_days": 0, "audience": []}, "/stages/0/audience"),
    ({"offset_days": 0, "audience": ["lead", "boss"]}, "/stages/0/audience/1"),
    ({"offset_days": 0}, "/stages/0/audience"),
    ({"offset_days": 0, "audience": ["lead"], "repeat_days": 7}, "/stages"),
    ({"offset_days": 0, "audience": "lead"}, "/stages/0/audience"),
    ({"offset_days": -1, "audience": ["lead"], "repeat_days": 7}, "/stages"),
    ({"offset_days": 0, "audience": ["lead", "lead"]}, "/stages"),
    ({"offset_days": 1, "audience": ["lead"], "repeat_days": 0}, "/stages/0/repeat_days")])
def test_it_refuses_a_stage_that_makes_no_sense(api, alice, own, stage, pointer):
    answer = api.put(own, alice, if_match="*", json={"stages": [stage]})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert api.get(own, alice).json()["stages"] == []


def test_the_same_offset_and_audience_come_once(api, alice, own):
    twice = [{"offset_days": 1, "audience": ["lead"]},
             {"offset_days": 1, "audience": ["manager", "lead"], "repeat_days": 7}]
    assert api.put(own, alice, if_match="*", json={"stages": twice}).status_code == 422
    split = [{"offset_days": 1, "audience": ["lead"]}, {"offset_days": 1, "audience": ["manager"], "repeat_days": 7}]
    assert len(api.put(own, alice, if_match="*", json={"stages": split}).json()["stages"]) == 2


def test_a_key_for_some_plans_changes_those_only(api, make, limited, plan):
    key = limited(plan)
    assert api.put(f"/v1/plans/{plan['id']}/ladder", key, if_match="*", json=BODY).status_code == 200
    assert api.put(f"/v1/plans/{make.plan()['id']}/ladder", key, if_match="*", json=BODY).status_code == 404
    assert api.put("/v1/ladder", key, if_match="*", json=BODY).status_code == 403


def test_it_is_on_record(api, alice, plan, changes):
    path = f"/v1/plans/{plan['id']}/ladder"
    api.put(path, alice, if_match="*", json=BODY)
    changes.expect(("created", "ladder"), *[("created", "ladder_stage")] * 3, actor="alice")
    api.put(path, alice, if_match="*", json={"stages": [BODY["stages"][1]]}, headers={"X-Request-Id": "ladder-2"})
    changes.expect(("updated", "ladder"), *[("deleted", "ladder_stage")] * 3, ("created", "ladder_stage"),
                   actor="alice",
                   request_id="ladder-2")
