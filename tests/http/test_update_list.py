"""GET /v1/actions/{id}/updates"""


def test_it_gives_the_entries_oldest_first(api, alice, bob, action):
    made = [api.post(f"/v1/actions/{action['id']}/updates", alice, json={"note": note}).json() for note in ("a", "b")]
    assert api.get(f"/v1/actions/{action['id']}/updates", bob).json() == {"items": made, "next_cursor": None}


def test_it_pages_while_entries_are_added(api, alice, action, pages):
    path = f"/v1/actions/{action['id']}/updates"
    notes = [str(n) for n in range(5)]
    for note in notes:
        api.post(path, alice, json={"note": note})

    def add():
        if len(notes) < 7:
            notes.append(str(len(notes)))
            api.post(path, alice, json={"note": notes[-1]})
    found = pages(path, alice, 2, between=add)
    assert [one["note"] for page in found for one in page] == notes == list("0123456")


def test_entries_of_another_action_are_not_among_them(api, alice, make, action):
    api.post(f"/v1/actions/{make.action()['id']}/updates", alice, json={"note": "other"})
    assert api.get(f"/v1/actions/{action['id']}/updates", alice).json() == {"items": [], "next_cursor": None}


def test_outside_the_keys_plans_there_is_none(api, make, limited, action):
    assert api.get(f"/v1/actions/{action['id']}/updates", limited(make.plan())).status_code == 404
