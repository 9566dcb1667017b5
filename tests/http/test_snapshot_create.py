"""POST /v1/plans/{plan}/snapshots"""
import pytest


@pytest.fixture
def create(api, alice, plan):
    def post(key=alice, **body):
        return api.post(f"/v1/plans/{plan['slug']}/snapshots", key, json=body)
    return post


def test_it_names_this_moment(create, plan, changes):
    answer = create(name="Cabinet, 1 December 2021")
    assert answer.status_code == 201
    made = answer.json()
    assert made == {"id": made["id"], "plan": plan["slug"], "plan_id": plan["id"], "name": "Cabinet, 1 December 2021",
                    "at": made["created_at"], "created_at": made["created_at"]}
    assert answer.headers["Location"] == f"/v1/plans/{plan['id']}/snapshots"
    changes.expect(("created", "snapshot"), actor="alice")


def test_it_names_a_moment_that_is_over(create):
    assert create(name="Then", at="2021-12-01T17:00:00Z").json()["at"] == "2021-12-01T17:00:00.000Z"


@pytest.mark.parametrize("body,pointer,code", [
    ({"name": "x", "at": "2999-01-01T00:00:00Z"}, "/at", "bad_instant"),
    ({"name": "x", "at": "2199-01-01T00:00:00Z"}, "/at", "in_the_future"),
    ({"name": "x" * 201}, "/name", "too_long"), ({}, "/name", "required"), ({"name": "x", "by": 1}, "/by", "unknown_field")])
def test_it_refuses(create, body, pointer, code):
    answer = create(**body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


def test_a_name_is_used_once_a_plan(create, api, alice, make):
    create(name="Twice")
    answer = create(name="Twice")
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
    assert api.post(f"/v1/plans/{make.plan()['id']}/snapshots", alice, json={"name": "Twice"}).status_code == 201


def test_it_needs_the_plan_and_the_role(create, bob, limited, make, plan):
    assert create(key=bob, name="x").status_code == 403
    assert create(key=limited(make.plan()), name="x").status_code == 404
    assert create(key=limited(plan), name="x").status_code == 201
