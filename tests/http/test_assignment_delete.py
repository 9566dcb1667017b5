"""DELETE /v1/actions/{id}/leads/{lead}"""
import pytest


@pytest.fixture
def assigned(make, recommendation, lead):
    return make.action(recommendation, leads=[{"lead": make.lead()["id"]}, {"lead": lead["id"]}])


def test_it_takes_the_lead_off_and_shows_the_action(api, alice, assigned, lead):
    answer = api.delete(f"/v1/actions/{assigned['id']}/leads/{lead['id']}", alice, if_match='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert answer.json()["leads"] == assigned["leads"][:1]
    assert api.get(f"/v1/leads/{lead['id']}/actions", alice).json()["items"] == []


def test_a_second_time_is_404(api, alice, assigned, lead):
    path = f"/v1/actions/{assigned['id']}/leads/{lead['id']}"
    api.delete(path, alice, if_match="*")
    assert api.delete(path, alice, if_match="*").status_code == 404
    assert api.get(f"/v1/actions/{assigned['id']}", alice).json()["version"] == 2


def test_it_refuses_a_stale_version_of_the_action(api, alice, assigned, lead):
    assert api.delete(f"/v1/actions/{assigned['id']}/leads/{lead['id']}", alice, if_match='"2"').status_code == 412
    assert len(api.get(f"/v1/actions/{assigned['id']}", alice).json()["leads"]) == 2


def test_outside_the_keys_plans_there_is_none(api, make, limited, assigned, lead):
    assert api.delete(f"/v1/actions/{assigned['id']}/leads/{lead['id']}", limited(make.plan()),
                      if_match="*").status_code == 404


def test_it_is_on_record_with_the_role_it_had(api, alice, assigned, lead, changes):
    changes.new()
    api.delete(f"/v1/actions/{assigned['id']}/leads/{lead['id']}", alice, if_match="*")
    rows = changes.expect(("deleted", "assignment"), ("updated", "action"), actor="alice")
    gone, = [row for row in rows if row["verb"] == "deleted"]
    assert (gone["resource_id"], gone["before"]["lead_id"], gone["before"]["role"], gone["after"]) == \
        (assigned["id"], lead["id"], "lead", None)
