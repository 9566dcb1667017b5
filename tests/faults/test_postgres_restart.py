"""PostgreSQL goes away without a goodbye and comes back, under load: nothing acknowledged is lost, nothing has to be
restarted, nobody is missed.

A cluster of its own, with fsync on as in production.
"""

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
