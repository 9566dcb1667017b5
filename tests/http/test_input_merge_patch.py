"""Merge patches: the cases of RFC 7396 appendix A, as far as actions have fields for them, and what is refused"""
import json

import pytest

DOUBT = {"code": "split_row", "detail": "Joined", "row": 3, "column": "Action"}
OTHER = {"code": "no_lead", "detail": "Nobody", "row": None, "column": None}
TYPES = pytest.mark.parametrize("type_", ["application/merge-patch+json", "application/json"])


@pytest.fixture
def merge(api, alice, make, recommendation):
    """An action with these fields; the patch is sent; the answer and what the action was before."""
    def send(original, patch, type_="application/merge-patch+json"):
        action = make.action(recommendation)
        if original:
            answer = api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", json=original)
            assert answer.status_code == 200, answer.text
            action = answer.json()
        data = patch if isinstance(patch, bytes) else json.dumps(patch).encode()
        return api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", data=data,
                         headers={"Content-Type": type_}), action
    return send


# The cases of the appendix in its order: original, patch, result (of the fields that are named).
APPENDIX_A = {
    "1: a value is replaced": ({"percent": 1}, {"percent": 2}, {"percent": 2}),
    "2: a member is added": ({"percent": 1}, {"rag": "red"}, {"percent": 1, "rag": "red"}),
    "3: null removes": ({"percent": 1}, {"percent": None}, {"percent": None}),
    "4: null removes one of two": ({"percent": 1, "rag": "red"}, {"percent": None}, {"percent": None, "rag": "red"}),
    "7: members of members stay apart": ({"doubts": [DOUBT]}, {"percent": 3}, {"doubts": [DOUBT], "percent": 3}),
    "8: a list is replaced whole": ({"doubts": [DOUBT, OTHER]}, {"doubts": [OTHER]}, {"doubts": [OTHER]}),
    "8: a list is replaced by an empty one": ({"doubts": [DOUBT]}, {"doubts": []}, {"doubts": []}),
    "13: a null in the original stays": ({"rag": None}, {"percent": 1}, {"rag": None, "percent": 1}),
    "nothing changes nothing": ({"percent": 1, "rag": "red"}, {}, {"percent": 1, "rag": "red"}),
    "null for what is not there": ({}, {"rag": None, "percent": None}, {"rag": None, "percent": None}),
}


@TYPES
@pytest.mark.parametrize("case", APPENDIX_A)
def test_the_appendix(merge, case, type_):
    original, patch, result = APPENDIX_A[case]
    answer, before = merge(original, patch, type_)
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert {name: after[name] for name in result} == result
    untouched = set(before) - set(patch) - {"version", "updated_at"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


# Cases whose result no action can be: another type than the field has, or no object.
REFUSED = {
    "5: a list becomes a text": ({"doubts": "c"}, "wrong_type"),
    "6: a text becomes a list": ({"reference": ["b"]}, "wrong_type"),
    "7: a text becomes an object": ({"reference": {"b": "d", "c": None}}, "wrong_type"),
    "8: a list of objects becomes one of numbers": ({"doubts": [1]}, "wrong_type"),
    "15: members of members of nothing": ({"a": {"bb": {"ccc": None}}}, "unknown_field"),
    "null for what must be": ({"description": None}, "not_nullable"),
    "null for the status": ({"status": None}, "not_nullable"),
    "null in a list": ({"doubts": [None]}, "wrong_type"),
    "null inside of a list": ({"doubts": [{"code": None, "detail": "x"}]}, "not_nullable"),
    "a member missing in a list": ({"doubts": [{"code": "x"}]}, "required"),
    "what only the service sets": ({"standing": "done"}, "unknown_field"),
    "the id": ({"id": 1}, "unknown_field"),
    "the version": ({"version": 9}, "unknown_field"),
    "an empty name": ({"": 1}, "unknown_field"),
    "a very long name": ({"x" * 1000: 1}, "unknown_field"),
    "ten thousand entries": ({"doubts": [DOUBT] * 10000}, "wrong_count"),
    "ten thousand numbers": ({"doubts": list(range(10000))}, "wrong_count"),
}


@TYPES
@pytest.mark.parametrize("case", REFUSED)
def test_a_patch_cannot_make_what_cannot_be(merge, api, alice, case, type_):
    patch, code = REFUSED[case]
    answer, before = merge({}, patch, type_)
    assert answer.status_code == 422
    assert code in {one["code"] for one in answer.json()["errors"]}
    assert 1 <= len(answer.json()["errors"]) <= 100
    assert api.get(f"/v1/actions/{before['id']}", alice).json() == before


@TYPES
@pytest.mark.parametrize("patch", [b'["c","d"]', b'["c"]', b"null", b'"bar"', b"7", b"true", b""],
                         ids=["9: a list for a list", "10: a list", "11: null", "12: a text", "a number", "true", "nothing"])
def test_a_patch_is_an_object(merge, api, alice, patch, type_):
    answer, before = merge({}, patch, type_)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert api.get(f"/v1/actions/{before['id']}", alice).json() == before


@pytest.mark.parametrize("body", ['{"title":null}', '{"state":null}', '{"slug":null}', '{"title":{"a":null}}',
                                  '{"owner":{}}', '{"owner":' + json.dumps([1] * 10000) + "}",
                                  json.dumps({f"f{n}": n for n in range(3000)})], ids=lambda body: body[:30])
def test_a_plan_cannot_be_cleared_or_invented(api, alice, plan, body):
    answer = api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", data=body.encode(),
                       headers={"Content-Type": "application/merge-patch+json"})
    assert answer.status_code == 422
    assert 1 <= len(answer.json()["errors"]) <= 100
    assert api.get(f"/v1/plans/{plan['id']}", alice).json() == plan


def test_a_fault_leaves_the_good_fields_alone_too(merge, api, alice):
    answer, before = merge({}, {"percent": 50, "rag": "purple"})
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/rag"]
    assert api.get(f"/v1/actions/{before['id']}", alice).json() == before
