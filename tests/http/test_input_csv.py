"""Hostile tables over HTTP: a clear refusal with the place, and nothing written; text that a spreadsheet would run is kept
to the letter and leaves harmless. What a file can do to memory and time is in tests/import."""
import csv
import io

import pytest

HEAD = "Recommendation,Action,Lead,Timescale\n"
GOOD = "1. Grow the skills,Map the courses,Clerk,March 2090\n"
KIB = 1024
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1+1", "=HYPERLINK(\"http://x\")", "'=1+1", "''x"]


@pytest.fixture
def send(api, alice):
    def post(data, query="title=T&organisation=O", type_="text/csv"):
        data = data if isinstance(data, bytes) else data.encode()
        return api.post(f"/v1/imports?{query}", alice, data=data, headers={"Content-Type": type_}, timeout=120)
    return post


def table(*rows):
    out = io.StringIO()
    csv.writer(out).writerows([["Recommendation", "Action", "Lead", "Timescale"], *rows])
    return out.getvalue()


REFUSED = {
    "nothing": (b"", "empty_file"),
    "only space": (b" \n\n ", "empty_file"),
    "only headings": (HEAD.encode(), "no_rows"),
    "no headings": (b"a,b,c,d\n1,2,3,4\n", "no_heading"),
    "a quote without end": ((HEAD + '1,"Do it,Clerk,March 2090\n' + GOOD * 20).encode(), "quote_open"),
    "a NUL": ((HEAD + GOOD).encode() + b"2,\0,x,y\n", "not_text"),
    "UTF-16": ((HEAD + GOOD).encode("utf-16"), "not_utf8"),
    "a cell of 600 KiB": ((HEAD + "1," + "x" * (600 * KIB) + ",Clerk,March 2090\n").encode(), None),
    "a row of 2,000 cells": ((HEAD + "x," * 2000 + "\n").encode(), "too_many_cells"),
    "10,100 rows": ((HEAD + GOOD * 10100).encode(), "too_many_rows"),
    "one bad row among good ones": (table(["1", "A", "Clerk", "May 2090"], ["2. " + "B" * 30000, "Do", "Clerk", "May 2090"])
                                    .encode(), "text_too_long"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, None),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "unknown_form"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_cannot_be_one_is_422_and_nothing_is_written(send, changes, name):
    data, code = REFUSED[name]
    answer = send(data)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_import")
    assert answer.json()["errors"] and (code is None or code in {one["code"] for one in answer.json()["errors"]})
    assert len(answer.json()["errors"]) <= 100
    assert changes.new() == []


def test_a_file_of_more_than_16_mib_is_413(send, changes):
    assert send(b"x" * (16 * KIB * KIB + 1)).status_code == 413
    assert changes.new() == []


def test_mixed_encodings_are_read_and_doubted(send):
    data = (HEAD + "1. Grow,Map – ŵ,Clerk,March 2090\n").encode() + "2. Pay,Raise £5,Clerk,March 2090\n".encode("cp1252")
    answer = send(data, "title=T&organisation=O&dry_run=true")
    assert answer.status_code == 200
    assert "not_utf8" in answer.text


def test_formulas_are_kept_to_the_letter_and_leave_with_an_apostrophe(send, api, alice):
    made = send(table(*[[f"{n}. Say", text, "Clerk", "March 2090"] for n, text in enumerate(FORMULAS, 1)]))
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    plan = api.get(path, alice).json()
    stored = [one["description"] for one in api.get(f"/v1/actions?plan={plan['slug']}", alice).json()["items"]]
    assert stored == [text.strip() for text in FORMULAS]
    exported = api.get(f"{path}/export.csv", alice).text
    for row in csv.reader(io.StringIO(exported)):
        assert not [cell for cell in row if cell[:1] in "=+-@\t\r" and cell]
    again = send(exported, "title=Again&organisation=O&slug=again")
    assert again.status_code == 201, again.text
    stored_again = [one["description"] for one in api.get("/v1/actions?plan=again", alice).json()["items"]]
    assert stored_again == stored


@pytest.mark.parametrize("query", ["", "dry_run=maybe", "title=%0a&organisation=O", "plan=no-such-plan", "title=T",
                                   "title=T&organisation=O&slug=A", "title=T&organisation=O&plan=1&plan=2",
                                   "title=T&organisation=O&source_url=javascript:alert(1)"])
def test_parameters_that_cannot_be_write_nothing(send, changes, query):
    answer = send(HEAD + GOOD, query)
    assert answer.status_code in (400, 404, 422)
    assert changes.new() == []
