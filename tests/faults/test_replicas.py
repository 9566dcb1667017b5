"""Several notifiers over one database: each reminder once, whoever sends it."""

import collections
import json
import os
import random
import signal

import pytest

from support import programs
from support.invariants import check_delivery, check_others_go
from support.oracle_mail import compare_copies
from support.oracle_small import MINUS_7, Crowd, due_again, expire_leases

# Killing the programs cuts their connections.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command",
                                   "^08006 ", "^08P01 ")
QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1}
RECIPIENT = b"X-Rcpt-Args: <"
# The long form is the label soak.
SOAK = "GT_SOAK" in os.environ
MANY = 10000 if SOAK else 1000
SEED = int(os.environ.get("GT_SEED", random.randrange(1_000_000)))


def recipients(sink):
    """Whom postfix's smtp-sink took a message for, once a message."""
    return [dump.split(RECIPIENT, 1)[1].split(b">", 1)[0].decode() for dump in sink.dumps]


def delivered(process):
    """How many messages this replica says it sent."""
    lines = [json.loads(line) for line in process.output().splitlines() if line.startswith("{")]
    return sum(line.get("event") == "delivery" and line.get("outcome") == "sent" for line in lines)


def test_four_notifiers_and_many_messages(database, notifier, smtp_sink):
    crowd = Crowd(database, MANY)
    crowd.spread()  # so that a silent server makes no domain a slow one
    sink = smtp_sink()
    with sink.silent():
        processes = [notifier.start("--at", MINUS_7, **QUICK, GT_MAIL_URL=sink.url, GT_MAIL_WORKERS=4) for _ in range(4)]
        programs.wait_until(lambda: all(one.has_connected(sink.port) for one in processes), "each has a message in hand")
        begun = programs.time.monotonic()
    programs.wait_until(lambda: crowd.count("sent") == MANY, "all are sent", 600 if SOAK else 120)
    for process in processes:
        process.stop()
    assert collections.Counter(recipients(sink)) == dict.fromkeys(crowd.addresses, 1)
    assert crowd.sql("SELECT state::text, count(*) FROM reminder GROUP BY 1") == [("sent", MANY)]
    assert crowd.sql("SELECT attempts, count(*) FROM message GROUP BY 1") == [(1, MANY)]
    assert crowd.one("SELECT count(*) FROM attempt WHERE outcome <> 'sent' OR n <> 1") == 0
    shares = [delivered(process) for process in processes]
    print(f"{MANY} messages, none lost, none twice; shares {shares}; {programs.time.monotonic() - begun:.0f} s")
    assert sum(shares) == MANY and min(shares) > 0


@pytest.mark.skipif(not SOAK, reason="the long form is the label soak")
def test_four_notifiers_of_which_one_is_always_killed_and_many_messages(database, notifier, smtp_sink):
    """The leases of the dead run out by themselves, and the others take over."""
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    begun = programs.time.monotonic()
    crowd = Crowd(database, MANY)
    sink = smtp_sink()

    def start():
        return notifier.start("--at", MINUS_7, ready=False, **QUICK, GT_MAIL_URL=sink.url, GT_MAIL_WORKERS=4)
    running = [start() for _ in range(4)]
    kills = 0
    while crowd.count("sent") < MANY:
        assert kills < 2000
        pause = programs.time.monotonic() + rng.uniform(0.05, 0.5)
        programs.wait_until(lambda: programs.time.monotonic() >= pause, "the moment to kill")
        running.pop(rng.randrange(4)).kill9()
        kills += 1
        running.append(start())
    for process in running:
        programs.wait_until(lambda: "started" in process.output(), "it can be stopped in good order")
        process.stop()
    copies = collections.Counter(recipients(sink))
    uncertain = crowd.uncertain()
    print(f"{kills} kills; {MANY} messages, {MANY - len(copies)} lost, {copies.total() - MANY} second copies beside"
          f" {sum(uncertain.values())} attempts in doubt; {programs.time.monotonic() - begun:.0f} s")
    assert set(copies) == crowd.addresses and crowd.sql("SELECT state::text, count(*) FROM reminder GROUP BY 1") == [("sent", MANY)]
    assert all(count <= 1 + uncertain[address] for address, count in copies.items())
    assert kills >= 10 and sum(uncertain.values()) >= 10, "the kills met messages on their way"
    # What the killed had asked for last, a backend does all the same: one after another they plan the day.
    crowd.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'gt_notifier'")


def test_two_run_once_at_the_same_moment(database, notifier, mail):
    crowd = Crowd(database, 50)
    processes = [notifier.start("--once", "--at", MINUS_7, ready=False) for _ in range(2)]
    for process in processes:
        process.wait(0, 60)
    notifier.once(MINUS_7)
    assert compare_copies([(one.recipients[0], one.bytes) for one in mail.mails], {}) == dict.fromkeys(
        crowd.addresses, 1)
    assert crowd.count("sent") == 50


def test_a_stopped_clock_does_not_make_a_stale_worker_right(database, notifier, mail):
    """The first replica freezes with a message on its way, its lease runs out, the second takes over; when the first
    wakes up, what it has to say no longer counts."""
    crowd = Crowd(database, 1)
    hold = mail.hold("body")
    stale = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    stale.signal(signal.SIGSTOP)
    try:
        expire_leases(crowd)
        notifier.once(MINUS_7)
        assert [row[0] for row in crowd.sql("SELECT outcome FROM attempt")] == ["uncertain"]
        due_again(crowd)
        notifier.once(MINUS_7)
        before = crowd.sql("SELECT state::text, sent_at, attempts, uncertain FROM message")
        assert before[0][0] == "sent"
        hold.release()
        programs.wait_until(lambda: mail.mails[0].accepted, "the first copy is taken")
    finally:
        stale.signal(signal.SIGCONT)
    stale.stop()
    assert crowd.sql("SELECT state::text, sent_at, attempts, uncertain FROM message") == before
    assert [row[0] for row in crowd.sql("SELECT outcome FROM attempt ORDER BY n")] == ["uncertain", "sent"]
    assert len(mail.mails) == 2 and mail.mails[0].bytes == mail.mails[1].bytes


def test_a_stale_worker_lets_no_body_leave(database, notifier, mail):
    """As before, but it froze before the body: then there is one copy only."""
    crowd = Crowd(database, 1)
    hold = mail.hold("data")
    stale = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    stale.signal(signal.SIGSTOP)
    try:
        expire_leases(crowd)
        notifier.once(MINUS_7)
        due_again(crowd)
        notifier.once(MINUS_7)
        assert len(mail.mails) == 1 and crowd.count("sent") == 1
        hold.release()
    finally:
        stale.signal(signal.SIGCONT)
    stale.stop()
    assert len(mail.mails) == 1 and crowd.count("sent") == 1
    assert [row[0] for row in crowd.sql("SELECT outcome FROM attempt ORDER BY n")] == ["retry", "sent"]


@pytest.mark.allow_log("^25P03 FATAL: terminating connection due to idle-in-transaction")  # it may freeze in one
def test_a_frozen_replica_with_a_batch_in_hand(database, notifier, mail):
    """Bodies of a batch may leave without asking again, but not after a while: of what a replica holds when it freezes,
    only what was on its way may come twice, and that is on record."""
    crowd = Crowd(database, 300)
    mail.delay("body", 0.02)
    frozen = notifier.start("--at", MINUS_7, **QUICK, GT_MAIL_WORKERS=4)
    programs.wait_until(lambda: crowd.one("SELECT count(*) FROM message WHERE state = 'leased'") > 8, "a batch is leased")
    frozen.signal(signal.SIGSTOP)
    try:
        second = notifier.start("--at", MINUS_7, **QUICK, GT_MAIL_WORKERS=4)
        programs.wait_until(lambda: crowd.count("sent") == 300, "the second one sends everything", 120)
        second.stop()
        before = len(mail.mails)
    finally:
        frozen.signal(signal.SIGCONT)
    frozen.stop()
    copies = check_delivery(crowd, mail.mails)
    assert set(copies) == crowd.addresses
    assert len(mail.mails) - before <= 4, "at most what its workers had in hand"
    assert sum(copies.values()) - 300 <= 4
    assert crowd.count("sent") == 300


def test_one_recipient_who_hangs_holds_up_nobody(database, notifier, mail):
    crowd = Crowd(database, 20)
    hold = mail.hold("rcpt", match="post7@example.org", times=None)
    process = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    check_others_go(crowd, {"post7@example.org"})
    assert crowd.count("leased") == 1 and len(mail.accepted) == 19
    hold.release()
    programs.wait_until(lambda: crowd.count("sent") == 20, "and so is the last one")
    process.stop()
    assert check_delivery(crowd, mail.mails) == dict.fromkeys(crowd.addresses, 1)


def test_a_slow_server_does_not_cost_the_lease(database, notifier, mail):
    """An answer may take longer than a lease: the holder keeps saying that it is alive."""
    crowd = Crowd(database, 1)
    hold = mail.hold("body")
    first = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    until = crowd.one("SELECT lease_until FROM message")
    programs.wait_until(lambda: crowd.one("SELECT clock_timestamp() > %s", until), "the first lease would have ended")
    notifier.once(MINUS_7)
    assert crowd.count("leased") == 1 and len(mail.mails) == 1
    hold.release()
    programs.wait_until(lambda: crowd.count("sent") == 1, "it is sent")
    first.stop()
    assert len(mail.mails) == 1 and sum(crowd.uncertain().values()) == 0
