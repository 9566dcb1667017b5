"""GET /v1/timescales/read"""
import pytest


@pytest.fixture
def read(api, bob):
    def get(text, **settings):
        answer = api.get("/v1/timescales/read", bob, params={"text": text, **settings})
        assert answer.status_code == 200, answer.text
        return answer.json()
    return get


def test_it_reads_what_is_stored_from_the_same_words(read, make, recommendation, api, bob):
    text = "Dec 2021 – March 2022"
    action = make.action(recommendation, timescale=text)
    stored, = api.get(f"/v1/actions/{action['id']}/timescales", bob).json()["items"]
    seen = read(text)
    assert seen == {name: stored[name] for name in seen}
    assert seen["reading"] == "Work from 1 December 2021, due by 31 March 2022"


def test_a_quarter_follows_the_basis(read):
    assert read("Q3 2024")["due_on"] == read("Q3 2024", quarter_basis="financial")["due_on"] == "2024-12-31"
    assert read("Q3 2024", quarter_basis="calendar")["due_on"] == "2024-09-30"
    assert read("Q3 2024")["confidence"] == "assumed"


def test_a_relative_one_has_a_date_when_it_is_told_from_when(read):
    assert read("Within six months")["due_on"] is None
    assert read("Within six months", relative_to="2022-01-31")["due_on"] == "2022-07-31"


def test_anything_has_an_answer(read):
    for text in ("TBC", "??", "x", "🙂" * 300, "a" * 2000, "ŵ" * 600, "31 February 2022", "<b>", "2022" * 100):
        seen = read(text)
        assert seen["text"] == text
        assert seen["confidence"] != "unreadable" or seen["due_on"] is None


def test_a_revoked_key_is_told_nothing(api, make, carol):
    key = make.key_for()
    assert api.get("/v1/timescales/read?text=May+2022", key["token"]).status_code == 200
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*")
    assert api.get("/v1/timescales/read?text=May+2022", key["token"]).status_code == 401
