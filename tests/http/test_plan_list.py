"""GET /v1/plans"""


def test_it_gives_every_plan_as_it_is_read_alone(api, bob, make):
    made = [make.plan(), make.plan()]
    listed = {one["id"]: one for one in api.get("/v1/plans?limit=100", bob).json()["items"]}
    for plan in made:
        assert listed[plan["id"]] == api.get(f"/v1/plans/{plan['id']}", bob).json()


def test_it_pages_without_gap_or_repeat_while_plans_are_added(api, bob, make, pages):
    for _ in range(5):
        make.plan()
    before = [one["id"] for one in api.get("/v1/plans?limit=100", bob).json()["items"]]
    found = [one["id"] for page in pages("/v1/plans", bob, 2, between=make.plan) for one in page]
    assert found == sorted(set(found))
    assert found[:len(before)] == before


def test_a_key_for_some_plans_sees_those(api, make, limited, pages):
    mine, _, also = make.plan(), make.plan(), make.plan()
    key = limited(mine, also, role="reader")
    assert [[one["id"]] for page in pages("/v1/plans", key, 1) for one in page] == [[mine["id"]], [also["id"]]]
