"""The primary of a Patroni cluster dies without a goodbye, under load: what was acknowledged is there, nobody is missed,
and the programs find the next primary by themselves.

Two of each program: one pair with all the hosts in its URL, one pair through PgBouncer and HAProxy, each as shipped in
deploy/ha.
"""
import json
import os
import time
import urllib.request

import psycopg2
import pytest

from support import programs
from support.api import Api
from support.invariants import check_delivery
from support.notifier import Notifier
from support.oracle_small import MINUS_7, Crowd
from support.patroni import Patroni
from support.people import create_key
from support.pgbouncer import Pgbouncer
from support.writer import DOWN, UP, PatchWriter, Writer, answered, check, expect_changed, expect_kept, finish, more

# The long form is the label soak.
SOAK = "GT_SOAK" in os.environ
KILLS = 10 if SOAK else 1
PROMISED_S = 30
TTL_S = 20
MESSAGES = 60  # for each kill
QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1,
         "GT_MAIL_WORKERS": 2}


@pytest.fixture
def cluster():
    one = Patroni()
    yield one
    one.destroy()


@pytest.fixture
def own(cluster):
    database = cluster.create("goldenthread")
    programs.run("goldenthread-api", "migrate",
                 settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    yield database
    database.close()


@pytest.fixture
def pooled(cluster, own):
    """What a program is told that goes through PgBouncer, which is told where HAProxy is."""
    one = Pgbouncer(cluster, {own.name: f"host=127.0.0.1 port={cluster.proxy_port}"})
    # PgBouncer says to all who connect what its first server said of itself; the primary may be another since.
    yield lambda role: {"GT_DATABASE_URL": one.url(role, own.name) + "&target_session_attrs=any",
                        "GT_DATABASE_PREPARED": "off"}
    one.stop()


@pytest.fixture
def apis(own, pooled, tmp_path):
    both = [Api(own, tmp_path / "api-direct.log", GT_THREADS=4),
            Api(own, tmp_path / "api-pooled.log", GT_THREADS=4, **pooled("gt_api"))]
    yield both
    for one in both:
        one.stop()


@pytest.fixture
def notifiers(own, pooled, tmp_path, mail):
    one = Notifier(own, tmp_path, mail.url, **QUICK)
    yield lambda: [one.start("--at", MINUS_7), one.start("--at", MINUS_7, **pooled("gt_notifier"))]
    one.stop_all()


def begin_writing(apis, key):
    """Three clients of each API, on a plan that nobody is reminded of."""
    one = apis[0]

    def post(path, **body):
        answer = one.post(path, key, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]
    plan = post("/v1/plans", title="Written to", slug="written-to", organisation="A council")
    recommendation = post(f"/v1/plans/{plan}/recommendations", number="1", text="Write it down")
    writers = [kind(api, key.token, post(f"/v1/recommendations/{recommendation}/actions", description="Write"),
                    pause=0.02, patience=20)
               for api in apis for kind in (Writer, Writer, PatchWriter)]
    for writer in writers:
        writer.start()
    return writers


def outage(cluster, writers, old, since):
    """The longest that each API went without acknowledging a write, from then until it works with the next primary."""
    primary = programs.wait_until(lambda: cluster.primary() not in (None, old) and cluster.primary(), "the next primary", 60)
    known = time.monotonic()
    longest = []
    for url in sorted({one.url for one in writers}):
        group = [one for one in writers if one.url == url]
        programs.wait_until(lambda: any(one.faults for one in group) or any(
            answer.began > known for answer in acknowledged(group, since)), "it writes again", 60)
        at = [since, *sorted(answer.ended for answer in acknowledged(group, since))]
        longest.append(round(max(after - before for before, after in zip(at, at[1:])), 1))
    check(writers)
    assert primary == cluster.primary()
    return longest


def acknowledged(writers, since):
    return [answer for one in writers for answer in list(one.answers) if answer.status in UP and answer.ended > since]


def sent(own):
    """How many messages are sent; None while there is nobody to ask."""
    try:
        return own.value("SELECT count(*) FROM message WHERE state = 'sent'")
    except psycopg2.OperationalError:
        return None


def switch_over(old):
    """A planned change of the primary, as before maintenance."""
    request = urllib.request.Request(f"http://127.0.0.1:{old.rest}/switchover", method="POST",
                                     data=json.dumps({"leader": old.name}).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def expect_all_kept(own, writers):
    finish(writers)
    expect_kept(own, [answer for one in writers if not isinstance(one, PatchWriter) for answer in one.answers], 20)
    for one in writers:
        if isinstance(one, PatchWriter):
            expect_changed(own, one)
    programs.run("goldenthread-api", "verify-changes", settings={"GT_DATABASE_URL": own.url("gt_api")})


def test_nothing_acknowledged_is_lost_and_nobody_is_missed(cluster, own, apis, notifiers, mail):
    crowd = Crowd(own, MESSAGES * KILLS)
    key = create_key(own.url("gt_api"), "alice", "editor")
    mail.delay("body", 1)
    senders = notifiers()
    writers = begin_writing(apis, key)
    times = []
    for n in range(KILLS):
        cluster.wait_whole()
        more(writers, UP, answered(writers, UP), 20, "writes go through")
        programs.wait_until(lambda: len(mail.mails) >= n * MESSAGES + 10, "messages are on their way", 120)
        since, old = time.monotonic(), cluster.primary()
        old.kill9()
        assert [api.get("/livez").status_code for api in apis] == [200, 200]
        times.append(outage(cluster, writers, old, since))
        old.start()
    cluster.wait_whole()
    since, old = time.monotonic(), cluster.primary()
    switch_over(old)
    planned = outage(cluster, writers, old, since)
    programs.wait_until(lambda: sent(own) == MESSAGES * KILLS, "everything is sent", 120)
    expect_all_kept(own, writers)
    crowd.reconnect()
    copies = check_delivery(crowd, mail.mails)
    assert set(copies) == crowd.addresses
    print(f"seconds until each API wrote again: {times}, after a planned switch {planned};"
          f" {answered(writers, UP)} acknowledged, {answered(writers, (DOWN,))} answered 503;"
          f" {sum(crowd.uncertain().values())} attempts in doubt, {sum(copies.values()) - len(copies)} second copies")
    assert max(max(one) for one in times) < PROMISED_S
    assert all(one.running() for one in senders) and all(one.process.running() for one in apis)


@pytest.mark.skipif(not SOAK, reason="of the label soak")
def test_a_primary_that_stood_still_does_not_take_writes_for_itself(cluster, own, apis):
    """Its machine stops, another takes over, it goes on: nobody is told of what only it has."""
    writers = begin_writing(apis, create_key(own.url("gt_api"), "alice", "editor"))
    times = []
    for _ in range(3):
        cluster.wait_whole()
        more(writers, UP, answered(writers, UP), 20, "writes go through")
        since, old = time.monotonic(), cluster.primary()
        with old.frozen():
            times.append(outage(cluster, writers, old, since))
        more(writers, UP, answered(writers, UP), 20, "writes go on when it is back")
    cluster.wait_whole()
    expect_all_kept(own, writers)
    print(f"seconds until each API wrote again: {times}")
    assert max(max(one) for one in times) < PROMISED_S


@pytest.mark.skipif(not SOAK, reason="of the label soak")
def test_work_goes_on_without_etcd(cluster, own, apis):
    writers = begin_writing(apis, create_key(own.url("gt_api"), "alice", "editor"))
    old = cluster.primary()
    since = time.monotonic()
    cluster.etcd.stop()
    more(writers, UP, answered(writers, UP), 20, "writes go on")
    programs.wait_until(lambda: time.monotonic() > since + 2 * TTL_S, "the lease would have ended", 3 * TTL_S)
    more(writers, UP, answered(writers, UP), 20, "writes still go on")
    cluster.start_etcd()
    cluster.wait_whole()
    assert cluster.primary() == old
    expect_all_kept(own, writers)
    assert answered(writers, (DOWN,)) == 0
