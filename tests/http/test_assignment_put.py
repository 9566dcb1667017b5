"""PUT /v1/actions/{id}/leads/{lead}"""


def test_it_assigns_a_lead_after_those_already_there(api, alice, make, recommendation):
    first, second = make.lead(), make.lead()
    action = make.action(recommendation, leads=[{"lead": second["id"]}])
    answer = api.put(f"/v1/actions/{action['id']}/leads/{first['id']}", alice, if_match='"1"', json={"role": "support"})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert [(one["id"], one["role"]) for one in answer.json()["leads"]] == [(second["id"], "lead"),
        (first["id"], "support")]
    assert api.get(f"/v1/actions/{action['id']}", alice).json() == answer.json()


def test_it_changes_the_role_of_one_that_is_assigned(api, alice, make, recommendation, lead):
    action = make.action(recommendation, leads=[{"lead": lead["id"]}])
    path = f"/v1/actions/{action['id']}/leads/{lead['id']}"
    for role in ("cabinet_member", "support", "consulted", "lead"):
        assert [one["role"] for one in api.put(path, alice, if_match="*",
                                               json={"role": role}).json()["leads"]] == [role]


def test_a_lead_or_an_action_that_is_not_there_is_404(api, alice, action, lead):
    assert api.put(f"/v1/actions/{action['id']}/leads/999999", alice, if_match="*",
                   json={"role": "lead"}).status_code == 404
    assert api.put(f"/v1/actions/999999/leads/{lead['id']}", alice, if_match="*",
                   json={"role": "lead"}).status_code == 404


def test_it_refuses_a_stale_version_of_the_action(api, alice, action, lead):
    api.patch(f"/v1/actions/{action['id']}", alice, if_match='"1"', json={"percent": 1})
    answer = api.put(f"/v1/actions/{action['id']}/leads/{lead['id']}", alice, if_match='"1"', json={"role": "lead"})
    assert answer.status_code == 412
    assert api.get(f"/v1/actions/{action['id']}", alice).json()["leads"] == []


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan, lead):
    other = make.action()
    assert api.put(f"/v1/actions/{other['id']}/leads/{lead['id']}", limited(plan), if_match="*",
                   json={"role": "lead"}).status_code == 404


def test_it_is_on_record(api, alice, action, lead, changes):
    path = f"/v1/actions/{action['id']}/leads/{lead['id']}"
    api.put(path, alice, if_match="*", json={"role": "lead"}, headers={"X-Request-Id": "a1"})
    changes.expect(("created", "assignment"), ("updated", "action"), actor="alice", request_id="a1")
    api.put(path, alice, if_match="*", json={"role": "support"})
    changes.expect(("updated", "assignment"), ("updated", "action"), actor="alice")
