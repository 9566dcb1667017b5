"""POST /v1/recommendations/{id}/actions"""
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture
def create(api, alice, recommendation):
    def post(key=alice, **body):
        return api.post(f"/v1/recommendations/{recommendation['id']}/actions", key,
                        json={"description": "Refresh the inward investment brochure", **body})
    return post


def test_it_adds_an_action_with_nothing_but_words(create, api, alice, plan, recommendation):
    answer = create()
    assert answer.status_code == 201
    made = answer.json()
    assert made == {"id": made["id"], "plan": plan["slug"], "plan_id": plan["id"],
                    "recommendation": recommendation["id"],
                    "recommendation_number": recommendation["number"], "reference": f"{recommendation['number']}.1",
                    "description": "Refresh the inward investment brochure", "status": "not_started", "rag": None,
                    "percent": None, "standing": "unscheduled", "completed_on": None, "timescale": None,
                    "deadlines": [],
                    "leads": [], "doubts": [], "version": 1, "created_at": made["created_at"],
                    "updated_at": made["created_at"]}
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', f"/v1/actions/{made['id']}")
    assert api.get(answer.headers["Location"], alice).json() == made


def test_it_reads_the_timescale_as_published(create):
    made = create(timescale="Dec 2021 – March 2022").json()
    assert made["standing"] == "overdue"
    assert [(one["label"], one["due_on"], one["done_on"]) for one in made["deadlines"]] == [(None, "2022-03-31", None)]
    timescale = made["timescale"]
    assert {name: timescale[name] for name in ("text", "kind", "precision", "starts_on", "due_on", "confidence",
                                               "revision",
                                               "slips", "continues")} == {
        "text": "Dec 2021 – March 2022", "kind": "range", "precision": "month", "starts_on": "2021-12-01",
        "due_on": "2022-03-31", "confidence": "certain", "revision": 1, "slips": 0, "continues": False}


def test_a_milestone_is_a_deadline_of_its_own(create):
    made = create(timescale="December 2021 Review – March 2022").json()
    assert [(one["label"], one["due_on"]) for one in made["deadlines"]] == [(None, "2021-12-31"),
        ("Review", "2022-03-31")]


def test_what_cannot_be_read_has_no_date(create):
    made = create(timescale="TBC").json()
    assert (made["timescale"]["confidence"], made["timescale"]["due_on"], made["deadlines"]) == ("unreadable", None, [])
    assert made["standing"] == "unscheduled"


def test_it_assigns_leads_in_the_order_given(create, make):
    first, second, third = make.lead(), make.lead(kind="cabinet_member"), make.lead()
    made = create(leads=[{"lead": third["id"]}, {"lead": first["id"], "role": "support"},
                         {"lead": second["id"], "role": "cabinet_member"},
                         {"lead": third["id"], "role": "consulted"}]).json()
    assert made["leads"] == [
        {"id": third["id"], "name": third["name"], "kind": "officer", "role": "lead"},
        {"id": first["id"], "name": first["name"], "kind": "officer", "role": "support"},
        {"id": second["id"], "name": second["name"], "kind": "cabinet_member", "role": "cabinet_member"}]


def test_an_unknown_lead_is_named_by_its_place(create, lead, changes):
    answer = create(leads=[{"lead": lead["id"]}, {"lead": 999999}])
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/leads/1/lead", "unknown_lead")]
    assert changes.new() == []


def test_faults_inside_a_list_are_named_by_their_place(create):
    answer = create(leads=[{"lead": "1"}, {}, {"lead": 1, "role": "boss", "since": "2021"}, 5])
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/leads/0/lead", "wrong_type"), ("/leads/1/lead", "required"), ("/leads/2/role", "unknown_value"),
        ("/leads/2/since", "unknown_field"), ("/leads/3", "wrong_type")}
    assert create(leads=[{"lead": 1}] * 51).json()["errors"][0]["code"] == "wrong_count"


def test_it_numbers_on_and_passes_over_references_that_are_taken(create, recommendation):
    number = recommendation["number"]
    create(reference=f"{number}.2")
    assert [create().json()["reference"] for _ in range(2)] == [f"{number}.3", f"{number}.4"]


def test_a_reference_comes_once_in_a_plan(create, make, api, alice, plan):
    create(reference="A1")
    answer = create(reference="A1")
    assert (answer.status_code, answer.json()["code"]) == (409, "reference_taken")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/reference"]
    another = make.recommendation(plan)
    assert api.post(f"/v1/recommendations/{another['id']}/actions", alice,
                    json={"reference": "A1", "description": "x"}).status_code == 409
    assert make.action(reference="A1")["reference"] == "A1"


def test_one_that_is_complete_was_completed_today(create):
    today = datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    made = create(status="complete", rag="blue", percent=100).json()
    assert made["completed_on"] in (today, datetime.now(ZoneInfo("Europe/London")).date().isoformat())
    assert (made["standing"], made["rag"], made["percent"]) == ("done", "blue", 100)


@pytest.mark.parametrize("status", ["on_hold", "cancelled", "transferred"])
def test_one_that_is_not_chased_is_exempt(create, status):
    made = create(status=status, timescale="March 2022").json()
    assert (made["standing"], made["completed_on"]) == ("exempt", None)


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan, recommendation):
    other = make.recommendation()
    assert api.post(f"/v1/recommendations/{other['id']}/actions", limited(plan),
                    json={"description": "x"}).status_code == 404
    assert api.post(f"/v1/recommendations/{recommendation['id']}/actions", limited(plan),
                    json={"description": "x"}).status_code == 201


def test_all_of_it_is_on_record(create, make, changes):
    leads = [{"lead": make.lead()["id"]}, {"lead": make.lead()["id"]}]
    changes.new()
    made = create(timescale="December 2021 Review – March 2022", leads=leads).json()
    rows = changes.expect(("created", "action"), ("created", "timescale"), ("created", "deadline"),
                          ("created", "deadline"),
                          ("created", "assignment"), ("created", "assignment"), actor="alice")
    assert len({row["transaction"] for row in rows}) == len({row["request_id"] for row in rows}) == 1
    assert {row["resource_id"] for row in rows if row["resource"] in ("action", "assignment")} == {made["id"]}
