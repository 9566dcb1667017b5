"""PostgreSQL goes away without a goodbye and comes back, under load: nothing acknowledged is lost, nothing has to be
restarted, nobody is missed.

A cluster of its own, with fsync on as in production.
"""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support import programs
from support.invariants import check_delivery
from support.notifier import Notifier
from support.oracle_small import MINUS_7, Crowd, small
from support.people import create_key
from support.writer import DOWN, UP, Writer, answered, expect_kept, finish, more

WRITERS, RESTARTS = 4, 3


# ---------------------------------------------------------------------------- the API

def test_the_api_answers_503_and_recovers_and_keeps_what_it_acknowledged(own, own_api, cluster):
    live = small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    actions = list(live.action_ids.values())
    writers = [Writer(own_api, key.token, actions[n % len(actions)]) for n in range(WRITERS)]
    pid = own_api.process.pid
    for one in writers:
        one.start()
    for _ in range(RESTARTS):
        more(writers, UP, answered(writers, UP), 20, "writes go through")
        own.close()
        refused = answered(writers, (DOWN,))
        cluster.stop("immediate")
        more(writers, (DOWN,), refused, 4, "the API says that the database is away")
        assert own_api.get("/livez").status_code == 200
        assert own_api.get("/readyz").status_code == 503
        reading = own_api.get("/v1/plans", key)
        assert reading.status_code == 503 and int(reading.headers["Retry-After"]) >= 1
        before = answered(writers, UP)
        cluster.start()
        more(writers, UP, before, 20, "it recovers by itself")
    answers = finish(writers)
    assert own_api.process.pid == pid and own_api.process.running()
    expect_kept(own, answers, 20 * RESTARTS)


@pytest.fixture
def frozen(own):
    """Stops the sessions that the API has, until the test ends: PostgreSQL takes what it is sent, and says nothing."""
    stopped = []

    def freeze():
        stopped.extend(own.column("SELECT pid FROM pg_stat_activity WHERE usename = 'gt_api' AND datname = %s", (own.name,)))
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)

    def thaw():
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        stopped.clear()
    yield freeze, thaw
    thaw()


@pytest.mark.parametrize("prepared", ["on", "off"])
def test_a_server_that_falls_silent_is_given_up(own, start_own, frozen, prepared):
    """Nothing is closed, nothing is answered: two seconds after its time a statement counts as lost."""
    freeze, thaw = frozen
    live = small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    api = start_own(GT_THREADS=1, GT_STATEMENT_TIMEOUT_MS=500, GT_DATABASE_PREPARED=prepared)
    path = f"/v1/actions/{next(iter(live.action_ids.values()))}/updates"
    assert api.post(path, key, json={"note": "before"}).status_code == 201
    freeze()
    began = time.monotonic()
    answer = api.post(path, key, json={"note": "unheard"})
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1
    assert 2 < time.monotonic() - began < 5
    programs.wait_until(lambda: api.get("/readyz").status_code == 200, "there is a new connection")
    assert api.post(path, key, json={"note": "after"}).status_code == 201
    thaw()
    programs.wait_until(lambda: own.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'gt_api'"
                                          " AND datname = %s", (own.name,)) == 1, "the session that was given up has ended")
    notes = own.column("SELECT note FROM update ORDER BY id")
    assert sorted(notes) in (["after", "before"], ["after", "before", "unheard"])
    assert sorted(own.column("SELECT after->>'note' FROM change WHERE resource = 'update'")) == sorted(notes)


@pytest.mark.parametrize("prepared", ["on", "off"])
def test_a_server_that_may_no_longer_write_is_left(own, start_own, cluster, prepared):
    """As when the primary was changed behind an address that stays: what it refuses is answered 503, and the connection
    is not kept."""
    small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    api = start_own(GT_THREADS=1, GT_DATABASE_PREPARED=prepared)
    plan = {"title": "A plan", "organisation": "A council", "slug": f"kept-{prepared}"}
    assert api.get("/v1/plans", key).status_code == 200

    def set_read_only(value):
        own.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
        own.execute("SELECT pg_reload_conf()")
        programs.wait_until(lambda: own.value("SHOW default_transaction_read_only") == value, f"it is {value}")
    set_read_only("on")
    try:
        answer = api.post("/v1/plans", key, json=plan)
        assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1
        answer = api.get("/readyz")
        assert answer.status_code == 503
    finally:
        set_read_only("off")
    programs.wait_until(lambda: api.get("/readyz").status_code == 200, "it is connected again")
    assert api.post("/v1/plans", key, json=plan).status_code == 201


@pytest.fixture
def own_key(own):
    return create_key(own.url("gt_api"), "alice", "editor")


@pytest.fixture
def no_standby(own, own_key):
    """Every commit waits for a standby that is not there."""
    def wait_for(names):
        own.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        own.execute("SELECT pg_reload_conf()")
        programs.wait_until(lambda: own.value("SHOW synchronous_standby_names") == names, "it is set")
    wait_for("nobody")
    yield lambda: wait_for("")
    wait_for("")


def waiting(own):
    return own.column("SELECT pid FROM pg_stat_activity WHERE datname = %s AND wait_event = 'SyncRep'", (own.name,))


@pytest.mark.parametrize("prepared", ["on", "off"])
@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "once"}], ids=["single", "keyed"])
def test_a_commit_that_one_node_alone_has_is_not_acknowledged(own, own_key, start_own, no_standby, prepared, headers):
    """PostgreSQL says that it is done when somebody cancels the wait for the standby; the API does not."""
    api = start_own(GT_THREADS=2, GT_DATABASE_PREPARED=prepared)
    with ThreadPoolExecutor() as calls:
        call = calls.submit(api.post, "/v1/plans", own_key, headers=headers,
                            json={"title": "A plan", "organisation": "A council", "slug": "alone"})

        def answered_when_cancelled():
            own.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = %s AND wait_event = 'SyncRep'",
                        (own.name,))
            return call.done()
        programs.wait_until(answered_when_cancelled, "it is answered, long before it is given up", 5)
        answer = call.result()
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1
    assert own.column("SELECT slug FROM plan") == ["alone"]


def test_without_its_standby_a_write_is_answered_503_and_reads_go_on(own, own_key, start_own, no_standby):
    api = start_own(GT_THREADS=2, GT_STATEMENT_TIMEOUT_MS=500)
    plan = {"title": "A plan", "organisation": "A council", "slug": "alone"}
    with ThreadPoolExecutor() as calls:
        call = calls.submit(api.post, "/v1/plans", own_key, json=plan)
        programs.wait_until(lambda: waiting(own), "it waits for the standby")
        assert api.get("/v1/plans", own_key).json()["items"] == []
        assert call.result(30).status_code == 503
    no_standby()
    programs.wait_until(lambda: api.get("/v1/plans/alone", own_key).status_code == 200, "it was written after all")


# ---------------------------------------------------------------------------- the notifier

QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1}


@pytest.fixture
def own_notifier(own, tmp_path, mail):
    one = Notifier(own, tmp_path, mail.url, **QUICK)
    yield one
    one.stop_all()


def test_the_notifier_recovers_and_misses_nobody(own, own_notifier, cluster, mail):
    crowd = Crowd(own, 120)
    mail.delay("body", 0.05)
    process = own_notifier.start("--at", MINUS_7, GT_MAIL_WORKERS=4)
    for goal in (15, 40, 65):
        programs.wait_until(lambda: len(mail.mails) >= goal, f"{goal} messages are on their way")
        own.close()
        cluster.stop("immediate")
        cluster.start()
        crowd.reconnect()
    programs.wait_until(lambda: crowd.count("sent") == 120, "everything is sent", 90)
    assert process.running(), "without being started anew"
    copies = check_delivery(crowd, mail.mails)
    assert set(copies) == crowd.addresses
    print(f"{sum(crowd.uncertain().values())} attempts in doubt, {sum(copies.values()) - 120} second copies")
    process.stop()


def test_an_answer_that_comes_while_the_database_is_away_is_not_forgotten(own, own_notifier, cluster, mail):
    """The server has accepted, PostgreSQL is down: once it is back, 'sent' is written, and no second copy goes."""
    crowd = Crowd(own, 1)
    hold = mail.hold("body")
    process = own_notifier.start("--at", MINUS_7)
    hold.wait_reached()
    own.close()
    cluster.stop("immediate")
    hold.release()
    programs.wait_until(lambda: mail.mails[0].accepted, "the server has accepted")
    cluster.start()
    crowd.reconnect()
    programs.wait_until(lambda: crowd.count("sent") == 1, "it is written down")
    process.stop()
    assert len(mail.mails) == 1
    assert [row[0] for row in crowd.sql("SELECT outcome FROM attempt")] == ["sent"]


def test_started_before_its_database(own, own_notifier, cluster, mail):
    """Nobody has to order the starts: it waits, and --once says that it could not."""
    crowd = Crowd(own, 3)
    own.close()
    cluster.stop("fast")
    own_notifier.once(MINUS_7, status=1)
    process = own_notifier.start("--at", MINUS_7, ready=False)
    programs.wait_until(lambda: process.output(), "it has said something")
    cluster.start()
    crowd.reconnect()
    mail.wait_for(3)
    programs.wait_until(lambda: crowd.count("sent") == 3, "all is sent")
    process.stop()


def test_healthcheck_tells(own, own_notifier, cluster):
    small(own)
    own_notifier.run("healthcheck", status=1)
    own_notifier.once("2022-03-26T10:00:00Z")
    own_notifier.run("healthcheck", status=0)
    own.close()
    cluster.stop("fast")
    own_notifier.run("healthcheck", status=1)
    cluster.start()
    own_notifier.run("healthcheck", status=0)
