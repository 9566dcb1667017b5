"""GET /v1/leads/{id}/actions"""


def test_it_gives_the_actions_of_the_lead_in_any_role_and_plan(api, bob, make, recommendation, lead):
    made = [make.action(recommendation, leads=[{"lead": lead["id"]}]),
            make.action(leads=[{"lead": make.lead()["id"]}, {"lead": lead["id"], "role": "consulted"}])]
    make.action(recommendation)
    assert api.get(f"/v1/leads/{lead['id']}/actions", bob).json() == {"items": made, "next_cursor": None}


def test_a_lead_without_any_has_an_empty_list(api, bob, lead):
    assert api.get(f"/v1/leads/{lead['id']}/actions", bob).json() == {"items": [], "next_cursor": None}


def test_it_pages_while_actions_are_added(make, recommendation, lead, pages, bob):
    def add():
        return make.action(recommendation, leads=[{"lead": lead["id"]}])["id"]
    before = [add() for _ in range(5)]
    found = pages(f"/v1/leads/{lead['id']}/actions", bob, 2, between=lambda: len(before) < 7 and before.append(add()))
    assert [one["id"] for page in found for one in page] == before


def test_a_key_for_some_plans_sees_those_of_its_plans(api, make, limited, plan, recommendation, lead):
    mine = make.action(recommendation, leads=[{"lead": lead["id"]}])
    make.action(leads=[{"lead": lead["id"]}])
    key = limited(plan, role="reader")
    assert [one["id"] for one in api.get(f"/v1/leads/{lead['id']}/actions", key).json()["items"]] == [mine["id"]]


def test_a_key_for_some_plans_does_not_learn_of_other_leads(api, make, limited, plan):
    other = make.lead()
    make.action(leads=[{"lead": other["id"]}])
    assert api.get(f"/v1/leads/{other['id']}/actions", limited(plan)).status_code == 404
