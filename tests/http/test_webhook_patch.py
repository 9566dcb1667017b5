"""PATCH /v1/webhooks/{id}"""
import pytest


@pytest.fixture
def patch(api, carol):
    def send(webhook, if_match="*", **body):
        return api.patch(f"/v1/webhooks/{webhook['id']}", carol, if_match=if_match, json=body)
    return send


def test_it_changes_what_is_named(make, patch, plan, changes):
    made = make.webhook(events=["plan.created"])
    changes.new()
    answer = patch(made, '"1"', url="https://other.example.org/x?sig=1", plans=[plan["id"]], description="Other")
    assert answer.status_code == 200 and answer.headers["ETag"] == '"2"'
    made.pop("secret")
    assert answer.json() == {**made, "url": "https://other.example.org/x?sig=1", "plans": [plan["id"]],
                             "description": "Other", "version": 2, "updated_at": answer.json()["updated_at"]}
    row, = changes.expect(("updated", "webhook"), actor="carol")
    assert (row["before"]["url"], row["after"]["url"]) == ("https://hooks.example.org", "https://other.example.org")
    assert patch(made, '"1"', state="paused").status_code == 412


def test_null_asks_for_everything(make, patch, plan):
    made = make.webhook(events=["plan.created"], plans=[plan["id"]], description="x")
    now = patch(made, events=None, plans=None, description=None).json()
    assert (now["events"], now["plans"], now["description"]) == (None, None, None)


def test_what_is_not_named_stays(make, patch, plan):
    made = make.webhook(events=["plan.created"], plans=[plan["id"]], description="x")
    now = patch(made, state="paused").json()
    assert (now["events"], now["plans"], now["description"], now["state"]) == (
        ["plan.created"], [plan["id"]], "x", "paused")


def test_another_owner_or_none(make, patch, changes):
    made = make.webhook()
    lead = make.lead()
    changes.new()
    assert patch(made, owner=lead["id"]).json()["owner"] == lead["id"]
    row, = changes.expect(("updated", "webhook"), actor="carol")
    assert (row["before"]["owner_id"], row["after"]["owner_id"]) == (None, lead["id"])
    assert patch(made, description="x").json()["owner"] == lead["id"]
    assert patch(made, owner=None).json()["owner"] is None
    refused = patch(made, owner=999999)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_lead")


def test_a_disabled_one_is_turned_on_again(make, patch, api, carol, database):
    made = make.webhook()
    queued = api.post(f"/v1/webhooks/{made['id']}/test", carol).json()
    database.execute("UPDATE webhook SET state = 'disabled', reason = 'gone' WHERE id = %s", (made["id"],))
    database.execute("UPDATE webhook_health SET first_failure_at = now(), rests_until = now() + interval '1 day'"
                     " WHERE webhook_id = %s", (made["id"],))
    database.execute("UPDATE delivery SET state = 'retry', next_at = now() + interval '1 day' WHERE id = %s", (queued["id"],))
    kept = patch(made, description="still off").json()
    assert (kept["state"], kept["reason"]) == ("disabled", "gone")
    now = patch(made, state="active").json()
    assert (now["state"], now["reason"], now["first_failure_at"]) == ("active", None, None)
    assert database.value("SELECT rests_until FROM webhook_health WHERE webhook_id = %s", (made["id"],)) is None
    assert database.value("SELECT next_at <= now() FROM delivery WHERE id = %s", (queued["id"],))


@pytest.mark.parametrize("body,pointer,code", [
    ({"url": "https://10.0.0.1/"}, "/url", "bad_destination"), ({"url": "http://example.org/"}, "/url", "bad_destination"),
    ({"state": "disabled"}, "/state", "unknown_value"), ({"plans": [999999]}, "/plans", "unknown_plan")])
def test_it_refuses_what_a_webhook_cannot_have(make, patch, body, pointer, code):
    answer = patch(make.webhook(), **body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
