"""POST /v1/messages/{id}/retry"""
import pytest

MIME = b"Subject: Overdue\r\n\r\nDear Lisa\r\n"


@pytest.fixture
def failed(outbox, lead):
    """A message that was given up after 36 tries, in that state."""
    def make(state="failed", day="2022-03-24", **columns):
        return outbox.message(lead, day, state, **{"mime": MIME, "message_id": f"<{lead['id']}.{day}@x>", "attempts": 36,
                                                   "to_address": "lisa@x.example", **columns})
    return make


def test_the_same_bytes_wait_to_be_sent_again(api, alice, database, failed):
    number = failed(reason="450 later", last_error="450 later")
    answer = api.post(f"/v1/messages/{number}/retry", alice)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["state"], told["reason"], told["attempts"], told["last_error"]) == ("queued", None, 36, "450 later")
    assert told["retried_at"] == told["next_at"]
    read = api.get(f"/v1/messages/{number}", alice).json()
    assert (read["mime"].encode(), read["to_address"]) == (MIME, "lisa@x.example")
    assert database.value("SELECT retried_after FROM message WHERE id = %s", (number,)) == 36


def test_its_reminders_are_planned_again(api, alice, make, outbox, failed, lead, database):
    action = make.action(timescale="December 2021 Review – March 2022")
    number = failed()
    lost = outbox.reminder(action, lead, state="failed", message_id=number, reason="450 later")
    dropped = outbox.reminder(action, lead, state="dropped", message_id=number, reason="closed", deadline=1)
    assert api.post(f"/v1/messages/{number}/retry", alice).status_code == 202
    states = {row["id"]: (row["state"], row["reason"]) for row in database.rows("SELECT id, state, reason FROM reminder")}
    assert states[lost] == ("planned", None)
    assert states[dropped] == ("dropped", "closed")


@pytest.mark.parametrize("state", ["retry", "uncertain"])
def test_what_waits_for_its_next_try_goes_at_once(api, alice, failed, state):
    number = failed(state, next_at="2099-01-01T00:00:00Z", uncertain=1)
    told = api.post(f"/v1/messages/{number}/retry", alice).json()
    assert (told["state"], told["uncertain"]) == ("queued", 1)
    assert told["next_at"] < "2099"


@pytest.mark.parametrize("state,why", [("queued", "waits"), ("leased", "being sent"), ("sent", "It was sent"),
                                       ("cancelled", "cancelled")])
def test_other_states_allow_it_not(api, alice, failed, state, why):
    answer = api.post(f"/v1/messages/{failed(state)}/retry", alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")
    assert why in answer.json()["detail"]


def test_what_was_never_written_cannot_be_repeated(api, alice, failed):
    answer = api.post(f"/v1/messages/{failed(mime=None)}/retry", alice)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_retryable")


def test_twice_is_once(api, alice, failed):
    number = failed()
    assert [api.post(f"/v1/messages/{number}/retry", alice).status_code for _ in range(2)] == [202, 409]


def test_a_key_for_some_plans_may_not(api, failed, limited, plan):
    assert api.post(f"/v1/messages/{failed()}/retry", limited(plan)).status_code == 403


def test_it_is_on_record_without_the_text(api, alice, failed, changes):
    number = failed()
    changes.new()
    api.post(f"/v1/messages/{number}/retry", alice, headers={"X-Request-Id": "retry-1"})
    row, = changes.expect(("updated", "message"), actor="alice", request_id="retry-1")
    assert (row["resource_id"], row["before"]["state"], row["after"]["state"]) == (number, "failed", "queued")
    assert "mime" not in row["before"] and "mime" not in row["after"]
