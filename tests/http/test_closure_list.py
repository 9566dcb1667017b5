"""GET /v1/closures"""


def test_it_begins_empty(api, bob):
    answer = api.get("/v1/closures", bob)
    assert (answer.json()["closures"], answer.headers["ETag"]) == ([], '"1"')


def test_a_tag_that_still_holds_is_304(api, bob):
    tag = api.get("/v1/closures", bob).headers["ETag"]
    assert api.get("/v1/closures", bob, headers={"If-None-Match": tag}).status_code == 304


def test_a_key_for_some_plans_sees_them_too(api, limited, plan):
    """They say when its plans' reminders leave."""
    assert api.get("/v1/closures", limited(plan, role="reader")).status_code == 200
