"""GET /v1/plans/{plan}"""


def test_it_is_read_by_id_and_by_slug(api, bob, plan):
    assert api.get(f"/v1/plans/{plan['id']}", bob).json() == api.get(f"/v1/plans/{plan['slug']}", bob).json() == plan


def test_it_says_304_while_nothing_changed(api, alice, plan):
    path = f"/v1/plans/{plan['id']}"
    tag = api.get(path, alice).headers["ETag"]
    again = api.get(path, alice, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"], again.content) == (304, tag, b"")
    for known in (f"W/{tag}", f'"9", {tag}', "*"):
        assert api.get(path, alice, headers={"If-None-Match": known}).status_code == 304
    api.patch(path, alice, if_match=tag, json={"state": "active"})
    changed = api.get(path, alice, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["state"]) == (200, "active")


def test_a_tag_that_only_looks_alike_is_not_known(api, bob, plan):
    for unknown in ('"11"', "1", '"01"', '"2"', '""'):
        assert api.get(f"/v1/plans/{plan['id']}", bob, headers={"If-None-Match": unknown}).status_code == 200


def test_head_has_the_headers_of_get_and_no_body(api, bob, plan):
    path = f"/v1/plans/{plan['slug']}"
    get, head = api.get(path, bob), api.head(path, bob)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length"):
        assert head.headers[name] == get.headers[name]


def test_outside_the_keys_plans_there_is_none(api, make, limited):
    mine, other = make.plan(), make.plan()
    key = limited(mine)
    assert api.get(f"/v1/plans/{mine['id']}", key).status_code == 200
    for name in (other["id"], other["slug"]):
        hidden = api.get(f"/v1/plans/{name}", key)
        missing = api.get("/v1/plans/no-such-plan", key)
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["detail"] == missing.json()["detail"]
