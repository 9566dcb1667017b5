"""Texts: how long, which characters, and that what is taken is kept to the letter"""
import json

import pytest

BODY = {"title": "A plan", "organisation": "A council"}
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"  # one picture, seven code points


def code_points(text):
    return f"{len(text)}-{text[:8]!a}"


@pytest.mark.parametrize("title,code", [
    ("", "too_short"), (" ", "outer_space"), ("   ", "outer_space"), ("a ", "outer_space"), (" a", "outer_space"),
    ("a\nb", "bad_character"), ("a\rb", "bad_character"), ("a\r\nBcc: x", "bad_character"), ("a\tb", "bad_character"),
    ("a\u0007", "bad_character"), ("a\u001b[31m", "bad_character"), ("a\u007f", "bad_character"),
    ("a\u0085b", "bad_character"), ("a\u2028b", "bad_character"), ("a\u2029b", "bad_character"),
    ("a\u202eb", "bad_character"), ("a\u202ab", "bad_character"), ("a\u2066b", "bad_character"),
    ("a\u2069b", "bad_character"), ("a\ufffe", "bad_character"), ("a\uffff", "bad_character"),
    ("ŵ" * 501, "too_long"), ("\U0010ffff" * 501, "too_long"), ("e\u0301" * 251, "too_long"), (FAMILY * 72, "too_long")],
    ids=code_points)
def test_what_is_no_title_is_422(post, changes, title, code):
    answer = post(json.dumps({**BODY, "title": title}))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/title", code)]
    assert changes.new() == []


@pytest.mark.parametrize("title", [
    "ŵ" * 500, "\U0010ffff" * 500, "e\u0301" * 250, "\u00e9" * 500, FAMILY * 71, FAMILY + " Families", "e\u0301", "\u00e9",
    "a\u00a0b", "x\u200dy", "x\u200by", "\u0301", "\ufeffa", "\ufdd0", "\U0001fffe", "0", "null", "true", "[]", "\\", '"',
    "'; DROP TABLE plan; --", "$1", "%s%n", "=1+1", "@SUM(A1)", "<script>alert(1)</script>", "../../etc/passwd", "%00",
    "\\u0000", "{{title}}", "مرحبا", "שלום", "你好", "Llŷn & Môn – “dyfodol”"], ids=code_points)
def test_a_title_is_stored_to_the_letter(post, api, alice, title):
    answer = post(json.dumps({**BODY, "title": title}))
    assert (answer.status_code, answer.json()["title"]) == (201, title)
    assert api.get(answer.headers["Location"], alice).json()["title"] == title
    escaped = post(json.dumps({**BODY, "title": title}, ensure_ascii=False))
    assert escaped.json()["title"] == title


def test_length_is_counted_alike_by_the_document_the_program_and_the_database(contract, post, database):
    """Code points as they were sent: nothing is normalised."""
    schema = contract.operations["POST", "/v1/plans"].body_schema["properties"]["title"]
    for title in ("ŵ" * 500, "e\u0301" * 250, "\U0010ffff" * 500):
        assert contract.schema_faults(schema, title) == []
        assert contract.schema_faults(schema, title + "x") != []
        plan = post(json.dumps({**BODY, "title": title})).json()
        assert post(json.dumps({**BODY, "title": title + "x"})).status_code == 422
        assert database.value("SELECT char_length(title) FROM plan WHERE id = %s", (plan["id"],)) == 500


@pytest.mark.parametrize("text,kept", [
    ("Two\nlines", "Two\nlines"), ("Two\r\nlines", "Two\nlines"), ("Old\rMac", "Old\nMac"), ("Tab\there", "Tab\there"),
    (" kept ", " kept "), ("x" * 20000, "x" * 20000), ("\n\nEnd\n", "\n\nEnd\n"), (FAMILY * 1000, FAMILY * 1000)],
    ids=code_points)
def test_a_longer_text_has_lines(api, alice, recommendation, text, kept):
    answer = api.post(f"/v1/recommendations/{recommendation['id']}/actions", alice, json={"description": text})
    assert (answer.status_code, answer.json()["description"]) == (201, kept)


@pytest.mark.parametrize("text,code", [
    ("", "too_short"), (" \n\t\r\n", "too_short"), ("a\u0000", "malformed_json"), ("a\u0008", "bad_character"),
    ("a\u000b", "bad_character"), ("a\u001b", "bad_character"), ("a\u202e", "bad_character"), ("x" * 20001, "too_long")],
    ids=code_points)
def test_a_longer_text_has_no_other_controls(api, alice, recommendation, text, code):
    answer = api.post(f"/v1/recommendations/{recommendation['id']}/actions", alice, json={"description": text})
    if code == "malformed_json":
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    else:
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/description", code)]
