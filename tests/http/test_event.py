"""Events: written with the change, one for each thing that happened, and for nobody who did not ask."""
import concurrent.futures
import datetime
import json

import pytest

from support import programs, seed


@pytest.fixture
def hook(make):
    """A webhook that asks for everything."""
    return make.webhook()


@pytest.fixture(autouse=True)
def alone(database):
    """Each test makes its own webhooks."""
    yield
    database.execute("DELETE FROM webhook")


@pytest.fixture
def happened(database, contract):
    """(type, data) of what was written since the last look, in the order of the deliveries to a webhook."""
    seen = [database.value("SELECT coalesce(max(id), 0) FROM event")]

    def look(webhook=None):
        rows = database.rows("SELECT e.* FROM event e WHERE e.id > %s AND (%s IS NULL OR EXISTS (SELECT FROM delivery d"
                             " WHERE d.event_id = e.id AND d.webhook_id = %s)) ORDER BY e.id",
                             (seen[0], webhook and webhook["id"], webhook and webhook["id"]))
        if not webhook:
            seen[0] = max([row["id"] for row in rows], default=seen[0])
        found = []
        for row in rows:
            payload = json.loads(row["payload"])
            assert contract.schema_faults({"$ref": "#/components/schemas/Event"}, payload) == []
            assert payload["type"] == row["type"] and len(row["payload"].encode()) < 20000
            assert payload["data"]["plan_id"] == row["plan_id"] and payload["data"].get("action") == row["action_id"]
            found.append((row["type"], payload["data"]))
        return found
    return look


def types(found):
    return [type_ for type_, _ in found]


def test_without_a_webhook_nothing_is_written(make, database, happened):
    make.action(timescale="March 2022")
    assert happened() == [] and database.rows("SELECT * FROM event_note") == []


def test_a_new_action_is_told_once_as_it_is_in_the_end(make, happened, plan, recommendation, hook):
    lead = make.lead()
    happened()
    action = make.action(recommendation, timescale="Dec 2021 – March 2022", leads=[{"lead": lead["id"]}], rag="amber", percent=10)
    assert happened() == [("action.created", {
        "plan": plan["slug"], "plan_id": plan["id"], "action": action["id"], "reference": action["reference"], "version": 1,
        "status": "not_started", "rag": "amber", "percent": 10, "due_on": "2022-03-31", "standing": action["standing"]})]


def test_every_change_of_an_action_is_told_with_its_version(make, api, carol, happened, lead, action, hook):
    path = f"/v1/actions/{action['id']}"
    for method, where, body in (("patch", "", {"percent": 20}), ("put", f"/leads/{lead['id']}", {"role": "support"}),
                                ("post", "/updates", {"note": "Going on"}), ("delete", f"/leads/{lead['id']}", None)):
        answer = api.request(method.upper(), path + where, carol, json=body,
                             if_match=None if method == "post" else "*")
        assert answer.status_code < 300, answer.text
        (type_, data), = happened()
        assert (type_, data["version"]) == ("action.updated", api.get(path, carol).json()["version"])


def test_completion_is_told_beside_the_change_and_once(make, api, carol, happened, action, hook):
    path = f"/v1/actions/{action['id']}"
    api.patch(path, carol, if_match="*", json={"status": "complete"})
    found = happened()
    assert types(found) == ["action.updated", "action.completed"]
    assert found[1][1]["status"] == "complete" and found[1][1]["standing"] == "done"
    api.patch(path, carol, if_match="*", json={"percent": 100})
    assert types(happened()) == ["action.updated"]
    api.post(path + "/updates", carol, json={"status": "in_progress"})
    api.post(path + "/updates", carol, json={"status": "complete"})
    assert types(happened()) == ["action.updated", "action.updated", "action.completed"]


def test_a_revision_is_told_with_what_now_holds(make, api, carol, happened, recommendation, hook):
    action = make.action(recommendation, timescale="March 2022")
    happened()
    answer = api.post(f"/v1/actions/{action['id']}/timescales", carol, json={"text": "June 2022", "reason": "Late start"})
    revised, updated = sorted(happened(), reverse=True)
    assert (revised[0], updated[0]) == ("timescale.revised", "action.updated")
    assert revised[1]["version"] == updated[1]["version"] == answer.json()["version"]
    assert revised[1]["timescale"] == {"id": answer.json()["timescale"]["id"], "revision": 2, "text": "June 2022",
                                       "due_on": "2022-06-30", "confidence": "certain", "slips": 1}
    assert revised[1]["due_on"] == "2022-06-30"


def test_a_plan_is_told_from_beginning_to_end(make, api, carol, happened, hook):
    plan = make.plan()
    path = f"/v1/plans/{plan['id']}"
    assert [(type_, data["state"], data["version"]) for type_, data in happened()] == [("plan.created", "draft", 1)]
    for state, types_ in (("active", ["plan.updated", "plan.activated"]), ("closed", ["plan.updated", "plan.closed"]),
                          ("draft", ["plan.updated"])):
        api.patch(path, carol, if_match="*", json={"state": state})
        assert types(happened()) == types_
    make.plan(state="active")
    assert types(happened()) == ["plan.created", "plan.activated"]


def test_what_is_refused_is_not_told(make, api, carol, happened, action, hook):
    assert api.patch(f"/v1/actions/{action['id']}", carol, if_match='"99"', json={"percent": 1}).status_code == 412
    assert api.patch(f"/v1/actions/{action['id']}", carol, if_match="*", json={"recommendation": 99999}).status_code == 422
    assert happened() == []


def test_it_is_gone_with_its_transaction(database, hook, action, happened):
    connection = database.connect("gt_api")
    connection.autocommit = False
    connection.cursor().execute("UPDATE action SET percent = 1 WHERE id = %s", (action["id"],))
    connection.rollback()
    assert happened() == []
    connection.cursor().execute("UPDATE action SET percent = 1 WHERE id = %s; UPDATE action SET percent = 2 WHERE id = %s",
                                (action["id"], action["id"]))
    assert happened() == [], "not before it is done"
    connection.commit()
    (type_, data), = happened()
    assert (type_, data["percent"], data["version"]) == ("action.updated", 2, 3)
    assert database.rows("SELECT * FROM event_note") == []


def test_an_import_tells_of_each_new_action_once(api, carol, happened, hook, database):
    body = (seed.PLANS / "st-helens-2021.txt").read_bytes()
    new = {"title": "St Helens", "organisation": "St Helens", "slug": "events-of-st-helens"}
    headers = {"Content-Type": "text/tab-separated-values"}
    answer = api.post("/v1/imports", carol, data=body, params=new, headers=headers)
    assert answer.status_code == 201, answer.text
    found = happened()
    actions = database.column("SELECT a.id FROM action a JOIN plan p ON p.id = a.plan_id WHERE p.slug = %s ORDER BY a.id",
                              (new["slug"],))
    assert types(found) == ["plan.created"] + ["action.created"] * len(actions)
    assert [data["action"] for _, data in found[1:]] == actions
    assert {data["due_on"] for _, data in found[1:]} > {"2022-03-31"}
    assert api.post("/v1/imports", carol, data=body, params={"plan": new["slug"]}, headers=headers).status_code == 201
    assert happened() == [], "the same file again changes nothing"


def test_each_webhook_gets_what_it_asks_for(make, api, carol, happened, plan, recommendation):
    everything, completed = make.webhook(), make.webhook(events=["action.completed"])
    this_plan, other_plan = make.webhook(plans=[plan["id"]]), make.webhook(plans=[make.plan()["id"]])
    paused, disabled = make.webhook(state="paused"), make.webhook()
    api.database.execute("UPDATE webhook SET state = 'disabled', reason = 'gone' WHERE id = %s", (disabled["id"],))
    happened()
    action = make.action(recommendation)
    api.patch(f"/v1/actions/{action['id']}", carol, if_match="*", json={"status": "complete"})
    all_of_it = ["action.created", "action.updated", "action.completed"]
    assert types(happened(everything)) == types(happened(this_plan)) == types(happened(paused)) == all_of_it
    assert types(happened(completed)) == ["action.completed"]
    assert types(happened(other_plan)) == types(happened(disabled)) == []


def test_what_nobody_asks_for_is_not_written(make, happened, plan):
    make.webhook(events=["plan.closed"])
    make.webhook(plans=[plan["id"]], events=["action.completed"])
    make.action()
    assert happened() == []


def test_while_disabled_events_are_kept_for_a_replay(make, api, carol, happened, recommendation, hook, database):
    database.execute("UPDATE webhook SET state = 'disabled', reason = 'gone' WHERE id = %s", (hook["id"],))
    since = database.value("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    make.action(recommendation)
    assert types(happened(hook)) == [] and types(happened()) == ["action.created"]
    api.patch(f"/v1/webhooks/{hook['id']}", carol, if_match="*", json={"state": "active"})
    assert api.post(f"/v1/webhooks/{hook['id']}/replay", carol, json={"since": since}).json() == {"queued": 1}


def test_many_writers_leave_one_event_each_in_order(make, api, alice, happened, action, hook, database):
    def write(percent):
        return api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", json={"percent": percent}).status_code
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(write, range(60))) == {200}
    assert [data["version"] for _, data in happened(hook)] == list(range(2, 62))


# ---- what the passing of days does ----

def due(database, at):
    return database.value("SELECT event_due(%s)", (at,), "gt_notifier")


@pytest.fixture
def roads(make):
    """An active plan with an action due on 31 March 2022."""
    plan = make.plan(state="active")
    return plan, make.action(make.recommendation(plan), timescale="March 2022")


def test_each_state_of_a_deadline_is_told_once(roads, happened, hook, database):
    plan, action = roads
    for at, expected in (("2022-03-02T23:59:00Z", []), ("2022-03-03T00:00:00Z", [("action.due_soon", 28, "due_soon")]),
                         ("2022-03-30T20:00:00Z", []),
                         ("2022-03-30T23:00:00Z", [("action.due_today", 0, "due_soon")]),  # midnight of British summer time
                         ("2022-03-31T22:59:00Z", []), ("2022-03-31T23:00:00Z", [("action.overdue", -1, "overdue")]),
                         ("2022-04-30T00:00:00Z", [])):
        assert due(database, at) == len(expected)
        found = happened()
        assert [(type_, data["deadline"]["days_left"], data["standing"]) for type_, data in found] == expected
        assert due(database, at) == 0 and happened() == []
        for _, data in found:
            assert data["deadline"]["id"] == action["deadlines"][0]["id"] and data["version"] == action["version"]
            assert (data["plan"], data["action"]) == (plan["slug"], action["id"])


def test_after_an_outage_only_what_holds_is_told(roads, happened, hook, database):
    assert due(database, "2022-06-01T08:30:00Z") == 1 and types(happened()) == ["action.overdue"]


def test_the_planners_clock_dates_the_event(roads, hook, database):
    due(database, "2022-04-01T07:30:00Z")
    payload = database.value("SELECT payload FROM event WHERE type = 'action.overdue' AND action_id = %s", (roads[1]["id"],))
    assert json.loads(payload)["timestamp"] == "2022-04-01T07:30:00.000Z"


def test_a_revision_is_due_anew(roads, happened, hook, database, api, carol):
    due(database, "2022-04-01T08:30:00Z")
    api.post(f"/v1/actions/{roads[1]['id']}/timescales", carol, json={"text": "April 2022", "reason": "Late"})
    happened()
    due(database, "2022-04-02T08:30:00Z")
    assert [(type_, data["deadline"]["due_on"]) for type_, data in happened()] == [("action.due_soon", "2022-04-30")]


@pytest.mark.parametrize("change", ["UPDATE action SET status = 'on_hold' WHERE id = {}",
                                    "UPDATE deadline SET done_on = '2022-03-01' WHERE action_id = {}",
                                    "UPDATE plan p SET state = 'draft' FROM action a WHERE a.plan_id = p.id AND a.id = {}"])
def test_what_is_not_chased_is_not_told(roads, happened, hook, database, change):
    database.execute(change.format(roads[1]["id"]))
    happened()
    assert due(database, "2022-04-01T08:30:00Z") == 0 and happened() == []


def test_nobody_asks_for_due_dates(roads, database, make):
    make.webhook(events=["plan.closed"])
    assert due(database, "2022-04-01T08:30:00Z") == 0
    make.webhook(events=["action.overdue"])
    assert due(database, "2022-04-01T08:30:00Z") == 1


def test_no_event_follows_one_of_a_later_version(roads, database, hook, happened):
    """A writer is in the middle of it when the planner looks: the planner does not wait for it, and what it tells
    comes first."""
    writer = database.connect("gt_api")
    writer.autocommit = False
    writer.cursor().execute("UPDATE action SET percent = 50 WHERE id = %s", (roads[1]["id"],))
    assert due(database, "2022-04-01T08:30:00Z") == 1
    writer.commit()
    assert [(type_, data["version"]) for type_, data in happened()] == [("action.overdue", 1), ("action.updated", 2)]


def test_two_planners_tell_it_once(roads, database, hook, happened):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _: due(database, "2022-04-01T08:30:00Z"), range(8)))
    assert sorted(written) == [0] * 7 + [1] and types(happened()) == ["action.overdue"]
