"""PATCH /v1/leads/{id}"""
import pytest


@pytest.fixture
def patch(api, alice):
    def send(lead, if_match="*", **body):
        return api.patch(f"/v1/leads/{lead['id']}", alice, if_match=if_match, json=body)
    return send


def test_a_new_holder_inherits_the_actions(patch, api, alice, make, recommendation):
    lead = make.lead(holder="Lisa Harris", email="lisa@council.example", away_from="2022-08-01",
                     away_until="2022-08-14")
    action = make.action(recommendation, leads=[{"lead": lead["id"]}])
    changed = patch(lead, '"1"', holder="Sam Okafor", email="sam@council.example", away_from=None,
                    away_until=None).json()
    assert changed == {**lead, "holder": "Sam Okafor", "email": "sam@council.example", "away_from": None,
                       "away_until": None,
                       "version": 2, "updated_at": changed["updated_at"]}
    assert [one["id"] for one in api.get(f"/v1/leads/{lead['id']}/actions", alice).json()["items"]] == [action["id"]]


def test_it_sets_and_clears_deputy_and_manager(patch, make, lead):
    deputy, manager = make.lead(), make.lead()
    changed = patch(lead, deputy=deputy["id"], manager=manager["id"]).json()
    assert (changed["deputy"], changed["manager"]) == (deputy["id"], manager["id"])
    assert patch(lead, holder="x").json()["manager"] == manager["id"]
    assert patch(lead, manager=None).json()["manager"] is None


def test_the_same_name_written_another_way_is_still_this_post(patch, make):
    lead = make.lead(name="Planning & Growth")
    assert patch(lead, name="Planning and Growth").json()["name"] == "Planning and Growth"


def test_it_refuses_the_name_of_another_post(patch, make, lead):
    other = make.lead(name="Highways & Transport")
    answer = patch(lead, name="highways and transport")
    assert (answer.status_code, answer.json()["code"]) == (409, "lead_exists")
    assert patch(other, name="Highways").status_code == 200
    assert patch(lead, name="highways and transport").status_code == 200


def test_nobody_is_above_or_beside_oneself(patch, make, lead):
    for field in ("deputy", "manager"):
        answer = patch(lead, **{field: lead["id"]})
        assert (answer.status_code, [one["pointer"] for one in answer.json()["errors"]]) == (422, [f"/{field}"])


def test_managers_do_not_go_in_a_circle(patch, make):
    top = make.lead()
    middle = make.lead(manager=top["id"])
    low = make.lead(manager=middle["id"])
    answer = patch(top, manager=low["id"])
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, ["manager_loop"])
    assert patch(low, manager=top["id"]).status_code == 200


def test_half_an_absence_is_none(patch, make):
    lead = make.lead(away_from="2022-08-01", away_until="2022-08-14")
    assert patch(lead, away_until=None).status_code == 422
    assert patch(lead, away_until="2022-07-31").status_code == 422
    assert patch(lead, away_until="2022-08-20").json()["away_until"] == "2022-08-20"


def test_it_refuses_a_stale_version(patch, lead):
    patch(lead, '"1"', holder="a")
    assert patch(lead, '"1"', holder="b").status_code == 412


def test_a_key_for_some_plans_cannot_change_one(api, limited, plan, lead):
    assert api.patch(f"/v1/leads/{lead['id']}", limited(plan), if_match="*", json={"holder": "x"}).status_code == 403


def test_it_is_on_record_with_the_actions_that_show_the_name(patch, make, recommendation, lead, changes):
    make.action(recommendation, leads=[{"lead": lead["id"]}])
    changes.new()
    patch(lead, holder="Somebody")
    changes.expect(("updated", "lead"), actor="alice")
    patch(lead, name="Director of Everything")
    changes.expect(("updated", "lead"), ("updated", "action"), actor="alice")
