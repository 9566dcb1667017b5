"""GET /v1/webhooks"""


def test_it_pages_through_them_all(make, api, pages, carol):
    before = len(api.get("/v1/webhooks?limit=100", carol).json()["items"])
    made = [make.webhook()["id"] for _ in range(3)]
    found = [one["id"] for page in pages("/v1/webhooks", carol, 2) for one in page]
    assert found[before:] == made


def test_it_never_shows_a_secret(make, api, carol):
    made = make.webhook()
    one, = [one for one in api.get("/v1/webhooks?limit=100", carol).json()["items"] if one["id"] == made["id"]]
    assert made.pop("secret") and one == made


def test_a_key_for_some_plans_sees_none(make, api, limited, plan):
    make.webhook(plans=[plan["id"]])
    assert api.get("/v1/webhooks", limited(plan, role="admin")).json() == {"items": [], "next_cursor": None}
