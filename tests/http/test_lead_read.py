"""GET /v1/leads/{id}"""


def test_it_shows_the_lead(api, bob, lead):
    answer = api.get(f"/v1/leads/{lead['id']}", bob)
    assert (answer.json(), answer.headers["ETag"]) == (lead, '"1"')
    assert api.get(f"/v1/leads/{lead['id']}", bob, headers={"If-None-Match": '"1"'}).status_code == 304


def test_a_key_for_some_plans_sees_the_leads_of_their_actions_only(api, make, limited, plan, recommendation):
    mine, other = make.lead(), make.lead()
    make.action(recommendation, leads=[{"lead": mine["id"]}])
    key = limited(plan, role="reader")
    assert api.get(f"/v1/leads/{mine['id']}", key).status_code == 200
    assert api.get(f"/v1/leads/{other['id']}", key).status_code == 404
