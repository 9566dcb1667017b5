"""PATCH /v1/recommendations/{id}"""
import pytest


def test_it_changes_what_the_body_names(api, alice, recommendation):
    answer = api.patch(f"/v1/recommendations/{recommendation['id']}", alice, if_match='"1"',
                       json={"number": "9", "text": "Other words", "response": "declined"})
    assert answer.status_code == 200
    changed = answer.json()
    assert changed == {**recommendation, "number": "9", "text": "Other words", "response": "declined", "version": 2,
                       "updated_at": changed["updated_at"]}


def test_its_actions_show_a_new_number(api, alice, recommendation, action):
    api.patch(f"/v1/recommendations/{recommendation['id']}", alice, if_match="*", json={"number": "77"})
    assert api.get(f"/v1/actions/{action['id']}", alice).json()["recommendation_number"] == "77"


@pytest.mark.parametrize("field,value", [("text", "Kinder words"), ("number", "99")])
def test_the_wording_is_fixed_once_the_plan_is_adopted(api, alice, make, field, value):
    recommendation = make.recommendation(make.plan(adopted_on="2021-12-01"))
    path = f"/v1/recommendations/{recommendation['id']}"
    answer = api.patch(path, alice, if_match="*", json={field: value})
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_adopted")
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{field}"]
    same = {"text": recommendation["text"], "number": recommendation["number"], "response": "partly_accepted"}
    assert api.patch(path, alice, if_match="*", json=same).json()["response"] == "partly_accepted"


def test_the_wording_can_change_until_the_day_of_adoption(api, alice, make):
    recommendation = make.recommendation(make.plan(adopted_on="2199-12-31"))
    assert api.patch(f"/v1/recommendations/{recommendation['id']}", alice, if_match="*",
                     json={"text": "Clearer words"}).status_code == 200


def test_it_refuses_a_number_that_is_taken(api, alice, make, plan, recommendation):
    other = make.recommendation(plan)
    answer = api.patch(f"/v1/recommendations/{recommendation['id']}", alice, if_match="*",
                       json={"number": other["number"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "number_taken")


def test_it_refuses_a_stale_version(api, alice, recommendation):
    path = f"/v1/recommendations/{recommendation['id']}"
    api.patch(path, alice, if_match='"1"', json={"response": "declined"})
    assert api.patch(path, alice, if_match='"1"', json={"response": "accepted"}).status_code == 412


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan):
    other = make.recommendation()
    assert api.patch(f"/v1/recommendations/{other['id']}", limited(plan), if_match="*",
                     json={"response": "declined"}).status_code == 404


def test_it_is_on_record(api, alice, recommendation, changes):
    api.patch(f"/v1/recommendations/{recommendation['id']}", alice, if_match="*", json={"response": "declined"})
    row, = changes.expect(("updated", "recommendation"), actor="alice")
    assert (row["before"]["response"], row["after"]["response"]) == ("accepted", "declined")
    assert row["request_id"]
