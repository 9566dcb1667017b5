"""GET /v1/plans/{plan}/recommendations"""


def test_it_gives_those_of_the_plan_in_their_order(api, bob, make, plan):
    make.recommendation()
    made = [make.recommendation(plan, number=number) for number in ("2", "10", "1")]
    for name in (plan["id"], plan["slug"]):
        answer = api.get(f"/v1/plans/{name}/recommendations", bob)
        assert answer.json() == {"items": made, "next_cursor": None}
        assert "Link" not in answer.headers


def test_a_plan_without_any_has_an_empty_list(api, bob, plan):
    assert api.get(f"/v1/plans/{plan['id']}/recommendations", bob).json() == {"items": [], "next_cursor": None}


def test_it_pages_while_others_are_added(api, bob, make, plan, pages):
    before = [make.recommendation(plan)["id"] for _ in range(4)]
    found = pages(f"/v1/plans/{plan['id']}/recommendations", bob, 2,
                  between=lambda: len(before) < 6 and before.append(make.recommendation(plan)["id"]))
    assert [one["id"] for page in found for one in page] == before
    assert [len(page) for page in found] == [2, 2, 2]


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan):
    assert api.get(f"/v1/plans/{make.plan()['id']}/recommendations", limited(plan)).status_code == 404
