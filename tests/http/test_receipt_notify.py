"""POST /v1/receipts/notify"""
import uuid
from types import SimpleNamespace

import pytest

from support.api import RECEIPT_TOKEN

REQUEST = (b'{"email_address":"a@b.example","template_id":"217a419e-6a7d-482a-9596-718b889dffce",'
           b'"personalisation":{"subject":"Due","body":"Dear A"},"reference":"gt-12"}')
UNKNOWN = "8e222534-7f05-4972-86e3-17c5d9f894e2"


@pytest.fixture
def names():
    """Notify's id and our reference, of this test alone."""
    one = str(uuid.uuid4())
    return SimpleNamespace(id=one, reference=f"gt-12.2022-03-24.{one[:8]}")


@pytest.fixture
def message(outbox, lead, names):
    """Sent by GOV.UK Notify."""
    return outbox.message(lead, mime=REQUEST, message_id=names.reference, provider_id=names.id)


@pytest.fixture
def tell(api, names):
    def post(status="delivered", token=RECEIPT_TOKEN, **members):
        return api.post("/v1/receipts/notify", token, json={
            "id": names.id, "reference": names.reference, "to": "head.of.roads@example.org", "status": status,
            "created_at": "2022-03-24T08:30:01.000000Z", "completed_at": "2022-03-24T08:30:04.000000Z",
            "sent_at": "2022-03-24T08:30:02.000000Z", "notification_type": "email",
            "template_id": "217a419e-6a7d-482a-9596-718b889dffce", "template_version": 1, **members})
    return post


@pytest.fixture
def became(api, bob, message):
    def read():
        one = api.get(f"/v1/messages/{message}", bob).json()
        return one["delivery"], one["delivery_at"]
    return read


@pytest.mark.parametrize("status", ["created", "sending", "delivered", "temporary-failure", "technical-failure"])
def test_what_became_of_it(tell, became, status):
    assert became() == (None, None)
    answer = tell(status)
    assert (answer.status_code, answer.content) == (204, b"")
    assert became() == (status.replace("-", "_"), "2022-03-24T08:30:04.000Z")


def test_the_same_again_changes_nothing(tell, became, database, message):
    tell()
    before = database.rows("SELECT xmin::text, * FROM message WHERE id = %s", (message,))
    assert tell().status_code == 204
    assert database.rows("SELECT xmin::text, * FROM message WHERE id = %s", (message,)) == before


def test_what_is_final_is_not_taken_back(tell, became):
    """A receipt that comes late, after its successor."""
    tell("delivered")
    assert tell("sending", completed_at=None).status_code == 204
    assert became()[0] == "delivered"
    tell("technical-failure")
    assert became()[0] == "technical_failure"


def test_before_its_id_was_recorded_it_is_known_by_its_reference(tell, became, database, message, names):
    """Notify was faster than our own record of its answer."""
    database.rows("UPDATE message SET provider_id = NULL WHERE id = %s RETURNING id", (message,))
    tell()
    assert became()[0] == "delivered"
    assert database.value("SELECT provider_id FROM message WHERE id = %s", (message,)) == names.id


def test_a_message_of_somebody_else(tell, became):
    """Two systems may share a service of Notify; it would go on sending what is refused."""
    assert tell(id=UNKNOWN, reference="theirs").status_code == 204
    assert became() == (None, None)


def test_an_email_of_our_own_is_never_meant(tell, api, bob, outbox, lead, names):
    number = outbox.message(lead, message_id=names.reference)
    tell()
    assert api.get(f"/v1/messages/{number}", bob).json()["delivery"] is None


def test_without_a_time_it_is_now(tell, became):
    tell("sending", completed_at=None)
    assert became()[0] == "sending" and became()[1] > "2026"


def test_members_that_are_new_are_no_fault(tell, became):
    assert tell(another={"new": ["thing"]}).status_code == 204


def test_an_address_that_is_nobodys(api, bob, tell, make, outbox, names):
    """It is kept in mind, and the message is written anew for whoever is next."""
    lead, action = make.lead(email=f"{names.id}@example.org"), make.action(timescale="March 2090")
    number = outbox.message(lead, mime=REQUEST, message_id=names.reference, provider_id=names.id, to_address=lead["email"])
    reminder = outbox.reminder(action, lead, state="sent", message_id=number)
    for _ in range(2):
        assert tell("permanent-failure").status_code == 204
    assert api.get(f"/v1/leads/{lead['id']}", bob).json()["undeliverable_since"]
    one = api.get(f"/v1/messages/{number}", bob).json()
    assert (one["state"], one["request"], one["delivery"], one["last_error"]) == \
        ("queued", None, None, "GOV.UK Notify: permanent failure")
    [shown] = [it for it in api.get(f"/v1/reminders?lead={lead['id']}", bob).json()["items"] if it["id"] == reminder]
    assert shown["state"] == "planned"


@pytest.mark.parametrize("token", [None, "", "x", RECEIPT_TOKEN[:-1], RECEIPT_TOKEN + "0", RECEIPT_TOKEN.upper()])
def test_another_token_is_401(tell, became, token):
    answer = tell(token=token)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert became() == (None, None)


def test_a_key_of_the_api_is_no_such_token(tell, carol, became):
    assert tell(token=carol.token).status_code == 401


def test_the_token_opens_nothing_else(api):
    assert api.get("/v1/plans", RECEIPT_TOKEN).status_code == 401


def test_without_the_setting_nobody_is_let_in(start_api):
    one = start_api(GT_NOTIFY_RECEIPT_TOKEN=None)
    for token in (None, "", RECEIPT_TOKEN):
        assert one.post("/v1/receipts/notify", token, json={"id": UNKNOWN, "status": "delivered"}).status_code == 401


@pytest.mark.parametrize("members, pointer, code", [
    ({"id": None}, "/id", "required"), ({"id": 7}, "/id", "wrong_type"), ({"id": ""}, "/id", "too_short"),
    ({"status": "read"}, "/status", "unknown_value"), ({"status": ["delivered"]}, "/status", "wrong_type"),
    ({"completed_at": "yesterday"}, "/completed_at", "bad_instant"), ({"reference": {}}, "/reference", "wrong_type")])
def test_what_notify_would_never_say_is_422(tell, became, members, pointer, code):
    answer = tell(**members)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert became() == (None, None)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b'"delivered"'])
def test_what_is_no_object_is_400(api, data):
    answer = api.post("/v1/receipts/notify", RECEIPT_TOKEN, data=data, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


def test_an_idempotency_key_is_of_no_account(api, names, message):
    for status in ("sending", "delivered"):
        assert api.post("/v1/receipts/notify", RECEIPT_TOKEN, json={"id": names.id, "status": status},
                        headers={"Idempotency-Key": "once"}).status_code == 204
