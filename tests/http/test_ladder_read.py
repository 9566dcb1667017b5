"""GET /v1/ladder and GET /v1/plans/{plan}/ladder"""
STAGES = [{"offset_days": -14, "audience": ["lead"], "repeat_days": None}]
DEFAULT = [(-28, ["lead"], None), (-7, ["lead"], None), (-1, ["lead"], None), (0, ["lead"], None), (1, ["lead"], 7),
           (14, ["manager"], None), (28, ["cabinet_member", "plan_owner"], None)]


def test_every_database_starts_with_the_default_ladder(api, bob):
    ladder = api.get("/v1/ladder", bob).json()
    assert ladder["plan"] is None
    assert [(one["offset_days"], one["audience"], one["repeat_days"]) for one in ladder["stages"]] == DEFAULT


def test_a_plan_follows_the_default_until_it_has_its_own(api, alice, plan):
    path = f"/v1/plans/{plan['slug']}/ladder"
    followed = api.get(path, alice)
    assert followed.json() == api.get("/v1/ladder", alice).json()
    api.put(path, alice, if_match=followed.headers["ETag"], json={"stages": STAGES})
    for name in (plan["id"], plan["slug"]):
        own = api.get(f"/v1/plans/{name}/ladder", alice).json()
        assert (own["plan"], own["stages"]) == (plan["slug"], STAGES)
    assert api.get("/v1/ladder", alice).json() == followed.json()


def test_it_says_304_while_nothing_changed(api, alice, plan):
    for path in ("/v1/ladder", f"/v1/plans/{plan['id']}/ladder"):
        tag = api.get(path, alice).headers["ETag"]
        assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 304


def test_the_tag_of_the_default_is_never_that_of_a_plans_own(api, alice, plan):
    path = f"/v1/plans/{plan['id']}/ladder"
    tag = api.get(path, alice).headers["ETag"]
    api.put(path, alice, if_match=tag, json={"stages": STAGES})
    assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 200


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan):
    key = limited(plan, role="reader")
    assert api.get(f"/v1/plans/{make.plan()['id']}/ladder", key).status_code == 404
    assert api.get(f"/v1/plans/{plan['id']}/ladder", key).status_code == 200
    assert api.get("/v1/ladder", key).status_code == 200
