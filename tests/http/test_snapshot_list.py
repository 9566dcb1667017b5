"""GET /v1/plans/{plan}/snapshots"""


def test_it_gives_the_moments_of_one_plan_in_their_order(api, alice, bob, plan, make, pages):
    for name in ("First", "Second", "Third"):
        api.post(f"/v1/plans/{plan['id']}/snapshots", alice, json={"name": name})
    api.post(f"/v1/plans/{make.plan()['id']}/snapshots", alice, json={"name": "Of another plan"})
    found = pages(f"/v1/plans/{plan['slug']}/snapshots", bob, 2)
    assert [[one["name"] for one in page] for page in found] == [["First", "Second"], ["Third"]]


def test_a_plan_without_any_has_an_empty_list(api, bob, plan):
    assert api.get(f"/v1/plans/{plan['id']}/snapshots", bob).json() == {"items": [], "next_cursor": None}


def test_it_is_404_outside_the_keys_plans(api, limited, plan, make):
    assert api.get(f"/v1/plans/{plan['id']}/snapshots", limited(make.plan())).status_code == 404
    assert api.get("/v1/plans/no-such-plan/snapshots", limited(plan)).status_code == 404
