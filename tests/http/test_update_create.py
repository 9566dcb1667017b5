"""POST /v1/actions/{id}/updates"""
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture
def report(api, alice, action):
    def post(key=alice, **body):
        return api.post(f"/v1/actions/{action['id']}/updates", key, json=body)
    return post


@pytest.fixture
def read(api, alice, action):
    return lambda: api.get(f"/v1/actions/{action['id']}", alice).json()


def test_it_adds_an_entry_of_the_caller(report, action):
    answer = report(note="The brochure is with the printers\nuntil Friday")
    assert answer.status_code == 201
    entry = answer.json()
    assert entry == {"id": entry["id"], "action": action["id"],
                     "note": "The brochure is with the printers\nuntil Friday",
                     "status": None, "rag": None, "percent": None, "evidence": None, "author": "alice", "lead": None,
                     "created_at": entry["created_at"]}
    assert answer.headers["Location"] == f"/v1/actions/{action['id']}/updates"
    assert "ETag" not in answer.headers


def test_what_it_says_becomes_the_actions_own(report, read):
    report(status="in_progress", rag="amber", percent=80, evidence="https://council.example/minutes#5")
    assert [read()[name] for name in ("status", "rag", "percent", "version")] == ["in_progress", "amber", 80, 2]
    report(note="Nothing new")
    assert [read()[name] for name in ("status", "rag", "percent", "version")] == ["in_progress", "amber", 80, 3]
    report(percent=0, rag="blue")
    assert [read()[name] for name in ("status", "rag", "percent")] == ["in_progress", "blue", 0]


def test_completing_and_opening_again_moves_the_day_of_completion(report, read):
    before = datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    report(status="complete")
    done = read()["completed_on"]
    assert done in (before, datetime.now(ZoneInfo("Europe/London")).date().isoformat())
    report(note="Still complete")
    assert read()["completed_on"] == done
    report(status="in_progress")
    assert read()["completed_on"] is None


def test_it_names_who_wrote_it_and_for_which_lead(report, lead):
    entry = report(note="x", author="Lisa Harris", lead=lead["id"]).json()
    assert (entry["author"], entry["lead"]) == ("Lisa Harris", lead["id"])


@pytest.mark.parametrize("body,pointer,code", [
    ({}, "/note", "invalid"), ({"author": "Lisa Harris"}, "/note", "invalid"),
    ({"note": "x", "lead": 999999}, "/lead", "unknown_lead"),
    ({"note": " \n"}, "/note", "too_short"), ({"note": None}, "/note", "not_nullable"),
    ({"percent": 101}, "/percent", "out_of_range"),
    ({"evidence": "council.example"}, "/evidence", "bad_url"), ({"rag": "grey"}, "/rag", "unknown_value"),
    ({"note": "x", "created_at": "2022-01-01T00:00:00Z"}, "/created_at", "unknown_field")])
def test_it_refuses_what_says_nothing_or_cannot_be(report, read, action, body, pointer, code):
    answer = report(**body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert read() == action


def test_outside_the_keys_plans_there_is_none(report, make, limited):
    assert report(limited(make.plan()), note="x").status_code == 404


def test_the_same_entry_twice_is_two_entries(report, api, alice, action):
    report(note="Again")
    report(note="Again")
    assert len(api.get(f"/v1/actions/{action['id']}/updates", alice).json()["items"]) == 2


def test_it_is_on_record(report, action, changes):
    report(note="x", percent=5)
    rows = changes.expect(("created", "update"), ("updated", "action"), actor="alice")
    changed, = [row for row in rows if row["resource"] == "action"]
    assert (changed["before"]["percent"], changed["after"]["percent"]) == (None, 5)
