"""POST /v1/actions/{id}/timescales"""
import pytest

BODY = {"text": "End of September 2022", "reason": "The supplier needs\nthree months more"}


@pytest.fixture
def dated(make, recommendation):
    return make.action(recommendation, timescale="Dec 2021 – March 2022")


@pytest.fixture
def revise(api, alice, dated):
    def post(key=alice, **body):
        return api.post(f"/v1/actions/{dated['id']}/timescales", key, json={**BODY, **body})
    return post


@pytest.fixture
def history(api, alice, dated):
    return lambda: api.get(f"/v1/actions/{dated['id']}/timescales", alice).json()["items"]


def test_the_new_words_are_in_force_and_the_action_comes_back(revise, api, alice, dated):
    answer = revise(agreed_by="Cabinet", agreed_on="2022-03-24")
    assert (answer.status_code, answer.headers["ETag"]) == (201, '"2"')
    assert answer.headers["Location"] == f"/v1/actions/{dated['id']}"
    action = answer.json()
    assert action == api.get(answer.headers["Location"], alice).json()
    assert [(one["due_on"], one["done_on"]) for one in action["deadlines"]] == [("2022-09-30", None)]
    assert (action["timescale"]["text"], action["timescale"]["revision"], action["timescale"]["slips"]) == \
        ("End of September 2022", 2, 1)


def test_the_published_words_stay_as_they_were(revise, history):
    published, = history()
    revise(agreed_by="Cabinet", agreed_on="2022-03-24")
    first, second = history()
    assert first == {**published, "current": False}
    assert (first["text"], first["revision"], first["reason"]) == ("Dec 2021 – March 2022", 1, None)
    assert {name: second[name] for name in ("text", "revision", "current", "reason", "agreed_by", "agreed_on")} == {
        **BODY, "revision": 2, "current": True, "agreed_by": "Cabinet", "agreed_on": "2022-03-24"}


def test_only_a_later_due_date_is_a_slip(revise, history):
    for text in ("June 2022", "May 2022", "July 2022", "July 2022", "TBC", "September 2022"):
        revise(text=text)
    # A date that was lost for a while cannot be compared: coming back is no slip.
    assert [one["slips"] for one in history()] == [0, 1, 1, 2, 2, 2, 2]
    assert [one["current"] for one in history()] == [False] * 6 + [True]


def test_new_deadlines_are_open_rows_of_their_own(revise, dated, database):
    old = dated["deadlines"][0]["id"]
    new = revise().json()["deadlines"][0]["id"]
    assert new != old
    rows = {row["id"]: row["in_force"] for row in
            database.rows("SELECT id, in_force FROM deadline WHERE action_id = %s", (dated["id"],))}
    assert rows == {old: False, new: True}


def test_a_milestone_that_was_met_stays_met(api, alice, make, recommendation):
    action = make.action(recommendation, timescale="December 2021 Review – March 2022")
    api.patch(f"/v1/actions/{action['id']}/deadlines/{action['deadlines'][0]['id']}", alice, if_match="*",
              json={"done_on": "2021-12-20"})
    revised = api.post(f"/v1/actions/{action['id']}/timescales", alice,
                       json={"text": "December 2021 Review – June 2022", "reason": "Later"}).json()
    due = {one["due_on"]: one["done_on"] for one in revised["deadlines"]}
    assert due["2021-12-31"] == "2021-12-20"
    assert [done for day, done in due.items() if day != "2021-12-31"] == [None]


def test_words_without_a_date_are_taken_and_marked(revise):
    action = revise(text="To be renegotiated").json()
    assert (action["timescale"]["confidence"], action["timescale"]["due_on"], action["deadlines"]) == ("unreadable",
        None, [])
    assert action["standing"] == "unscheduled"


def test_an_action_that_had_none_gets_its_first(api, alice, action):
    timescale = api.post(f"/v1/actions/{action['id']}/timescales", alice, json=BODY).json()["timescale"]
    assert (timescale["revision"], timescale["slips"], timescale["due_on"]) == (1, 0, "2022-09-30")


@pytest.mark.parametrize("field,value", [("text", ""), ("text", " June"), ("text", "a\nb"), ("text", "x" * 2001),
                                         ("reason", ""),
                                         ("reason", " \n"), ("agreed_on", "2022-02-30"), ("agreed_by", "x" * 201)])
def test_it_refuses_what_cannot_be_kept(revise, history, field, value):
    answer = revise(**{field: value})
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == [f"/{field}"]
    assert len(history()) == 1


def test_outside_the_keys_plans_there_is_none(revise, make, limited):
    assert revise(limited(make.plan())).status_code == 404


def test_it_is_on_record(revise, dated, changes):
    changes.new()
    revise()
    rows = changes.expect(("updated", "timescale"), ("updated", "deadline"), ("created", "timescale"),
                          ("created", "deadline"),
                          ("updated", "action"), actor="alice")
    assert len({row["transaction"] for row in rows}) == 1
