"""POST /v1/webhooks/{id}/replay"""
import pytest


@pytest.fixture
def replay(api, carol):
    def post(webhook, **body):
        return api.post(f"/v1/webhooks/{webhook['id']}/replay", carol, json=body)
    return post


@pytest.fixture
def deliveries(api, carol):
    return lambda webhook: api.get(f"/v1/webhooks/{webhook['id']}/deliveries?limit=100", carol).json()["items"]


def sent(database, *ids):
    database.execute("UPDATE delivery SET state = 'sent', sent_at = now(), attempts = 3 WHERE id = ANY (%s)", (list(ids),))


def test_one_delivery_goes_again_under_its_name(make, replay, deliveries, database):
    made = make.webhook()
    make.plan()
    make.plan()
    first, second = deliveries(made)
    sent(database, first["id"], second["id"])
    answer = replay(made, delivery=second["id"])
    assert (answer.status_code, answer.json()) == (202, {"queued": 1})
    again = deliveries(made)
    assert [one["state"] for one in again] == ["sent", "queued"]
    assert (again[1]["event"], again[1]["payload"], again[1]["attempts"]) == (second["event"], second["payload"], 3)
    assert database.value("SELECT attempts_before FROM delivery WHERE id = %s", (second["id"],)) == 3


def test_all_since_a_moment_that_it_asks_for(make, replay, deliveries, database):
    recorder = make.webhook()  # so that events are written
    make.plan()
    since = database.value("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
    plan, other = make.plan(), make.plan()
    late = make.webhook(events=["plan.created", "action.created"], plans=[plan["id"]])
    assert deliveries(late) == []
    action = make.action(make.recommendation(plan))
    make.action(make.recommendation(other))
    assert replay(late, since=since).json() == {"queued": 2}
    found = [(one["type"], one["plan_id"], one["action"]) for one in deliveries(late)]
    assert sorted(found, key=str) == sorted([("plan.created", plan["id"], None),
                                             ("action.created", plan["id"], action["id"])], key=str)
    assert {one["event"] for one in deliveries(late)} <= {one["event"] for one in deliveries(recorder)}


def test_what_is_on_its_way_is_left_alone(make, replay, deliveries, database):
    made = make.webhook()
    make.plan()
    one, = deliveries(made)
    database.execute("UPDATE delivery SET state = 'leased', lease_token = 1, lease_until = now() + interval '1 minute'")
    assert replay(made, delivery=one["id"]).json() == {"queued": 0}
    assert deliveries(made)[0]["state"] == "leased"
    database.execute("UPDATE delivery SET state = 'queued', lease_token = NULL, lease_until = NULL")


def test_it_is_on_record(make, replay, changes):
    made = make.webhook()
    changes.new()
    replay(made, since="2022-03-24T00:00:00Z")
    row, = changes.expect(("updated", "webhook"), actor="carol")
    assert row["resource_id"] == made["id"] and row["after"]["replayed"]["since"] == "2022-03-24T00:00:00Z"
    assert row["after"]["replayed"]["queued"] > 0 and "replayed" not in row["before"]


def test_the_future_holds_nothing(make, replay):
    assert replay(make.webhook(), since="2199-01-01T00:00:00Z").json() == {"queued": 0}


@pytest.mark.parametrize("body", [{}, {"since": "2022-03-24T00:00:00Z", "delivery": 1}])
def test_it_wants_one_of_the_two(make, replay, body):
    answer = replay(make.webhook(), **body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/since")


def test_another_webhooks_delivery_is_not_its_own(make, replay, deliveries):
    made, other = make.webhook(), make.webhook()
    make.plan()
    answer = replay(made, delivery=deliveries(other)[0]["id"])
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_delivery")
