"""GET /v1/messages"""
import pytest

STATES = ("queued", "leased", "retry", "uncertain", "sent", "cancelled", "failed")


@pytest.fixture
def ids(api, bob):
    return lambda query: [one["id"] for one in api.get(f"/v1/messages?{query}", bob).json()["items"]]


def test_it_shows_what_waits_and_what_was_sent(api, bob, make, outbox, lead):
    action = make.action(timescale="March 2022")
    deputy = make.lead()
    sent = outbox.message(lead, subject="1 action is due", message_id="<1@x>", to_name="Lisa",
                          to_address="lisa@x.example",
                          via_lead_id=deputy["id"], mime_sha256=b"\1" * 32, attempts=2, uncertain=1,
                          sent_at="2022-03-24T08:30:00Z")
    reminder = outbox.reminder(action, lead, state="sent", message_id=sent)
    one, = api.get(f"/v1/messages?lead={lead['id']}", bob).json()["items"]
    assert one == {"id": sent, "kind": "reminder", "lead": lead["id"], "lead_name": lead["name"], "day": "2022-03-24",
                   "state": "sent", "reason": None, "message_id": "<1@x>", "to_name": "Lisa",
                   "to_address": "lisa@x.example",
                   "via": deputy["id"], "subject": "1 action is due", "sha256": "01" * 32, "attempts": 2,
                   "uncertain": 1,
                   "next_at": None, "last_error": None, "retried_at": None, "provider_id": None, "delivery": None,
                   "delivery_at": None, "reminders": [reminder], "created_at": one["created_at"],
                   "sent_at": "2022-03-24T08:30:00.000Z", "emptied_at": None}


def test_it_finds_by_state(ids, outbox, lead):
    made = {state: outbox.message(lead, day=f"2022-03-{n + 1:02}", state=state) for n, state in enumerate(STATES)}
    for state in STATES:
        assert ids(f"lead={lead['id']}&state={state}") == [made[state]]


def test_only_what_waits_has_a_next_time(api, bob, outbox, lead):
    for n, state in enumerate(STATES):
        outbox.message(lead, day=f"2022-03-{n + 1:02}", state=state)
    waiting = {one["state"] for one in api.get(f"/v1/messages?lead={lead['id']}",
                                               bob).json()["items"] if one["next_at"]}
    assert waiting == {"queued", "retry", "uncertain"}


def test_it_finds_by_day_and_lead(ids, outbox, make):
    one, other = make.lead(), make.lead()
    first, second, third = (outbox.message(one, "2022-05-05"), outbox.message(other, "2022-05-05"),
                            outbox.message(one, "2022-05-06"))
    assert ids("day=2022-05-05") == [first, second]
    assert ids(f"lead={one['id']}") == [first, third]
    assert ids(f"lead={one['id']}&day=2022-05-06") == [third]


def test_it_pages(outbox, lead, pages, bob):
    made = [outbox.message(lead, f"2022-06-{n:02}") for n in range(1, 6)]
    found = pages(f"/v1/messages?lead={lead['id']}", bob, 2)
    assert [[one["id"] for one in page] for page in found] == [made[:2], made[2:4], made[4:]]


def test_a_key_for_some_plans_sees_none(api, outbox, lead, limited, plan):
    outbox.message(lead, "2022-07-07")
    assert api.get("/v1/messages", limited(plan)).json() == {"items": [], "next_cursor": None}
