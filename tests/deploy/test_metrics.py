"""Alerts, dashboard and /metrics, judged by promtool: all of them parse, fit each other, and each alert fires when it should and only then."""
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from support import installed, programs

PROMETHEUS = programs.ROOT / "deploy" / "prometheus"
DASHBOARD = programs.ROOT / "deploy" / "grafana" / "goldenthread.json"
ALERTS = {rule["alert"]: rule for group in yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"] for rule in group["rules"]}
REQUESTS = 'goldenthread_http_requests_total{status="%s"}'
BUCKET = 'goldenthread_http_request_duration_seconds_bucket{route="%s",le="%s"}'
UP = {"goldenthread_database_up": "1x120"}
PASS = "goldenthread_notifier_last_pass_timestamp_seconds"
OLDEST = "goldenthread_message_oldest_waiting_seconds"


def steady(name, high, low=0):
    """It has been high for two hours; it is low, or was high for a moment only."""
    return {name: f"{high}x120"}, [{name: f"{low}x120"}, {name: f"{low}x119 {high}"}]


# What each series says every minute for two hours: when it fires, and several times when it does not.
CASES = {
    "GoldenThreadApiDown": ({"up": "0x120"}, [{"up": "1x120"}, {"up": "1x119 0"}]),
    "GoldenThreadDatabaseAway": ({"goldenthread_database_up": "0x120"}, [UP, {"goldenthread_database_up": "1x119 0"}]),
    "GoldenThreadApiErrors": ({REQUESTS % "2xx": "0+95x120", REQUESTS % "5xx": "0+5x120"}, [
        {REQUESTS % "2xx": "0+990x120", REQUESTS % "5xx": "0+10x120"},
        {REQUESTS % "2xx": "0+1x120", REQUESTS % "5xx": "0x117 1x2"},  # one failure of very few calls
        {REQUESTS % "2xx": "0+100x120", REQUESTS % "4xx": "0+100x120"}]),
    "GoldenThreadApiSlow": ({BUCKET % ("/v1/plans", "0.5"): "0+90x120", BUCKET % ("/v1/plans", "1"): "0+100x120",
                             BUCKET % ("/v1/plans", "+Inf"): "0+100x120"}, [
        {BUCKET % ("/v1/plans", "0.25"): "0+100x120", BUCKET % ("/v1/plans", "0.5"): "0+100x120", BUCKET % ("/v1/plans", "+Inf"): "0+100x120"},
        {BUCKET % ("/v1/imports", "0.5"): "0x120", BUCKET % ("/v1/imports", "5"): "0+10x120", BUCKET % ("/v1/imports", "+Inf"): "0+10x120"}]),
    "GoldenThreadNotifierStopped": ({PASS: "60x120", **UP}, [
        {PASS: "0+60x120", **UP}, {PASS: "60x120", "goldenthread_database_up": "0x120"}]),
    "GoldenThreadMailBehind": ({OLDEST: "3601x120", "goldenthread_sending_open": "1x120"}, [
        {OLDEST: "3599x120", "goldenthread_sending_open": "1x120"},
        {OLDEST: "90000x120", "goldenthread_sending_open": "0x120"},  # over the weekend
        {OLDEST: "90000x120", "goldenthread_sending_open": "0x100 1x20"}]),  # on Monday morning
    "GoldenThreadMailFailed": steady('goldenthread_messages_recent{state="failed"}', 1),
    "GoldenThreadMailUncertain": steady("goldenthread_message_uncertain_recent", 11, 10),
    "GoldenThreadLeadsUnroutable": steady("goldenthread_reminders_unroutable_recent", 1),
    "GoldenThreadDayHeld": steady("goldenthread_reminders_held", 300),
    "GoldenThreadRestoredHeld": steady("goldenthread_restored_held", 1),
    "GoldenThreadWebhookDisabled": steady('goldenthread_webhooks{state="disabled"}', 2),
    "GoldenThreadWebhookBehind": steady("goldenthread_delivery_oldest_waiting_seconds", 3601, 3599),
}


def promtool(*words, **how):
    return installed.command(installed.unpacked("prometheus", "promtool"), *words, **how)


def series_of(values):
    """One copy of the API says so."""
    for name, says in values.items():
        bare, labels = re.fullmatch(r"(\w+)(?:\{(.*)\})?", name).groups()
        more = f",{labels}" if labels else ""
        yield {"series": f'{bare}{{job="goldenthread",instance="a"{more}}}', "values": says}


def expectation(name, fires):
    labels = f'alertname="{name}",alertstate="firing",job="goldenthread",severity="{ALERTS[name]["labels"]["severity"]}"'
    if not re.search(r"\bby \(job", ALERTS[name]["expr"]):
        labels += ',instance="a"'
    return [{"labels": f"ALERTS{{{labels}}}", "value": 1}] if fires else []


def test_the_rules_are_valid():
    assert f"{len(CASES)} rules found" in promtool("check", "rules", PROMETHEUS / "alerts.yml")


def test_the_example_is_valid():
    promtool("check", "config", PROMETHEUS / "prometheus.yml", cwd=PROMETHEUS)


def test_every_alert_is_tested_and_says_what_to_do():
    assert set(CASES) == set(ALERTS)
    for rule in ALERTS.values():
        assert set(rule["annotations"]) == {"summary", "action"} and rule["labels"]["severity"] in ("page", "ticket")


@pytest.mark.parametrize("name", CASES)
def test_an_alert_fires_when_it_should_and_only_then(name, tmp_path):
    fires, quiet = CASES[name]
    tests = [{"interval": "1m", "input_series": list(series_of(values)), "promql_expr_test": [
        {"expr": f'ALERTS{{alertname="{name}",alertstate="firing"}}', "eval_time": "2h", "exp_samples": expectation(name, values is fires)}]}
        for values in (fires, *quiet)]
    path = tmp_path / "test.yml"
    path.write_text(yaml.safe_dump({"rule_files": [str(PROMETHEUS / "alerts.yml")], "evaluation_interval": "1m", "tests": tests}))
    promtool("test", "rules", path)


# ---- against what the API really says ----

@pytest.fixture
def said(api, carol, hooks, database, st_helens):
    """/metrics after some calls, with something in every part of it."""
    for path in ("/v1/plans", "/v1/actions", "/no/such/address"):
        api.get(path, carol)
    return api.get("/metrics").text


def test_metrics_are_as_prometheus_wants_them(said, tmp_path):
    done = subprocess.run([installed.unpacked("prometheus", "promtool"), "check", "metrics"], input=said, capture_output=True,
                          encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def dashboard_expressions():
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [target["expr"].replace("$__rate_interval", "5m").replace("$job", ".*")
            for panel in panels for target in panel.get("targets", [])]


def test_the_dashboards_expressions_are_valid(tmp_path):
    rules = [{"record": f"a:{n}", "expr": one} for n, one in enumerate(dashboard_expressions())]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    assert f"{len(rules)} rules found" in promtool("check", "rules", path) and len(rules) > 20


def test_the_dashboards_panels_do_not_overlap():
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    taken = [(x, y) for panel in panels for at in [panel["gridPos"]]
             for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(taken) == len(set(taken)) and len({panel["id"] for panel in panels}) == len(panels)


def test_every_metric_that_is_named_is_there(said):
    """In alerts, dashboard and the README; with the values of "state" that are named."""
    samples = [sample for family in text_string_to_metric_families(said) for sample in family.samples]
    known = {sample.name for sample in samples} | {"up"}
    readme = re.findall(r"`(goldenthread_\w+)`", (programs.ROOT / "README.md").read_text(encoding="utf-8"))
    expressions = [*(rule["expr"] for rule in ALERTS.values()), *dashboard_expressions()]
    named = {one for text in [*expressions, *readme] for one in re.findall(r"\b((?:goldenthread|process)_\w+|up)\b(?!\")", text)}
    assert len(named) > 15 and named - known == set()
    for name, state in re.findall(r'(\w+)\{[^}]*state="(\w+)"', "\n".join(expressions)):
        assert [one for one in samples if one.name == name and one.labels.get("state") == state], (name, state)


def test_new_figures_follow_the_database(api, database, hooks, carol):
    def value(name, **labels):
        [found] = [s.value for f in text_string_to_metric_families(api.get("/metrics").text) for s in f.samples
                   if s.name == name and s.labels == labels]
        return found
    database.execute("INSERT INTO webhook (url, state, reason) VALUES ('https://a.example/', 'disabled', 'x'), ('https://b.example/', 'active', NULL)")
    assert value("goldenthread_webhooks", state="disabled") == 1 and value("goldenthread_webhooks", state="paused") == 0
    assert value("goldenthread_delivery_oldest_waiting_seconds") == 0
    database.execute("INSERT INTO event (type, payload, created_at) VALUES ('plan.updated', '{}', now() - interval '2 h')")
    database.execute("INSERT INTO delivery (webhook_id, event_id) SELECT w.id, e.id FROM webhook w, event e")
    assert 7200 <= value("goldenthread_delivery_oldest_waiting_seconds") < 7260
    assert value("goldenthread_restored_held") == 0
    database.execute("INSERT INTO restored (taken_at) VALUES (now())")
    assert value("goldenthread_restored_held") == 1
