"""Notifiers are killed, frozen, stopped and run side by side while events are on their way: no event is lost, a copy
has the same webhook-id and stands beside an attempt of unknown outcome, and two notifiers send each once."""
import collections
import os
import random
import signal

import pytest

from support import programs
from support.invariants import check_events
from support.webhook import status

# Killing the programs cuts their connections.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command", "^08006 ", "^08P01 ")
SEED = int(os.environ.get("GT_SEED", random.randrange(1_000_000)))
AT = "2022-01-01T12:00:00Z"
# The long form is the label soak.
EVENTS, KILLS = (500, 200) if "GT_SOAK" in os.environ else (150, 30)


@pytest.fixture(autouse=True)
def often(posting):
    """Leases that ran out are soon seen."""
    posting.settings["GT_POLL_SECONDS"] = 1


def names(database):
    return database.column("SELECT event_name(uid) FROM event")


def test_kill_9_again_and_again(posting, hooks, receiver):
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    receiver.act = status(204, after=0.01)
    made = [hooks.add(f"{receiver.url}/{n}") for n in range(5)]
    for hook in made:
        hooks.test(hook, EVENTS // len(made))
    for _ in range(KILLS):
        process = posting.start("--at", AT, ready=False)
        goal = len(receiver.posts) + rng.randint(1, 8)
        programs.wait_until(lambda: len(receiver.posts) >= goal or hooks.states() == {"sent": EVENTS}, "the moment to kill", 30)
        process.kill9()
        hooks.database.wait_left("gt_notifier")
        hooks.expire_leases()
        hooks.due_again()
    process = posting.start("--at", AT)

    def all_sent():
        hooks.due_again()
        return hooks.states() == {"sent": EVENTS}
    programs.wait_until(all_sent, "everything is sent", 60)
    process.stop()
    copies = check_events(hooks, receiver.posts)
    doubts = sum(one["outcome"] == "uncertain" for one in hooks.attempts())
    print(f"{KILLS} kills; {EVENTS} events, {EVENTS - len(copies)} lost, {sum(copies.values()) - EVENTS} second copies"
          f" beside {doubts} attempts in doubt")
    assert doubts >= 10, "the kills met posts on their way"


def test_killed_while_the_endpoint_thinks(posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hold = receiver.hold()
    hooks.test(hook)
    process = posting.start("--at", AT)
    hold.wait_reached()
    process.kill9()
    hold.release()
    receiver.act = status(204)
    posting.once(AT)
    assert len(receiver.posts) == 1 and hooks.states() == {"leased": 1}, "its lease is respected until it ends"
    hooks.expire_leases()
    posting.once(AT)
    assert hooks.states() == {"retry": 1} and [one["outcome"] for one in hooks.attempts()] == ["uncertain"]
    hooks.due_again()
    posting.once(AT)
    assert [one["outcome"] for one in hooks.attempts()] == ["uncertain", "sent"]
    assert check_events(hooks, receiver.posts) == {receiver.posts[0].id: 2}


def test_two_notifiers_send_each_event_once(posting, hooks, receiver):
    made = [hooks.add(f"{receiver.url}/{n}") for n in range(8)]
    hold = receiver.hold()
    processes = [posting.start("--at", AT, GT_WEBHOOK_CONNECTIONS=8) for _ in range(2)]
    for hook in made:
        hooks.test(hook, 50)
    programs.wait_until(lambda: hooks.states().get("leased") == 2 * 8, "both have as many in hand as they may")
    receiver.act = status(204, after=0.02)
    hold.release()
    programs.wait_until(lambda: hooks.states() == {"sent": 400}, "all are sent", 60)
    for process in processes:
        process.stop()
    assert collections.Counter(post.id for post in receiver.posts) == dict.fromkeys(names(hooks.database), 1)
    assert hooks.database.value("SELECT count(*) FROM delivery_attempt WHERE outcome <> 'sent' OR n <> 1") == 0
    shares = [process.output().count('"outcome":"sent"') for process in processes]
    print(f"shares {shares}")
    assert sum(shares) == 400 and min(shares) >= 8


def test_a_frozen_notifiers_word_no_longer_counts(posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hold = receiver.hold()
    hooks.test(hook)
    stale = posting.start("--at", AT)
    hold.wait_reached()
    stale.signal(signal.SIGSTOP)
    try:
        hooks.expire_leases()
        posting.once(AT)
        hooks.due_again()
        receiver.act = status(204)
        posting.once(AT)
        before = hooks.database.rows("SELECT * FROM delivery")
        assert before[0]["state"] == "sent" and before[0]["attempts"] == 2
        receiver.act = status(500)
        hold.release()
        programs.wait_until(lambda: receiver.posts[0].answered, "the first copy is answered")
    finally:
        stale.signal(signal.SIGCONT)
    stale.stop()
    assert hooks.database.rows("SELECT * FROM delivery") == before
    assert [one["outcome"] for one in hooks.attempts()] == ["uncertain", "sent"]


@pytest.mark.parametrize("seed", range(3))
def test_sigterm_in_the_middle_of_it(posting, hooks, receiver, seed):
    """An orderly stop: what is on its way is waited for and recorded, nothing is in doubt, nothing held."""
    rng = random.Random(seed)
    receiver.act = status(204, after=0.05)
    made = [hooks.add(f"{receiver.url}/{n}") for n in range(3)]
    for hook in made:
        hooks.test(hook, 30)
    while hooks.states() != {"sent": 90}:
        process = posting.start("--at", AT)
        goal = len(receiver.posts) + rng.randint(1, 25)
        programs.wait_until(lambda: len(receiver.posts) >= goal or hooks.states() == {"sent": 90}, "the moment to stop", 30)
        process.signal(signal.SIGTERM)
        process.wait(0, 30)
        assert set(hooks.states()) <= {"queued", "sent"}
    assert check_events(hooks, receiver.posts) == dict.fromkeys(names(hooks.database), 1)
    assert all(one["outcome"] == "sent" for one in hooks.attempts())
