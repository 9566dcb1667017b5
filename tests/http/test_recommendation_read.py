"""GET /v1/recommendations/{id}"""


def test_it_counts_its_actions(api, bob, make, recommendation):
    make.action(recommendation)
    make.action(recommendation)
    assert api.get(f"/v1/recommendations/{recommendation['id']}", bob).json() == {**recommendation, "actions": 2}


def test_it_says_304_while_nothing_changed(api, bob, recommendation):
    path = f"/v1/recommendations/{recommendation['id']}"
    tag = api.get(path, bob).headers["ETag"]
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 304


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan, recommendation):
    other = make.recommendation()
    assert api.get(f"/v1/recommendations/{recommendation['id']}", limited(plan)).status_code == 200
    assert api.get(f"/v1/recommendations/{other['id']}", limited(plan)).status_code == 404
