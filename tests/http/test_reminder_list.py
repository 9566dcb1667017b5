"""GET /v1/reminders"""
import pytest

STATES = ("planned", "dropped", "lapsed", "suppressed", "unroutable", "failed")


@pytest.fixture
def dated(make, recommendation):
    return make.action(recommendation, timescale="December 2021 Review – March 2022")


@pytest.fixture
def ids(api, bob):
    def find(**query):
        answer = api.get("/v1/reminders", bob, params=query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]
    return find


def test_it_shows_who_was_told_what_and_when(api, bob, outbox, dated, lead):
    message = outbox.message(lead)
    number = outbox.reminder(dated, lead, state="sent", message_id=message, deadline=1, offset=8, reason="late",
                             audience="manager")
    one, = api.get(f"/v1/reminders?action={dated['id']}", bob).json()["items"]
    assert one == {"id": number, "plan": dated["plan"], "action": dated["id"], "reference": dated["reference"],
                   "deadline": dated["deadlines"][1]["id"], "label": "Review", "due_on": "2022-03-31",
                   "silent_since": None, "lead": lead["id"],
                   "lead_name": lead["name"], "audience": "manager", "stage": "+8", "offset_days": 8,
                   "stage_day": "2022-03-24",
                   "day": "2022-03-24", "state": "sent", "reason": "late", "message": message,
                   "created_at": one["created_at"],
                   "updated_at": one["updated_at"]}


@pytest.mark.parametrize("offset,stage", [(-28, "-28"), (0, "0"), (1, "+1"), (1002, "+1002")])
def test_a_stage_is_its_offset_with_a_sign(api, bob, outbox, dated, lead, offset, stage):
    outbox.reminder(dated, lead, offset=offset)
    assert [one["stage"] for one in api.get(f"/v1/reminders?action={dated['id']}", bob).json()["items"]] == [stage]


def test_it_finds_by_state(ids, outbox, dated, lead):
    made = {state: outbox.reminder(dated, lead, state=state, offset=n) for n, state in enumerate(STATES)}
    for state in STATES:
        assert ids(lead=lead["id"], state=state) == [made[state]]
    assert ids(lead=lead["id"], state="sent") == []


def test_it_finds_by_plan_action_lead_and_day(ids, outbox, make, plan, dated):
    one, other = make.lead(), make.lead()
    elsewhere = make.action(timescale="March 2022")
    a, b, c = outbox.reminder(dated, one), outbox.reminder(dated, other, day="2022-03-25"), outbox.reminder(elsewhere,
        one)
    assert ids(plan=plan["id"]) == ids(plan=plan["slug"]) == ids(action=dated["id"]) == [a, b]
    assert ids(lead=one["id"]) == [a, c]
    assert ids(plan=plan["id"], day="2022-03-25") == [b]
    assert ids(plan="no-such-plan") == ids(action=999999) == []


def test_it_pages(outbox, dated, lead, pages, bob):
    made = [outbox.reminder(dated, lead, offset=n) for n in range(5)]
    found = pages(f"/v1/reminders?lead={lead['id']}", bob, 2)
    assert [[one["id"] for one in page] for page in found] == [made[:2], made[2:4], made[4:]]


def test_a_key_for_some_plans_sees_theirs(api, outbox, make, limited, plan, dated, lead):
    mine = outbox.reminder(dated, lead)
    outbox.reminder(make.action(timescale="March 2022"), lead)
    assert [one["id"] for one in api.get("/v1/reminders", limited(plan, role="reader")).json()["items"]] == [mine]
