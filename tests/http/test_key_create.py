"""POST /v1/keys"""
import hashlib
import json
from datetime import datetime, timedelta, timezone

import pytest


@pytest.fixture
def create(api, carol):
    def post(key=carol, **body):
        return api.post("/v1/keys", key, json={"name": "Performance dashboard", "role": "reader", **body})
    return post


def test_it_shows_the_token_once_and_keeps_its_digest_only(create, api, carol, database):
    answer = create()
    assert answer.status_code == 201
    made = answer.json()
    token = made.pop("token")
    assert made == {"id": made["id"], "name": "Performance dashboard", "prefix": token[:12], "role": "reader",
                    "plans": None,
                    "expires_at": None, "last_used_at": None, "revoked_at": None, "replaced_by": None, "version": 1,
                    "created_at": made["created_at"]}
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', f"/v1/keys/{made['id']}")
    digest = database.value("SELECT digest FROM api_key WHERE id = %s", (made["id"],))
    assert bytes(digest) == hashlib.sha256(token.encode()).digest()
    assert token not in api.get("/v1/keys?limit=100", carol).text
    assert token[12:] not in json.dumps(database.rows("SELECT * FROM change"), default=str)
    assert token[12:] not in api.process.output()


def test_two_keys_are_never_alike(create):
    assert len({create().json()["token"] for _ in range(20)}) == 20


@pytest.mark.parametrize("role,status", [("reader", 403), ("editor", 201), ("admin", 201)])
def test_the_key_can_do_what_its_role_may(create, api, role, status):
    token = create(role=role).json()["token"]
    assert api.get("/v1/plans", token).status_code == 200
    assert api.post("/v1/plans", token, json={"title": "a", "organisation": "b"}).status_code == status
    assert api.get("/v1/keys", token).status_code == (200 if role == "admin" else 403)


def test_a_key_for_some_plans_sees_nothing_else(create, api, make):
    mine, other = make.plan(), make.plan()
    made = create(plans=[mine["id"]], role="admin").json()
    assert made["plans"] == [mine["id"]]
    assert [one["id"] for one in api.get("/v1/plans", made["token"]).json()["items"]] == [mine["id"]]
    assert api.get(f"/v1/plans/{other['id']}", made["token"]).status_code == 404
    assert api.get("/v1/keys", made["token"]).json()["items"] == []
    assert api.post("/v1/keys", made["token"], json={"name": "x", "role": "reader"}).status_code == 403


def test_it_ends_when_it_expires(create, api, database):
    soon = (datetime.now(timezone.utc) + timedelta(hours=1)).isoformat(timespec="seconds")
    made = create(expires_at=soon).json()
    assert datetime.fromisoformat(made["expires_at"].replace("Z", "+00:00")) == datetime.fromisoformat(soon)
    assert api.get("/v1/plans", made["token"]).status_code == 200
    database.execute("UPDATE api_key SET expires_at = now() WHERE id = %s", (made["id"],))
    assert api.get("/v1/plans", made["token"]).status_code == 401


@pytest.mark.parametrize("body,pointer,code", [
    ({"expires_at": "2022-01-01T00:00:00Z"}, "/expires_at", "in_the_past"),
    ({"plans": [999999]}, "/plans", "unknown_plan"),
    ({"plans": []}, "/plans", "wrong_count"), ({"plans": [1, "2"]}, "/plans/1", "wrong_type"),
    ({"role": "owner"}, "/role", "unknown_value"),
    ({"role": None}, "/role", "not_nullable"), ({"name": "x" * 201}, "/name", "too_long"),
    ({"token": "gt_live_x"}, "/token", "unknown_field"),
    ({"expires_at": "2027-01-01"}, "/expires_at", "bad_instant")])
def test_it_refuses_what_a_key_cannot_have(create, body, pointer, code):
    answer = create(**body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


def test_it_is_on_record_without_its_secret(create, changes):
    made = create().json()
    row, = changes.expect(("created", "api_key"), actor="carol")
    assert (row["resource_id"], row["after"]["name"]) == (made["id"], "Performance dashboard")
    assert "digest" not in row["after"]
