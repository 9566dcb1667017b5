"""PATCH /v1/actions/{id}/deadlines/{deadline}"""
import pytest


@pytest.fixture
def dated(make, recommendation):
    return make.action(recommendation, timescale="December 2021 Review – March 2022")


@pytest.fixture
def patch(api, alice, dated):
    def send(body, n=0, if_match="*", **how):
        return api.patch(f"/v1/actions/{dated['id']}/deadlines/{dated['deadlines'][n]['id']}", alice, if_match=if_match,
                         json=body, **how)
    return send


def test_it_marks_one_deadline_as_met(patch, dated):
    answer = patch({"done_on": "2021-12-20"}, if_match='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    first, second = answer.json()["deadlines"]
    assert first == {**dated["deadlines"][0], "done_on": "2021-12-20", "version": 2}
    assert second == dated["deadlines"][1]


def test_null_opens_it_again(patch, dated):
    patch({"done_on": "2021-12-20"})
    assert [one["done_on"] for one in patch({"done_on": None}).json()["deadlines"]] == [None, None]


def test_an_empty_patch_leaves_the_day(patch):
    patch({"done_on": "2021-12-20"})
    assert patch({}).json()["deadlines"][0]["done_on"] == "2021-12-20"


def test_with_all_met_the_action_has_no_date_any_more(patch):
    patch({"done_on": "2021-12-20"})
    assert patch({"done_on": "2022-03-20"}, n=1).json()["standing"] == "unscheduled"


def test_a_deadline_of_another_action_is_404(api, alice, make, action, dated):
    deadline = dated["deadlines"][0]["id"]
    assert api.patch(f"/v1/actions/{action['id']}/deadlines/{deadline}", alice, if_match="*",
                     json={"done_on": "2021-12-20"}).status_code == 404


def test_a_deadline_that_was_revised_away_is_404(patch, api, alice, dated):
    api.post(f"/v1/actions/{dated['id']}/timescales", alice, json={"text": "June 2022", "reason": "Later"})
    assert patch({"done_on": "2021-12-20"}).status_code == 404


def test_it_refuses_a_stale_version_of_the_action(patch, api, alice, dated):
    patch({"done_on": "2021-12-20"}, if_match='"1"')
    assert patch({"done_on": "2021-12-21"}, if_match='"1"').status_code == 412
    assert api.get(f"/v1/actions/{dated['id']}", alice).json()["deadlines"][0]["done_on"] == "2021-12-20"


def test_outside_the_keys_plans_there_is_none(api, make, limited, dated):
    assert api.patch(f"/v1/actions/{dated['id']}/deadlines/{dated['deadlines'][0]['id']}", limited(make.plan()),
                     if_match="*",
                     json={"done_on": "2021-12-20"}).status_code == 404


def test_it_is_on_record(patch, changes, dated):
    changes.new()
    patch({"done_on": "2021-12-20"})
    rows = changes.expect(("updated", "deadline"), ("updated", "action"), actor="alice")
    deadline, = [row for row in rows if row["resource"] == "deadline"]
    assert (deadline["before"]["done_on"], deadline["after"]["done_on"]) == (None, "2021-12-20")
