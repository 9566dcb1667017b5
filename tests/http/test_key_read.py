"""GET /v1/keys/{id}"""


def test_it_shows_what_the_list_shows(api, carol, make):
    made = make.key_for(role="editor")
    answer = api.get(f"/v1/keys/{made['id']}", carol)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"1"')
    token = made.pop("token")
    assert answer.json() == made
    assert token not in answer.text
    listed, = [one for one in api.get("/v1/keys?limit=100", carol).json()["items"] if one["id"] == made["id"]]
    assert listed == made


def test_it_shows_a_revoked_one_too(api, carol, make):
    made = make.key_for()
    api.delete(f"/v1/keys/{made['id']}", carol, if_match="*")
    answer = api.get(f"/v1/keys/{made['id']}", carol, headers={"If-None-Match": '"1"'})
    assert answer.json()["revoked_at"]
    assert api.get(f"/v1/keys/{made['id']}", carol, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_an_unknown_one_is_404(api, carol):
    assert api.get("/v1/keys/999999999", carol).status_code == 404
