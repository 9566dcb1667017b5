"""GET /metrics, read by Prometheus' own client library"""
from datetime import datetime, timedelta, timezone

import pytest
from prometheus_client.parser import text_string_to_metric_families


@pytest.fixture
def metrics(api):
    """Every sample as {(name, labels): value}; each family must have its help and its type."""
    def read():
        answer = api.get("/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
        families = list(text_string_to_metric_families(answer.text))
        assert len({one.name for one in families}) == len(families)
        assert [one.name for one in families if not one.documentation or one.type == "unknown"] == []
        return {(sample.name, *sorted(sample.labels.items())): sample.value for one in families for sample in one.samples}
    return read


def requests_of(found, route, status="2xx", method="GET"):
    return found.get(("goldenthread_http_requests_total", ("method", method), ("route", route), ("status", status)), 0)


def test_requests_are_counted_by_route_never_by_address(metrics, api, bob, action):
    before = metrics()
    for path in (f"/v1/actions/{action['id']}", "/v1/actions/999999", "/v1/actions/999998", "/no/such/address"):
        api.get(path, bob)
    after = metrics()
    route = "/v1/actions/{id}"
    assert requests_of(after, route) - requests_of(before, route) == 1
    assert requests_of(after, route, "4xx") - requests_of(before, route, "4xx") == 2
    assert requests_of(after, "none", "4xx", "other") - requests_of(before, "none", "4xx", "other") == 1
    assert not [key for key in after if "999999" in str(key)]


def test_durations_are_a_histogram(metrics, api):
    api.get("/livez")
    found = metrics()
    labels = (("method", "GET"), ("route", "/livez"))
    name = "goldenthread_http_request_duration_seconds"
    steps = sorted((float(dict(key[1:])["le"]), value) for key, value in found.items()
                   if key[0] == f"{name}_bucket" and dict(key[1:])["route"] == "/livez")
    counts = [count for _, count in steps]
    assert counts == sorted(counts) and steps[-1] == (float("inf"), found[(f"{name}_count", *labels)])
    assert 0 < found[(f"{name}_sum", *labels)] < 60


def test_the_outbox_is_told(metrics, outbox, make, database):
    lead = make.lead()
    today = datetime.now(timezone.utc)
    outbox.message(lead, day=today.date(), state="retry", attempts=3, next_at=today - timedelta(hours=1),
                   created_at=today - timedelta(hours=2))
    outbox.message(lead, day=today.date() - timedelta(days=1), state="uncertain", uncertain=2, attempts=2,
                   next_at=today + timedelta(hours=1))
    outbox.message(lead, day=today.date() - timedelta(days=2), state="sent", attempts=1)
    outbox.message(lead, day=today.date() - timedelta(days=9), state="failed")
    found = metrics()
    waiting = {key[1][1]: value for key, value in found.items() if key[0] == "goldenthread_messages_waiting"}
    assert waiting == {"queued": 0, "leased": 0, "retry": 1, "uncertain": 1}
    assert 7200 <= found[("goldenthread_message_oldest_waiting_seconds",)] < 7300
    recent = {key[1][1]: value for key, value in found.items() if key[0] == "goldenthread_messages_recent"}
    assert {state: count for state, count in recent.items() if count} == {"retry": 1, "uncertain": 1, "sent": 1}
    assert found[("goldenthread_message_retries_recent",)] == 3
    assert found[("goldenthread_message_uncertain_recent",)] == 2
    assert found[("goldenthread_reminders_unroutable_recent",)] == 0


def test_the_notifiers_pulse_is_told(metrics, database):
    assert metrics()[("goldenthread_notifier_last_pass_timestamp_seconds",)] == 0
    database.execute("INSERT INTO notifier_pass (finished_at, planned_at)"
                     " VALUES ('2022-03-24T08:30:00Z', '2022-03-24T08:29:00Z')")
    found = metrics()
    assert found[("goldenthread_notifier_last_pass_timestamp_seconds",)] == 1648110600
    assert found[("goldenthread_notifier_last_plan_timestamp_seconds",)] == 1648110540


def test_the_process_is_told(metrics):
    found = metrics()
    assert 1e6 < found[("process_resident_memory_bytes",)] < 1e12 and 3 < found[("process_open_fds",)] < 1000
    assert found[("process_cpu_seconds_total",)] > 0 and found[("goldenthread_database_up",)] == 1
    assert [key for key in found if key[0] == "goldenthread_build_info"]


def test_it_names_nobody(metrics, make, api, bob):
    make.lead(name="Director of Nobody", holder="Robin Example", email="robin@example.org")
    assert not [word for word in ("Nobody", "Robin", "robin@") if word in api.get("/metrics").text]
