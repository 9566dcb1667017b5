"""The notifier is killed at any moment, again and again: nobody is missed, and a second copy of a message exists only
where the ledger of attempts says that the first may have arrived."""

import os
import random
import signal

import pytest

from support import programs
from support.invariants import check_delivery
from support.oracle_mail import compare_copies
from support.oracle_small import MINUS_7, Crowd, due_again, expire_leases

# Killing the programs cuts their connections.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command",
                                   "^08006 ", "^08P01 ")
SEED = int(os.environ.get("GT_SEED", random.randrange(1_000_000)))
# The long form is the label soak.
SOAK = "GT_SOAK" in os.environ
MESSAGES, KILLS = (500, 200) if SOAK else (200, 50)
QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1}


def bodies(mail):
    """Every body that the server took, whether or not its answer could be given."""
    return [(one.recipients[0], one.bytes) for one in mail.mails]


def expect_all_sent(crowd, mail):
    copies = check_delivery(crowd, mail.mails)
    assert set(copies) == crowd.addresses, "nobody is missed"
    assert crowd.sql("SELECT DISTINCT state::text FROM message") == [("sent",)]
    return copies


def finish(crowd, notifier, mail, **settings):
    """Lets it run undisturbed until everything is sent, then stops it in good order."""
    expire_leases(crowd)
    due_again(crowd)
    process = notifier.start("--at", MINUS_7, **QUICK, **settings)
    programs.wait_until(lambda: crowd.count("sent") == len(crowd.addresses), "everything is sent", 120)
    process.stop()


def test_kill_9_again_and_again(database, notifier, mail):
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    begun = programs.time.monotonic()
    crowd = Crowd(database, MESSAGES)
    mail.delay("body", 0.02)
    busy = 0
    for _ in range(KILLS):
        process = notifier.start("--at", MINUS_7, ready=False, **QUICK, GT_MAIL_WORKERS=4)
        goal = len(mail.mails) + rng.randint(0, MESSAGES // KILLS)
        pause = programs.time.monotonic() + rng.uniform(0, 0.25)
        # Some die before they have begun, most with several messages on their way.
        programs.wait_until(lambda: (len(mail.mails) >= goal and programs.time.monotonic() >= pause)
                            or crowd.count("sent") == MESSAGES, "the moment to kill", 20)
        process.kill9()
        database.wait_left("gt_notifier")
        busy += crowd.count("leased") > 0
        # What would otherwise be five seconds of waiting: nobody holds these leases any more.
        expire_leases(crowd)
        due_again(crowd)
    finish(crowd, notifier, mail)
    copies = expect_all_sent(crowd, mail)
    doubts = sum(crowd.uncertain().values())
    print(f"{KILLS} kills, {busy} of them with messages in hand; {MESSAGES} messages, {MESSAGES - len(copies)} lost,"
          f" {sum(copies.values()) - MESSAGES} second copies beside {doubts} attempts in doubt;"
          f" {programs.time.monotonic() - begun:.0f} s")
    assert busy >= KILLS // 4 and doubts >= 10, "the kills met messages on their way"
    assert crowd.one("SELECT count(*) FROM attempt WHERE outcome IS NULL") == 0


def test_killed_before_the_body_leaves_there_is_no_doubt(database, notifier, mail):
    """RCPT was answered, the body had not begun: surely not accepted."""
    crowd = Crowd(database, 1)
    hold = mail.hold("data")
    process = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    process.kill9()
    hold.release()
    finish(crowd, notifier, mail)
    assert len(mail.mails) == 1 and crowd.uncertain() == {"post1@example.org": 0}


def test_killed_after_the_body_there_is(database, notifier, mail):
    """Everything was sent, the answer had not come: the record says so, and the copy is the same."""
    crowd = Crowd(database, 1)
    hold = mail.hold("body")
    process = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    assert crowd.one("SELECT body_at IS NOT NULL FROM attempt"), "written before the first byte left"
    process.kill9()
    hold.release()
    finish(crowd, notifier, mail)
    assert len(mail.mails) == 2 and crowd.uncertain() == {"post1@example.org": 1}
    compare_copies(bodies(mail), crowd.uncertain())


def test_a_killed_notifiers_lease_is_respected_until_it_ends(database, notifier, mail):
    crowd = Crowd(database, 1)
    hold = mail.hold("data")
    process = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    process.kill9()
    hold.release()
    notifier.once(MINUS_7)
    assert mail.mails == [] and crowd.count("leased") == 1
    finish(crowd, notifier, mail)
    assert len(mail.mails) == 1


@pytest.mark.parametrize("seed", range(4))
def test_sigterm_in_the_middle_of_it(database, notifier, mail, seed):
    """An orderly stop: nothing lost, nothing twice, nothing in doubt, nothing held."""
    print(f"seed {seed}")
    rng = random.Random(seed)
    crowd = Crowd(database, 60)
    mail.delay("body", 0.05)
    while crowd.count("sent") < 60:
        process = notifier.start("--at", MINUS_7, **QUICK)
        goal = len(mail.mails) + rng.randint(0, 25)
        programs.wait_until(lambda: len(mail.mails) >= goal or crowd.count("sent") == 60, "the moment to stop", 20)
        process.signal(signal.SIGTERM)
        process.wait(0, 30)
        assert crowd.count("leased") == 0, "what was not sent is free for the next one"
        assert crowd.one("SELECT count(*) FROM attempt WHERE finished_at IS NULL") == 0
        due_again(crowd)
    assert sum(crowd.uncertain().values()) == 0
    assert expect_all_sent(crowd, mail) == dict.fromkeys(crowd.addresses, 1)


def test_sigterm_while_the_server_thinks(database, notifier, mail):
    """The answer that it waits for still counts."""
    crowd = Crowd(database, 1)
    hold = mail.hold("body")
    process = notifier.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    process.signal(signal.SIGTERM)
    hold.release()
    process.wait(0, 30)
    assert crowd.count("sent") == 1 and len(mail.mails) == 1
