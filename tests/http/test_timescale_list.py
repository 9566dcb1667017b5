"""GET /v1/actions/{id}/timescales"""


def test_it_gives_the_whole_reading_of_each(api, bob, make, recommendation):
    action = make.action(recommendation, timescale="December 2021 Review – March 2022")
    one, = api.get(f"/v1/actions/{action['id']}/timescales", bob).json()["items"]
    assert one["deadlines"] == [{"label": None, "due_on": "2021-12-31"}, {"label": "Review", "due_on": "2022-03-31"}]
    assert (one["action"], one["current"], one["due_on"], one["kind"]) == (action["id"], True, "2022-03-31",
        "milestones")
    shown = action["timescale"]
    assert {name: one[name] for name in shown} == shown


def test_an_action_without_any_has_an_empty_list(api, bob, action):
    assert api.get(f"/v1/actions/{action['id']}/timescales", bob).json() == {"items": [], "next_cursor": None}


def test_it_pages(api, alice, action, pages):
    for month in ("May", "June", "July"):
        api.post(f"/v1/actions/{action['id']}/timescales", alice, json={"text": f"{month} 2022", "reason": "Later"})
    found = pages(f"/v1/actions/{action['id']}/timescales", alice, 2)
    assert [[one["text"] for one in page] for page in found] == [["May 2022", "June 2022"], ["July 2022"]]


def test_outside_the_keys_plans_there_is_none(api, make, limited, action):
    assert api.get(f"/v1/actions/{action['id']}/timescales", limited(make.plan())).status_code == 404
