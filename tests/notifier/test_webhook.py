"""Events reach webhooks: signed, once, in order; what fails is tried again as the table says."""
import json
import subprocess
import threading
import time

import pytest

from support import node, programs
from support.oracle_small import ON_THE_DAY, PLUS_1, ROADS, SLUG, small
from support.webhook import SECRET, cut, shown, signature, status

OTHER_SECRET = bytes(range(32, 64))


def once(posting, **how):
    """One pass of a quiet day."""
    return posting.once("2022-01-01T12:00:00Z", **how)


def test_a_change_arrives_signed(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, events=["action.updated"])
    live.sql("UPDATE action SET percent = 40 WHERE reference = '1.1'")
    once(posting)
    post, = receiver.posts
    assert post.path == "/hook" and post.headers["content-type"] == "application/json"
    assert post.event["type"] == "action.updated"
    assert (post.data["plan"], post.data["reference"], post.data["percent"], post.data["version"]) == (SLUG, "1.1", 40, 2)
    assert "." not in post.id and post.id.startswith("evt_")
    assert post.headers["webhook-signature"] == signature(SECRET, post)
    assert post.headers["user-agent"].startswith("goldenthread-notifier/")
    assert not {"expect", "authorization", "cookie"} & set(post.headers)
    attempt, = hooks.attempts()
    assert hooks.states() == {"sent": 1}
    assert (attempt["outcome"], attempt["reply_code"], attempt["event"], attempt["detail"]) == (
        "sent", 204, post.id, "answered 204")
    assert post.body.decode() == database.value("SELECT payload FROM event")


def test_the_official_verifier_takes_it_and_no_changed_byte(posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hooks.test(hook)
    once(posting)
    post, = receiver.posts
    headers = {name: post.headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    body = post.body.decode()
    cases = {"as it came": (shown(SECRET), headers, body),
             "another byte": (shown(SECRET), headers, body.replace("webhook", "webhooc", 1)),
             "a space more": (shown(SECRET), headers, body + " "),
             "another id": (shown(SECRET), {**headers, "webhook-id": post.id[:-1] + "x"}, body),
             "another time": (shown(SECRET), {**headers, "webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)}, body),
             "an old time": (shown(SECRET), {**headers, "webhook-timestamp": "1614265330"}, body),
             "another secret": (shown(OTHER_SECRET), headers, body)}
    assert verified(cases) == {name: name == "as it came" for name in cases}


def verified(cases):
    """{name: whether the standardwebhooks library of npm takes it}"""
    done = subprocess.run([node.command("node"), programs.ROOT / "tests" / "support" / "verify_webhook.mjs"],
                          input=json.dumps(cases), capture_output=True, encoding="utf-8", timeout=60, check=True)
    return json.loads(done.stdout)


def test_while_a_secret_is_changed_both_verify(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    database.execute("UPDATE webhook_secret SET expires_at = now() + interval '1 hour';"
                     "INSERT INTO webhook_secret (webhook_id, secret) VALUES (%s, %s)", (hook, OTHER_SECRET))
    hooks.test(hook)
    once(posting)
    database.execute("UPDATE webhook_secret SET expires_at = now() WHERE expires_at IS NOT NULL")
    hooks.test(hook)
    once(posting)
    both, new = receiver.posts
    assert both.headers["webhook-signature"] == f"{signature(OTHER_SECRET, both)} {signature(SECRET, both)}"
    assert new.headers["webhook-signature"] == signature(OTHER_SECRET, new)
    kept = {name: both.headers[name] for name in ("webhook-id", "webhook-timestamp", "webhook-signature")}
    assert verified({"new": (shown(OTHER_SECRET), kept, both.body.decode()),
                     "old": (shown(SECRET), kept, both.body.decode())}) == {"new": True, "old": True}


def test_the_passing_of_days_is_told_once(database, posting, hooks, receiver):
    small(database)
    hooks.add(receiver.url)
    for at in (ON_THE_DAY, ON_THE_DAY, PLUS_1, PLUS_1):
        posting.once(at)
    told = sorted((post.event["type"], post.data["reference"]) for post in receiver.posts)
    assert told == [("action.due_today", "1.1"), ("action.due_today", "1.2"),
                    ("action.overdue", "1.1"), ("action.overdue", "1.2")]
    assert {post.data["deadline"]["due_on"] for post in receiver.posts} == {"2022-03-31"}


def test_a_dry_run_tells_nobody(database, posting, hooks, receiver):
    small(database)
    hooks.test(hooks.add(receiver.url))
    posting.run("--dry-run", "--at", PLUS_1)
    assert receiver.posts == [] and hooks.states() == {"queued": 1}
    assert database.value("SELECT count(*) FROM event") == 1


def test_the_daemon_delivers_within_seconds(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url)
    process = posting.start("--at", "2022-01-01T12:00:00Z")
    for n in range(1, 4):
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.1'", n)
        receiver.wait_for(n, 5)
    process.stop()
    assert [post.data["percent"] for post in receiver.posts] == [1, 2, 3]


# ---- what fails ----

def test_a_failure_is_tried_again_under_the_same_name(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    receiver.act = status(500, b"out of order\n\xff")
    hooks.test(hook)
    once(posting)
    assert hooks.states() == {"retry": 1}
    assert 3.9 <= hooks.waits()[0] <= 6.1
    once(posting)
    assert len(receiver.posts) == 1, "not before its time"
    assert hooks.row(hook)["first_failure_at"] is not None
    receiver.act = status(200, b"taken")
    hooks.due_again()
    once(posting)
    first, second = receiver.posts
    assert (first.id, first.body) == (second.id, second.body)
    assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"])
    failed, sent = hooks.attempts()
    assert (failed["outcome"], failed["reply_code"], failed["answer"]) == ("retry", 500, "out of order\\n\\xff")
    assert (sent["outcome"], sent["n"], sent["answer"]) == ("sent", 2, "taken")
    assert hooks.row(hook)["first_failure_at"] is None and hooks.row(hook)["last_success_at"] is not None
    assert hooks.states() == {"sent": 1}


def test_after_ten_tries_it_is_given_up_and_can_be_replayed(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    receiver.act = status(404)
    hooks.test(hook)
    waits = []
    for _ in range(10):
        once(posting)
        waits += hooks.waits()
        hooks.due_again()
    for wait, expected in zip(waits, (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400), strict=True):
        assert expected * 0.8 - 1 <= wait <= expected * 1.2 + 1
    assert hooks.states() == {"failed": 1} and len(receiver.posts) == 10
    once(posting)
    assert len(receiver.posts) == 10
    database.execute("UPDATE delivery SET state = 'queued', attempts_before = attempts")
    receiver.act = status(503)
    once(posting)
    assert hooks.states() == {"retry": 1} and 3.9 <= hooks.waits()[0] <= 6.1, "the table begins anew"


@pytest.mark.parametrize("code,retry_after,rests,waits", [
    (503, "120", (119, 121), (119, 121)), (429, "120", (119, 121), (119, 121)), (429, None, (59, 61), (59, 61)),
    (502, None, (59, 61), (59, 61)), (504, "1", (59, 61), (59, 61)), (503, None, None, (3.9, 6.1)), (500, "120", None, (119, 121)),
    (429, "9999999", (86399, 86401), (86399, 86401)), (429, "x", (59, 61), (59, 61)), (503, "-5", None, (3.9, 6.1))])
def test_an_endpoint_that_asks_for_time_gets_it(database, posting, hooks, receiver, code, retry_after, rests, waits):
    receiver.act = status(code, headers=[("Retry-After", retry_after)] if retry_after else [])
    hook = hooks.add(receiver.url)
    hooks.test(hook, 3)
    once(posting)
    rest = database.value("SELECT extract(epoch FROM rests_until - now()) FROM webhook_health")
    if rests is None:
        assert rest is None
    else:
        assert rests[0] <= rest <= rests[1] and len(receiver.posts) <= 4
    assert waits[0] <= hooks.waits()[0] <= waits[1]


def test_while_it_rests_nothing_else_goes_there(database, posting, hooks, receiver):
    receiver.act = status(429, headers=[("Retry-After", "60")])
    hook = hooks.add(receiver.url)
    hooks.test(hook)
    once(posting)
    hooks.test(hook, 5)
    other = hooks.add(receiver.url + "/other")
    hooks.test(other)
    receiver.act = status(204)
    once(posting)
    assert [post.path for post in receiver.posts] == ["/hook", "/hook/other"]


def test_gone_is_for_ever(database, posting, hooks, receiver):
    receiver.act = status(410)
    hook = hooks.add(receiver.url)
    hooks.test(hook)
    once(posting)
    assert (hooks.row(hook)["state"], hooks.row(hook)["reason"]) == ("disabled", "the endpoint answered 410 Gone")
    assert hooks.states() == {"failed": 1}
    row, = database.rows("SELECT * FROM change WHERE resource = 'webhook' AND verb = 'updated'")
    assert row["actor"] == "notifier" and row["after"]["state"] == "disabled"
    hooks.test(hook)
    once(posting)
    assert len(receiver.posts) == 1


def test_five_days_of_failures_turn_it_off(database, posting, hooks, receiver):
    receiver.act = status(500)
    hook = hooks.add(receiver.url)
    hooks.test(hook, 2)
    database.execute("UPDATE webhook_health SET first_failure_at = now() - interval '4 days 23 hours 59 minutes'")
    once(posting)
    assert hooks.row(hook)["state"] == "active"
    database.execute("UPDATE webhook_health SET first_failure_at = now() - interval '5 days'")
    hooks.due_again()
    once(posting)
    one = hooks.row(hook)
    assert one["state"] == "disabled" and one["reason"].startswith("every delivery has failed since 20")
    posts = len(receiver.posts)
    hooks.due_again()
    once(posting)
    assert len(receiver.posts) == posts and hooks.states() == {"retry": 2}, "what waits is kept"


def test_one_success_in_five_days_is_enough(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    database.execute("UPDATE webhook_health SET first_failure_at = now() - interval '6 days'")
    hooks.test(hook)
    once(posting)
    assert hooks.row(hook)["state"] == "active" and hooks.row(hook)["first_failure_at"] is None


def test_paused_holds_back_and_resumes_in_order(database, posting, hooks, receiver):
    live = small(database)
    hook = hooks.add(receiver.url, state="paused")
    for n in (1, 2, 3):
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.1'", n)
    once(posting)
    assert receiver.posts == [] and hooks.states() == {"queued": 3}
    database.execute("UPDATE webhook SET state = 'active' WHERE id = %s", (hook,))
    once(posting)
    assert [post.data["version"] for post in receiver.posts] == [2, 3, 4]


# ---- order ----

def test_what_is_about_one_action_comes_in_order_though_some_fail(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, events=["action.updated"])
    for n in range(1, 6):
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.1'", n)
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.2'", n)
    failures = {("1.1", 3): 2, ("1.2", 2): 1}  # (reference, version): how often

    def choose(post):
        key = (post.data["reference"], post.data["version"])
        if failures.get(key, 0):
            failures[key] -= 1
            return cut if failures[key] else status(500)
        return None
    receiver.choose = choose
    for _ in range(8):
        once(posting)
        hooks.due_again()
    assert hooks.states() == {"sent": 10}
    for reference in ("1.1", "1.2"):
        versions = [post.data["version"] for post in receiver.posts if post.data["reference"] == reference]
        assert versions == sorted(versions) and set(versions) == {2, 3, 4, 5, 6}


def test_an_action_that_waits_holds_up_no_other(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, events=["action.updated"])
    receiver.choose = lambda post: status(500) if post.data["reference"] == "1.1" else None
    for n in (1, 2):
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.1'", n)
        live.sql("UPDATE action SET percent = %s WHERE reference = '1.2'", n)
    once(posting)
    assert sorted((post.data["reference"], post.data["version"]) for post in receiver.posts) == [
        ("1.1", 2), ("1.2", 2), ("1.2", 3)]
    assert hooks.states() == {"sent": 2, "retry": 1, "queued": 1}


# ---- many at once ----

class Counting:
    """Answers after a while, and knows how many posts it ever had at once."""

    def __init__(self, code, pause):
        self.code, self.pause = code, pause
        self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, handler, post):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.pause)
        with self.lock:
            self.now -= 1
        handler.answer(post, self.code)


def test_an_endpoint_gets_four_at_once(posting, hooks, receiver):
    receiver.act = Counting(204, 0.05)
    hooks.test(hooks.add(receiver.url), 40)
    processes = [posting.start() for _ in range(2)]
    programs.wait_until(lambda: hooks.states() == {"sent": 40}, "all are sent")
    for process in processes:
        process.stop()
    assert receiver.act.most == 4 and len(receiver.posts) == 40, "four, whatever the number of notifiers"


def test_a_failing_endpoint_gets_one_at_a_time(database, posting, hooks, receiver):
    receiver.act = Counting(500, 0.02)
    hook = hooks.add(receiver.url)
    database.execute("UPDATE webhook_health SET first_failure_at = now()")
    hooks.test(hook, 6)
    once(posting)
    assert receiver.act.most == 1 and hooks.states() == {"retry": 6}


def test_connections_are_used_again(posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hooks.test(hook, 60)
    once(posting)
    assert len(receiver.posts) == 60 and len({post.peer for post in receiver.posts}) <= 4


def test_a_deleted_webhook_takes_its_deliveries_along(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hold = receiver.hold()
    hooks.test(hook)
    process = posting.start()
    hold.wait_reached()
    database.execute("DELETE FROM webhook WHERE id = %s", (hook,), "gt_api")
    hold.release()
    process.stop()
    assert hooks.states() == {} and hooks.attempts() == []


def test_it_says_what_it_does_without_addresses_and_secrets(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url + "?sig=geheim")
    hooks.test(hook)
    receiver.act = status(500)
    process = posting.start()
    receiver.wait_for(1)
    programs.wait_until(lambda: hooks.states() == {"retry": 1}, "it is recorded")
    process.stop()
    said = process.output()
    line, = [json.loads(one) for one in said.splitlines() if '"webhook"' in one and '"attempt"' in one]
    assert (line["event"], line["outcome"], line["reply"], line["attempt"]) == ("webhook", "retry", "500", "1")
    for word in ("geheim", "localhost:", shown(SECRET)[6:], SECRET.hex()):
        assert word not in said


@pytest.mark.parametrize("name,value", [("GT_WEBHOOK_ALLOW", "10.0.0.0/33"), ("GT_WEBHOOK_CA_FILE", "/no/such/file"),
                                        ("GT_WEBHOOK_CONNECTIONS", "0")])
def test_settings_that_cannot_be_are_named(posting, name, value):
    assert name in posting.run("--once", status=1, **{name: value}).stderr


def test_the_lead_of_nobody(database, posting, hooks, receiver):
    """Reminders and events go side by side in one pass."""
    live = small(database)
    hooks.add(receiver.url, events=["action.overdue"])
    posting.once(PLUS_1)
    assert len(receiver.posts) == 2
    assert live.one("SELECT count(*) FROM reminder r JOIN lead l ON l.id = r.lead_id WHERE l.name = %s", ROADS) > 0
