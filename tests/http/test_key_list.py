"""GET /v1/keys"""


def test_it_shows_every_key_without_its_token(api, carol, make):
    made = make.key_for("intranet")
    del made["token"]
    assert [one for one in api.get("/v1/keys?limit=100", carol).json()["items"] if one["id"] == made["id"]] == [made]


def test_it_says_when_a_key_was_last_used(api, carol, make):
    made = make.key_for()
    api.get("/v1/plans", made["token"])
    listed, = [one for one in api.get("/v1/keys?limit=100", carol).json()["items"] if one["id"] == made["id"]]
    assert listed["last_used_at"] >= made["created_at"]
    assert listed["version"] == 1


def test_it_pages_while_keys_are_added(api, carol, make, pages):
    for _ in range(4):
        make.key_for()
    before = [one["id"] for one in api.get("/v1/keys?limit=100", carol).json()["items"]]
    found = [one["id"] for page in pages("/v1/keys", carol, 3, between=make.key_for) for one in page]
    assert found == sorted(set(found))
    assert found[:len(before)] == before


def test_readers_and_editors_see_none(api, alice, bob):
    for person in (alice, bob):
        assert api.get("/v1/keys", person).status_code == 403
