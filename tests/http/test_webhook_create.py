"""POST /v1/webhooks"""
import base64
import json

import pytest

SETTINGS = {"GT_WEBHOOK_ALLOW": "hooks.internal, 10.20.0.0/16, intranet:8080, [fd00::1]:9443"}
URL = "https://hooks.example.org/golden-thread"


@pytest.fixture
def create(api, carol):
    def post(key=carol, **body):
        return api.post("/v1/webhooks", key, json={"url": URL, **body})
    return post


def test_it_shows_the_secret_once(create, api, carol, database):
    answer = create(description="Performance dashboard")
    assert answer.status_code == 201
    made = answer.json()
    secret = made.pop("secret")
    assert made == {"id": made["id"], "url": URL, "description": "Performance dashboard", "format": "standard",
                    "events": None, "plans": None, "leads": None, "owner": None,
                    "state": "active", "reason": None, "notice": None, "first_failure_at": None, "last_success_at": None,
                    "previous_secret_until": None, "version": 1, "created_at": made["created_at"],
                    "updated_at": made["created_at"]}
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', f"/v1/webhooks/{made['id']}")
    raw = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    assert len(raw) == 32
    assert bytes(database.value("SELECT secret FROM webhook_secret WHERE webhook_id = %s", (made["id"],))) == raw
    for path in ("/v1/webhooks?limit=100", f"/v1/webhooks/{made['id']}"):
        assert secret not in api.get(path, carol).text


def test_the_secret_is_nowhere_else(create, api, database, postgres):
    secret = create().json()["secret"].removeprefix("whsec_")
    raw = base64.b64decode(secret)
    record = json.dumps(database.rows("SELECT * FROM change"), default=str)
    for form in (secret, raw.hex(), repr(raw)):
        assert form not in record
        assert form not in api.process.output()
        assert form not in postgres.log_tail(100000)


def test_two_secrets_are_never_alike(create):
    assert len({create().json()["secret"] for _ in range(20)}) == 20


def test_it_asks_for_some_types_and_plans(create, make):
    plan = make.plan()
    made = create(events=["plan.closed", "action.overdue", "plan.closed"], plans=[plan["id"]], state="paused").json()
    assert (made["events"], made["plans"], made["state"]) == (["action.overdue", "plan.closed"], [plan["id"]], "paused")


def test_its_owner_is_a_lead(create, make):
    lead = make.lead()
    assert create(owner=lead["id"]).json()["owner"] == lead["id"]


CHANNEL = "https://hooks.example.org/services/T000/B000/a-password"


@pytest.mark.parametrize("format_", ["teams", "slack"])
def test_a_channel_hears_what_people_read_and_its_address_is_not_shown(create, api, carol, make, database, format_):
    lead = make.lead()
    made = create(format=format_, url=CHANNEL, leads=[lead["id"]]).json()
    assert (made["format"], made["url"], made["leads"]) == (format_, "https://hooks.example.org/***", [lead["id"]])
    assert made["events"] == ["action.completed", "action.due_soon", "action.due_today", "action.overdue", "timescale.revised"]
    path = f"/v1/webhooks/{made['id']}"
    again = {name: one for name, one in api.get(path, carol).json().items() if name in ("url", "plans", "leads", "events")}
    changed = api.patch(path, carol, if_match="*", json={**again, "description": "Roads"})
    assert changed.status_code == 200 and changed.json()["description"] == "Roads"
    assert database.value("SELECT url FROM webhook WHERE id = %s", (made["id"],)) == CHANNEL, "what was shown changes nothing"
    record = json.dumps(database.rows("SELECT before, after FROM change WHERE resource = 'webhook'"))
    assert "a-password" not in record + api.get("/v1/webhooks?limit=100", carol).text + api.process.output()
    moved = api.patch(path, carol, if_match="*", json={"url": CHANNEL + "2", "events": None, "leads": None}).json()
    assert database.value("SELECT url FROM webhook WHERE id = %s", (made["id"],)) == CHANNEL + "2"
    assert (moved["events"], moved["leads"]) == (made["events"], None)


def test_what_a_channel_was_told_can_be_read(create, api, carol):
    made = create(format="slack", url=CHANNEL).json()
    told = api.post(f"/v1/webhooks/{made['id']}/test", carol).json()
    assert told["payload"]["type"] == "webhook.test" and told["posted"]["text"] == "Golden Thread: a test"
    assert api.post(f"/v1/webhooks/{create().json()['id']}/test", carol).json()["posted"] is None


@pytest.mark.parametrize("body,pointer,code", [
    ({"leads": [999999]}, "/leads", "unknown_lead"), ({"leads": []}, "/leads", "wrong_count"),
    ({"format": "discord"}, "/format", "unknown_value"), ({"format": None}, "/format", "not_nullable"),
    ({"owner": 999999}, "/owner", "unknown_lead"), ({"owner": "x"}, "/owner", "wrong_type"),
    ({"plans": [999999]}, "/plans", "unknown_plan"), ({"plans": []}, "/plans", "wrong_count"),
    ({"events": []}, "/events", "wrong_count"), ({"events": ["action.deleted"]}, "/events/0", "unknown_value"),
    ({"events": ["webhook.test"]}, "/events/0", "unknown_value"), ({"state": "disabled"}, "/state", "unknown_value"),
    ({"secret": "whsec_x"}, "/secret", "unknown_field"), ({"url": "ftp://example.org/"}, "/url", "bad_url"),
    ({"url": None}, "/url", "not_nullable"), ({"description": "x" * 201}, "/description", "too_long")])
def test_it_refuses_what_a_webhook_cannot_have(create, body, pointer, code):
    answer = create(**body)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


INSIDE = ["http://example.org/", "https://user@example.org/", "https://user:pass@example.org/", "https://a@127.0.0.1/",
          "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://0177.0.0.1/",
          "https://0x7f000001/", "https://0/", "https://0.0.0.0/", "https://[::1]/", "https://[::]/",
          "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
          "https://[64:ff9b::7f00:1]/", "https://[64:ff9b::127.0.0.1]/", "https://[fd00:ec2::254]/", "https://[fe80::1]/",
          "https://[2002:7f00:1::]/", "https://[2001:db8::1]/", "https://[2001::1]/", "https://[ff02::1]/",
          "https://localhost/", "https://LOCALHOST/", "https://localhost./", "https://x.localhost/", "https://intranet/",
          "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/", "https://172.16.0.1/", "https://172.31.255.255/",
          "https://192.168.1.1/", "https://100.64.0.1/", "https://198.18.0.1/", "https://192.0.2.1/", "https://224.0.0.1/",
          "https://255.255.255.255/", "https://10.21.0.1/", "https://[fd00::2]:9443/", "https://[fd00::1]/",
          "https://example.org:80/", "https://example.org:22/", "https://example.org:0/", "https://example.org:65536/",
          "https://example.org:/", "https://example.org:443:443/", "https://example.org:+443/", "https://example.org#x/",
          "https://example.org/#frag", "https://[::1/", "https://[8.8.8.8]/", "https://[fe80::1%25eth0]/",
          "https://%31%32%37.0.0.1/", "https://127.0.0.1%00.example.org/", "https://exa_mple.org/", "https://-a.org/",
          "https://a..org/", "https://?x", "https://.example.org/", "https://1.2.3.4.5/", "https://example.0x7f/"]


@pytest.mark.parametrize("url", INSIDE)
def test_it_refuses_where_a_webhook_may_not_go(create, url):
    answer = create(url=url)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/url", "bad_destination")]


@pytest.mark.parametrize("url", ["https://8.8.8.8/", "https://[2606:4700::1111]/x", "https://example.org:8443/?a=@b",
                                 "https://xn--caf-dma.example:443", "https://172.32.0.1/", "https://a-b.example.org/x:y@z"])
def test_it_takes_the_public_internet(create, url):
    assert create(url=url).status_code == 201


@pytest.mark.parametrize("url", ["http://hooks.internal/x", "https://HOOKS.internal:9000/x", "http://10.20.3.4:81/",
                                 "http://intranet:8080/", "https://[fd00::1]:9443/"])
def test_it_takes_what_the_operator_lists(create, url):
    assert create(url=url).status_code == 201


@pytest.mark.parametrize("url", ["http://intranet/", "https://intranet:8081/", "https://x.hooks.internal:81/",
                                 "http://user@hooks.internal/", "https://[fd00::1]:443/"])
def test_a_listing_covers_no_more_than_it_says(create, url):
    assert create(url=url).status_code == 422


def test_a_key_for_some_plans_may_not(create, limited, plan):
    assert create(key=limited(plan, role="admin")).status_code == 403


def test_it_is_on_record_without_its_secret_and_path(create, changes):
    made = create(url="https://hooks.example.org:8443/token?sig=abc").json()
    hook, secret = sorted(changes.expect(("created", "webhook"), ("created", "webhook_secret"), actor="carol"),
                          key=lambda row: row["resource"])
    assert (hook["resource_id"], hook["after"]["url"]) == (made["id"], "https://hooks.example.org:8443")
    assert secret["after"]["webhook_id"] == made["id"] and "secret" not in secret["after"]


def test_settings_that_cannot_be_are_named(database):
    from support import programs
    for text in ("10.0.0.0/33", "a b/c", "host:0", "[::1", "1.2", "-x.org", "fd00::/129", "host:99999"):
        done = programs.run("goldenthread-api", "check-config", status=1, settings={
            "GT_DATABASE_URL": database.url("gt_api"), "GT_WEBHOOK_ALLOW": text})
        assert "GT_WEBHOOK_ALLOW" in done.stderr
