"""DELETE /v1/keys/{id}"""
import pytest


@pytest.fixture
def key(make):
    return make.key_for(role="editor")


def test_the_key_is_refused_from_the_next_call_on(api, carol, key, unknown_token):
    assert api.get("/v1/plans", key["token"]).status_code == 200
    answer = api.delete(f"/v1/keys/{key['id']}", carol, if_match='"1"')
    assert (answer.status_code, answer.content) == (204, b"")
    for call in (lambda token: api.get("/v1/plans", token), lambda token: api.get("/v1/plans/1", token),
                 lambda token: api.post("/v1/plans", token, json={"title": "a", "organisation": "b"}),
                 lambda token: api.post("/v1/plans", token, json={}), lambda token: api.get("/v1/plans?x=1", token)):
        revoked, unknown = call(key["token"]), call(unknown_token)
        assert revoked.status_code == unknown.status_code == 401
        assert {**revoked.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


def test_it_stays_in_the_list(api, carol, key):
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*")
    listed, = [one for one in api.get("/v1/keys?limit=100", carol).json()["items"] if one["id"] == key["id"]]
    assert listed["revoked_at"] and listed["version"] == 2


def test_a_second_time_keeps_the_first_moment(api, carol, key, database):
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*")
    first = database.value("SELECT revoked_at FROM api_key WHERE id = %s", (key["id"],))
    assert api.delete(f"/v1/keys/{key['id']}", carol, if_match="*").status_code == 204
    assert database.value("SELECT revoked_at FROM api_key WHERE id = %s", (key["id"],)) == first


def test_it_refuses_a_stale_version(api, carol, key):
    assert api.delete(f"/v1/keys/{key['id']}", carol, if_match='"2"').status_code == 412
    assert api.get("/v1/plans", key["token"]).status_code == 200


def test_an_admin_for_some_plans_cannot(api, make, plan, key):
    admin = make.key_for(role="admin", plans=[plan["id"]])
    assert api.delete(f"/v1/keys/{key['id']}", admin["token"], if_match="*").status_code == 403


def test_it_is_on_record(api, carol, key, changes):
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*", headers={"X-Request-Id": "revoke"})
    row, = changes.expect(("updated", "api_key"), actor="carol", request_id="revoke")
    assert row["before"]["revoked_at"] is None and row["after"]["revoked_at"]
