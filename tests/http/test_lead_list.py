"""GET /v1/leads"""


def test_it_gives_every_lead_as_it_is_read_alone(api, bob, make):
    made = make.lead(holder="Lisa Harris")
    assert [one for one in api.get("/v1/leads?limit=100", bob).json()["items"] if one["id"] == made["id"]] == [made]


def test_it_pages_while_leads_are_added(api, bob, make, pages):
    for _ in range(4):
        make.lead()
    before = [one["id"] for one in api.get("/v1/leads?limit=100", bob).json()["items"]]
    found = [one["id"] for page in pages("/v1/leads", bob, 3, between=make.lead) for one in page]
    assert found == sorted(set(found))
    assert found[:len(before)] == before


def test_a_key_for_some_plans_sees_the_leads_of_their_actions(api, make, limited, plan, recommendation):
    mine, other = make.lead(), make.lead()
    make.action(recommendation, leads=[{"lead": mine["id"], "role": "consulted"}])
    make.action(leads=[{"lead": other["id"]}])
    assert api.get("/v1/leads", limited(plan, role="reader")).json() == {"items": [mine], "next_cursor": None}
