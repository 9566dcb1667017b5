"""The end of a key: what warns of it, and that every copy of the service obeys at once"""
from datetime import datetime, timedelta, timezone

import pytest


def in_days(days):
    return (datetime.now(timezone.utc) + timedelta(days=days)).isoformat(timespec="seconds")


def warnings(api):
    return [one for one in api.log_events() if one.get("event") == "key_expires"]


@pytest.mark.parametrize("days", [0.01, 1, 13.9])
def test_a_key_with_less_than_14_days_left_is_told(api, make, days):
    key = make.key_for(role="editor", expires_at=in_days(days))
    for answer in (api.get("/v1/plans", key["token"]), api.get("/v1/plans/0", key["token"]),
                   api.get("/v1/plans?x=1", key["token"]), api.post("/v1/plans", key["token"], json={}),
                   api.get("/v1/keys", key["token"]), api.head("/v1/plans", key["token"])):
        assert answer.headers["X-Key-Expires"] == key["expires_at"], answer.status_code


@pytest.mark.parametrize("call", [
    lambda api, token: api.get("/v1/plans/0", token), lambda api, token: api.get("/v1/keys", token),
    lambda api, token: api.patch("/v1/plans/1", token, json={}),
    lambda api, token: api.patch("/v1/leads/999999999", token, json={}, if_match="*")])
def test_it_is_told_on_the_very_first_answer_whatever_that_is(api, make, call):
    key = make.key_for(role="editor", expires_at=in_days(1))
    answer = call(api, key["token"])
    assert answer.status_code in (403, 404, 428)
    assert answer.headers["X-Key-Expires"] == key["expires_at"]


def test_a_key_with_more_is_not(api, make, alice):
    for token in (alice, make.key_for(expires_at=in_days(14.1))["token"], make.key_for()["token"]):
        assert "X-Key-Expires" not in api.get("/v1/plans", token).headers


def test_the_log_says_so_once_a_day(start_api, make):
    api = start_api()
    key = make.key_for(expires_at=in_days(3))
    for _ in range(5):
        api.get("/v1/plans", key["token"])
    warning, = warnings(api)
    assert (warning["level"], warning["key"], warning["expires_at"]) == ("warn", str(key["id"]), key["expires_at"])
    assert key["token"][12:] not in api.process.output()


def test_whoever_is_refused_is_told_nothing(api, make, database):
    key = make.key_for(expires_at=in_days(1))
    assert "X-Key-Expires" in api.get("/v1/plans", key["token"]).headers
    database.execute("UPDATE api_key SET expires_at = clock_now() WHERE id = %s", (key["id"],))
    answer = api.get("/v1/plans", key["token"])
    assert (answer.status_code, answer.headers.get("X-Key-Expires")) == (401, None)


@pytest.mark.parametrize("how", ["revoked", "rotated", "expired"])
def test_a_key_that_is_over_is_refused_by_every_copy_from_the_next_call_on(start_api, make, carol, database, how):
    first, second = start_api(), start_api()
    key = make.key_for(role="editor")
    for api in (first, second, first):
        assert api.get("/v1/plans", key["token"]).status_code == 200
    if how == "revoked":
        assert first.delete(f"/v1/keys/{key['id']}", carol, if_match="*").status_code == 204
    elif how == "rotated":
        assert first.post(f"/v1/keys/{key['id']}/rotate", carol, json={"overlap_hours": 0}).status_code == 201
    else:
        database.execute("UPDATE api_key SET expires_at = clock_now() WHERE id = %s", (key["id"],))
    for api in (second, first):
        for answer in (api.get("/v1/plans", key["token"]), api.post("/v1/leads", key["token"], json={"name": "x"}),
                       api.get("/v1/plans?x=1", key["token"]), api.get("/v1/timescales/read?text=TBC", key["token"])):
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
