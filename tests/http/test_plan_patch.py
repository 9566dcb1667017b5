"""PATCH /v1/plans/{plan}"""
import pytest


def test_it_changes_what_the_body_names_and_nothing_else(api, alice, plan):
    answer = api.patch(f"/v1/plans/{plan['slug']}", alice, if_match='"1"', json={"state": "active", "published": True})
    assert answer.status_code == 200
    changed = answer.json()
    assert changed == {**plan, "state": "active", "published": True, "version": 2, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > plan["updated_at"]
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.parametrize("field,value", [
    ("slug", "another-slug"), ("title", "Another – title"), ("organisation", "Cyngor Gwynedd"),
    ("source_url", "http://council.example/a%20b?c=d#e"), ("adopted_on", "2024-02-29"), ("state", "closed"),
    ("published", True), ("time_zone", "Europe/Paris"), ("division", "scotland"), ("quarter_basis", "calendar"),
    ("relative_to", "2200-12-31"), ("send_at", "08:00"), ("updates_every_days", 30)])
def test_each_field_can_be_changed(api, alice, plan, field, value):
    path = f"/v1/plans/{plan['id']}"
    assert api.patch(path, alice, if_match="*", json={field: value}).status_code == 200
    assert api.get(path, alice).json()[field] == value


@pytest.mark.parametrize("field", ["source_url", "adopted_on", "owner", "relative_to"])
def test_null_clears_what_may_be_empty(api, alice, make, lead, field):
    filled = {"source_url": "https://x.example/", "adopted_on": "2021-12-01", "relative_to": "2021-12-01",
              "owner": lead["id"]}
    plan = make.plan(**filled)
    cleared = api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", json={field: None}).json()
    assert {name: cleared[name] for name in filled} == {**filled, field: None}


@pytest.mark.parametrize("type_",
                         ["application/merge-patch+json", "application/json", "APPLICATION/JSON; charset=UTF-8",
                                   'application/json;charset="utf-8"'])
def test_it_takes_a_merge_patch_under_either_type(api, alice, plan, type_):
    assert api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", data=b'{"state":"active"}',
                     headers={"Content-Type": type_}).status_code == 200


def test_it_refuses_a_stale_version(api, alice, plan):
    path = f"/v1/plans/{plan['id']}"
    api.patch(path, alice, if_match='"1"', json={"state": "active"})
    answer = api.patch(path, alice, if_match='"1"', json={"state": "closed"})
    assert (answer.status_code, answer.json()["code"]) == (412, "stale_version")
    assert api.get(path, alice).json()["state"] == "active"


def test_it_refuses_a_slug_that_is_taken(api, alice, make, plan):
    answer = api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", json={"slug": make.plan()["slug"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")


def test_its_actions_and_recommendations_show_a_new_slug(api, alice, plan, recommendation, action):
    api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", json={"slug": "new-name"})
    assert api.get(f"/v1/actions/{action['id']}", alice).json()["plan"] == "new-name"
    assert api.get(f"/v1/recommendations/{recommendation['id']}", alice).json()["plan"] == "new-name"
    assert [one["id"] for one in api.get("/v1/actions?plan=new-name", alice).json()["items"]] == [action["id"]]
    assert api.get(f"/v1/plans/{plan['slug']}", alice).status_code == 404


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan):
    other = make.plan()
    assert api.patch(f"/v1/plans/{other['id']}", limited(plan), if_match="*",
                     json={"state": "active"}).status_code == 404
    assert api.patch(f"/v1/plans/{plan['id']}", limited(plan), if_match="*",
                     json={"state": "active"}).status_code == 200


def test_it_is_on_record_with_what_was_and_what_is(api, alice, plan, changes):
    api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", json={"state": "active"}, headers={"X-Request-Id": "p-2"})
    row, = changes.expect(("updated", "plan"), actor="alice", request_id="p-2")
    assert (row["before"]["state"], row["after"]["state"], row["plan_id"]) == ("draft", "active", plan["id"])
