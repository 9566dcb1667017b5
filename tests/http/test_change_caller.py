"""Every write is recorded under who made it: the key's name, the key and the call, whatever the route."""
import json

import pytest

import contract as contracts
from support import programs

# GOV.UK Notify has no key; what its receipts change is in test_receipt_notify.py.
WRITES = sorted((one["method"], one["path"]) for one in contracts.routes()
                if one["method"] != "GET" and one["role"] != "notify")
STAGES = {"stages": [{"offset_days": -1, "audience": ["lead"]}]}


@pytest.fixture
def calls(make, recommendation, plan, outbox):
    """Each write of the map as (path, body), and whether what it writes belongs to the plan; the other half of the
    test below is that no route is missing here."""
    lead, other = make.lead(), make.lead()
    action = make.action(recommendation, timescale="March 2022", leads=[{"lead": lead["id"]}])
    key = make.key_for()
    message = outbox.message(lead, state="retry", mime=b"Subject: x\r\n\r\nx\r\n", message_id=f"<{lead['id']}@x>", attempts=1,
                             to_address="robin@example.org")
    at = f"/v1/actions/{action['id']}"
    webhook = make.webhook()
    hook = f"/v1/webhooks/{webhook['id']}"
    return {
        ("DELETE", "/v1/actions/{id}/leads/{lead}"): (f"{at}/leads/{lead['id']}", None, True),
        ("DELETE", "/v1/keys/{id}"): (f"/v1/keys/{key['id']}", None, False),
        ("DELETE", "/v1/webhooks/{id}"): (hook, None, False),
        ("PATCH", "/v1/actions/{id}"): (at, {"status": "in_progress"}, True),
        ("PATCH", "/v1/actions/{id}/deadlines/{deadline}"):
            (f"{at}/deadlines/{action['deadlines'][0]['id']}", {"done_on": "2022-03-01"}, True),
        ("PATCH", "/v1/leads/{id}"): (f"/v1/leads/{other['id']}", {"holder": "Robin"}, False),
        ("PATCH", "/v1/plans/{plan}"): (f"/v1/plans/{plan['id']}", {"title": "Another"}, True),
        ("PATCH", "/v1/recommendations/{id}"):
            (f"/v1/recommendations/{recommendation['id']}", {"response": "declined"}, True),
        ("PATCH", "/v1/webhooks/{id}"): (hook, {"state": "paused"}, False),
        ("POST", "/v1/actions/{id}/timescales"): (f"{at}/timescales", {"text": "May 2022", "reason": "Late"}, True),
        ("POST", "/v1/actions/{id}/updates"): (f"{at}/updates", {"note": "Begun", "author": "Somebody else"}, True),
        ("POST", "/v1/imports"): (f"/v1/imports?plan={plan['slug']}", None, None),
        ("POST", "/v1/keys/{id}/rotate"): (f"/v1/keys/{key['id']}/rotate", {}, False),
        ("POST", "/v1/keys"): ("/v1/keys", {"name": "another", "role": "reader"}, False),
        ("POST", "/v1/leads"): ("/v1/leads", {"name": f"Head of {lead['name']}"}, False),
        ("POST", "/v1/messages/{id}/retry"): (f"/v1/messages/{message}/retry", None, False),
        ("POST", "/v1/plans"): ("/v1/plans", {"title": "New", "organisation": "A council"}, None),
        ("POST", "/v1/plans/{plan}/recommendations"):
            (f"/v1/plans/{plan['id']}/recommendations", {"number": "X9", "text": "Do better"}, True),
        ("POST", "/v1/plans/{plan}/snapshots"): (f"/v1/plans/{plan['id']}/snapshots", {"name": "Cabinet"}, True),
        ("POST", "/v1/recommendations/{id}/actions"):
            (f"/v1/recommendations/{recommendation['id']}/actions", {"description": "Go on", "timescale": "May 2022",
                                                                    "leads": [{"lead": lead["id"]}]}, True),
        ("POST", "/v1/webhooks"): ("/v1/webhooks", {"url": "https://hooks.example.org/"}, False),
        ("POST", "/v1/webhooks/{id}/replay"): (f"{hook}/replay", {"since": "2022-03-24T00:00:00Z"}, False),
        ("POST", "/v1/webhooks/{id}/rotate-secret"): (f"{hook}/rotate-secret", None, False),
        ("POST", "/v1/webhooks/{id}/test"): (f"{hook}/test", None, False),
        ("PUT", "/v1/actions/{id}/leads/{lead}"): (f"{at}/leads/{other['id']}", {"role": "support"}, True),
        ("PUT", "/v1/closures"):
            ("/v1/closures", {"closures": [{"day": "2026-12-29", "title": "Closed"}]}, False),
        ("PUT", "/v1/ladder"): ("/v1/ladder", STAGES, False),
        ("PUT", "/v1/plans/{plan}/ladder"): (f"/v1/plans/{plan['id']}/ladder", STAGES, True),
    }


@pytest.mark.parametrize("route", WRITES, ids=" ".join)
def test_it_is_recorded_under_the_key_and_the_call(api, carol, database, plan, changes, calls, route):
    assert route in calls, "a route that writes: show here what it is recorded as"
    path, body, of_the_plan = calls[route]
    how = {"json": body} if body is not None else {}
    if route[1] == "/v1/imports":
        how = {"data": "Recommendation,Action,Lead,Timescale\nR1 Improve,Do it,Head of Homes,March 2022\n"}
        how["headers"] = {"Content-Type": "text/csv"}
    changes.new()
    request_id = f"call-{WRITES.index(route)}"
    answer = api.request(route[0], path, carol, if_match="*" if route[0] != "POST" else None,
                         **{**how, "headers": {**how.get("headers", {}), "X-Request-Id": request_id}})
    assert answer.status_code in (200, 201, 202, 204), answer.text
    made = changes.new()
    key = database.value("SELECT id FROM api_key WHERE name = 'carol'")
    assert made and {(one["actor"], one["key_id"], one["request_id"]) for one in made} == {("carol", key, request_id)}
    if of_the_plan is not None:
        assert {one["plan_id"] for one in made} == {plan["id"] if of_the_plan else None}
    else:
        assert {one["plan_id"] is None for one in made if one["resource"] != "lead"} == {False}


def test_no_call_is_shown_that_the_map_does_not_have(calls):
    assert set(calls) == set(WRITES)


def test_a_caller_stays_with_his_own_call(api, alice, carol, changes, lead, database):
    """Server threads and their connections are shared."""
    changes.new()
    for n in range(12):
        api.patch(f"/v1/leads/{lead['id']}", (alice, carol)[n % 2], if_match="*", json={"holder": f"Robin {n}"})
    assert [one["actor"] for one in changes.new()] == ["alice", "carol"] * 6
    database.execute("UPDATE lead SET holder = 'Kim' WHERE id = %s", (lead["id"],), "gt_api")
    one, = changes.new()
    assert (one["actor"], one["key_id"], one["request_id"]) == ("gt_api", None, None)


def test_the_notifier_is_named_as_such(make, database, changes):
    hook = make.webhook()
    changes.new()
    database.execute("SELECT webhook_disable(%s, 'it answered 410')", (hook["id"],), "gt_notifier")
    one, = changes.new()
    assert (one["resource"], one["actor"], one["key_id"], one["request_id"]) == ("webhook", "notifier", None, None)


def test_the_command_line_is_named_as_such(database, changes, tmp_path):
    settings = {"GT_DATABASE_URL": database.url("gt_api"), "GT_LOG_FORMAT": "text"}
    changes.new()
    file = tmp_path / "plan.csv"
    file.write_text("Recommendation,Action,Lead,Timescale\nR1 Improve,Do it,Head of Parks,March 2022\n")
    programs.run("goldenthread-api", "import", file, "--title", "T", "--organisation", "O", settings=settings)
    programs.run("goldenthread-api", "import", file, "--title", "T", "--organisation", "O", "--dry-run",
                 settings=settings)
    programs.run("goldenthread-api", "key", "create", "--name", "k", "--role", "reader", settings=settings)
    made = changes.new()
    assert {one["resource"] for one in made} >= {"plan", "action", "lead", "assignment", "timescale", "api_key"}
    assert {(one["actor"], one["key_id"], one["request_id"]) for one in made} == {("command line", None, None)}
    plan = next(one["resource_id"] for one in made if one["resource"] == "plan")
    assert {one["plan_id"] for one in made if one["resource"] not in ("lead", "api_key")} == {plan}
    assert "digest" not in json.dumps([one["after"] for one in made])
