"""POST /v1/keys/{id}/rotate"""
from datetime import datetime, timedelta, timezone

import pytest

KEPT = ("name", "role", "plans")


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def hours_from_now(text):
    return (moment(text) - datetime.now(timezone.utc)) / timedelta(hours=1)


@pytest.fixture
def rotate(api, carol):
    def post(key, by=carol, **body):
        return api.post(f"/v1/keys/{key['id']}/rotate", by, json=body)
    return post


@pytest.fixture
def read(api, carol):
    return lambda key: api.get(f"/v1/keys/{key['id']}", carol).json()


def lives(api, key):
    return api.get("/v1/plans", key["token"]).status_code == 200


def test_both_live_until_the_overlap_is_over(api, rotate, read, make, plan, database):
    old = make.key_for(name="Dashboard", role="editor", plans=[plan["id"]])
    answer = rotate(old)
    new = answer.json()
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"1"')
    assert answer.headers["Location"] == f"/v1/keys/{new['id']}"
    assert {name: new[name] for name in KEPT} == {name: old[name] for name in KEPT}
    assert (new["expires_at"], new["replaced_by"]) == (None, None)
    assert new["token"] != old["token"] and new["token"].startswith(new["prefix"])
    assert lives(api, old) and lives(api, new)
    left = read(old)
    assert (left["replaced_by"], left["version"]) == (new["id"], 2)
    assert hours_from_now(left["expires_at"]) == pytest.approx(24, abs=0.1)
    database.execute("UPDATE api_key SET expires_at = clock_now() WHERE id = %s", (old["id"],))
    assert not lives(api, old) and lives(api, new)


@pytest.mark.parametrize("hours", [1, 48, 720])
def test_the_overlap_is_what_was_asked_for(rotate, read, make, hours):
    old = make.key_for()
    rotate(old, overlap_hours=hours)
    assert hours_from_now(read(old)["expires_at"]) == pytest.approx(hours, abs=0.1)


def test_without_an_overlap_the_old_one_is_over_at_once(api, rotate, make):
    old = make.key_for()
    new = rotate(old, overlap_hours=0).json()
    assert not lives(api, old) and lives(api, new)


def test_the_new_one_lives_as_long_as_the_old_one_was_made_to(rotate, read, make, database):
    soon = (datetime.now(timezone.utc) + timedelta(days=10)).isoformat(timespec="seconds")
    old = make.key_for(expires_at=soon)
    database.execute("UPDATE api_key SET created_at = created_at - interval '355 days' WHERE id = %s", (old["id"],))
    new = rotate(old, overlap_hours=720).json()
    assert hours_from_now(new["expires_at"]) == pytest.approx(365 * 24, abs=0.1)
    assert moment(read(old)["expires_at"]) == moment(old["expires_at"])  # an overlap lengthens no life


def test_a_key_can_be_rotated_by_itself(api, rotate, make):
    old = make.key_for(role="admin")
    new = rotate(old, by=old["token"]).json()
    assert lives(api, old) and lives(api, new)


def test_it_is_rotated_once(api, rotate, make, carol):
    old = make.key_for()
    new = rotate(old).json()
    answer = rotate(old)
    assert (answer.status_code, answer.json()["code"]) == (409, "key_replaced")
    assert str(new["id"]) in answer.json()["detail"]
    assert rotate(new).status_code == 201


def test_what_is_over_is_not_rotated(api, rotate, make, carol, database):
    revoked, ended = make.key_for(), make.key_for()
    api.delete(f"/v1/keys/{revoked['id']}", carol, if_match="*")
    database.execute("UPDATE api_key SET expires_at = clock_now() WHERE id = %s", (ended["id"],))
    for key in (revoked, ended):
        answer = rotate(key)
        assert (answer.status_code, answer.json()["code"]) == (409, "key_over")


@pytest.mark.parametrize("hours,code", [(-1, "out_of_range"), (721, "out_of_range"), (1.5, "wrong_type"),
                                        ("24", "wrong_type"), (None, "not_nullable")])
def test_an_overlap_is_up_to_thirty_days(rotate, make, hours, code):
    answer = rotate(make.key_for(), overlap_hours=hours)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/overlap_hours", code)]


def test_an_unknown_one_is_404(rotate):
    assert rotate({"id": 999999999}).status_code == 404


def test_revoking_the_new_one_leaves_the_old_one(api, rotate, make, carol):
    old = make.key_for()
    new = rotate(old).json()
    assert api.delete(f"/v1/keys/{new['id']}", carol, if_match='"1"').status_code == 204
    assert lives(api, old) and not lives(api, new)


def test_it_is_on_record_without_a_secret(rotate, make, changes):
    old = make.key_for()
    changes.new()
    new = rotate(old).json()
    rows = changes.expect(("created", "api_key"), ("updated", "api_key"), actor="carol")
    assert "digest" not in str(rows) and new["token"][12:] not in str(rows)


def test_a_repeated_call_with_an_idempotency_key_gives_the_same_key(api, make, carol):
    old, sent = make.key_for(), {"Idempotency-Key": "rotate-1"}
    first = api.post(f"/v1/keys/{old['id']}/rotate", carol, json={}, headers=sent)
    again = api.post(f"/v1/keys/{old['id']}/rotate", carol, json={}, headers=sent)
    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
