"""PUT /v1/closures"""
import pytest

CHRISTMAS = [{"day": "2022-12-28", "title": "Between the years"}, {"day": "2022-12-29", "title": "Between the years"}]


@pytest.fixture
def put(api, alice):
    def send(closures, key=alice, if_match="*", **how):
        return api.put("/v1/closures", key, if_match=if_match, json={"closures": closures}, **how)
    return send


def test_it_replaces_the_whole_set(api, bob, put):
    before = put([{"day": "2022-08-01", "title": "Flood"}])
    answer = put(CHRISTMAS[::-1], if_match=before.headers["ETag"])
    assert (answer.status_code, answer.json()["closures"]) == (200, CHRISTMAS)
    assert answer.json()["version"] == before.json()["version"] + 1
    assert answer.json() == api.get("/v1/closures", bob).json()
    assert put([], if_match=answer.headers["ETag"]).json()["closures"] == []


def test_who_is_late_overwrites_nothing(put):
    tag = put([]).headers["ETag"]
    assert put(CHRISTMAS, if_match=tag).status_code == 200
    assert put([], if_match=tag).status_code == 412
    assert put(CHRISTMAS).json()["closures"] == CHRISTMAS


def test_a_stage_moves_off_a_closed_day(api, make, put, database, carol):
    lead = make.lead(email="director@example.org")
    action = make.action(make.recommendation(make.plan(state="active")), timescale="23 December 2022", leads=[{"lead": lead["id"]}])
    path = f"/v1/actions/{action['id']}/reminders?at=2022-12-23T18:00:00Z"

    def next_day():
        return api.get(path, carol).json()["next"][0]["day"]
    put([])
    assert next_day() == "2022-12-28"  # a day after the deadline, over Christmas
    put(CHRISTMAS)
    assert next_day() == "2022-12-30"


@pytest.mark.parametrize("closure,pointer", [
    ({"day": "2022-02-30", "title": "x"}, "/closures/0/day"), ({"day": "2022-12-28"}, "/closures/0/title"),
    ({"title": "x"}, "/closures/0/day"), ({"day": "2022-12-28", "title": ""}, "/closures/0/title"),
    ({"day": "2022-12-28", "title": "x" * 201}, "/closures/0/title"),
    ({"day": "2022-12-28", "title": "x", "id": 1}, "/closures/0/id"), ("2022-12-28", "/closures/0")])
def test_it_refuses_what_is_no_closure(put, closure, pointer):
    answer = put([closure])
    assert answer.status_code == 422
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]


def test_a_day_comes_once(put):
    answer = put([*CHRISTMAS, {"day": "2022-12-28", "title": "Again"}])
    assert (answer.status_code, answer.json()["code"]) == (422, "repeated_day")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/closures/2/day"]


def test_a_key_for_some_plans_may_not(put, limited, plan):
    assert put(CHRISTMAS, limited(plan)).status_code == 403


def test_the_record_shows_what_changed_and_no_more(put, changes):
    put([CHRISTMAS[0], {"day": "2022-08-01", "title": "Flood"}])
    changes.new()
    put([{**CHRISTMAS[0], "title": "Renamed"}, CHRISTMAS[1]], headers={"X-Request-Id": "closures-1"})
    changes.expect(("updated", "closure_set"), ("updated", "closure"), ("deleted", "closure"), ("created", "closure"),
                   actor="alice", request_id="closures-1")
