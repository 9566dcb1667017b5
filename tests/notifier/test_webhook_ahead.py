"""Deliveries that were claimed ahead: never more than four posts to an endpoint, and what may not leave any more is given
back untried."""
import collections
import threading

import pytest

from support import programs
from support.webhook import status

AT = "2022-01-01T12:00:00Z"
PROMPT = 8  # posts that are answered at once, which makes it worth claiming ahead
WAITING = 60


class Endpoint:
    """Answers some posts at once and keeps the later ones until it is told what to answer; counts those it has by path."""

    def __init__(self, receiver):
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.prompt = PROMPT
        self.now = collections.Counter()
        self.most = collections.Counter()
        self.answer = status(204)
        receiver.act = self

    def __call__(self, handler, post):
        with self.lock:
            self.now[post.path] += 1
            self.most[post.path] = max(self.most[post.path], self.now[post.path])
            self.prompt -= 1
            held = self.prompt < 0
        if held:
            self.gate.wait(60)
        with self.lock:
            self.now[post.path] -= 1
        self.answer(handler, post)

    def release(self, answer):
        self.answer = answer
        self.gate.set()


@pytest.fixture
def endpoint(receiver):
    one = Endpoint(receiver)
    yield one
    one.gate.set()


def leased(hooks):
    return hooks.states().get("leased", 0)


def wait_for_ahead(hooks, receiver):
    """Four are at the endpoint and more are claimed."""
    receiver.wait_for(PROMPT + 4)
    programs.wait_until(lambda: leased(hooks) > 4, "some are claimed ahead")


def expect_untried(hooks, receiver, posted):
    """What was posted has an attempt each, and the rest waits as if nobody had ever claimed it."""
    assert len(receiver.posts) == posted
    attempts = collections.Counter(one["event"] for one in hooks.attempts())
    assert attempts == dict.fromkeys((post.id for post in receiver.posts), 1)
    waiting = hooks.database.rows("SELECT attempts, uncertain, last_error, lease_holder, next_at <= now() AS due FROM delivery"
                                  " WHERE state = 'queued'")
    assert waiting == [{"attempts": 0, "uncertain": 0, "last_error": None, "lease_holder": None, "due": True}] * (
        WAITING - posted)


def pause_in_between(posting, hooks, receiver, endpoint):
    """While some are claimed ahead the webhook is paused; then the four that are under way are taken."""
    process = posting.start("--at", AT)
    wait_for_ahead(hooks, receiver)
    hooks.database.execute("UPDATE webhook SET state = 'paused'")
    programs.wait_until(lambda: leased(hooks) == 4, "what was claimed ahead is given back")
    endpoint.release(status(204))
    programs.wait_until(lambda: leased(hooks) == 0, "those under way have ended")
    process.stop()


def test_what_waits_is_given_back_when_the_webhook_is_paused(posting, hooks, receiver, endpoint):
    hooks.test(hooks.add(receiver.url), WAITING)
    pause_in_between(posting, hooks, receiver, endpoint)
    assert hooks.states() == {"sent": PROMPT + 4, "queued": WAITING - PROMPT - 4}
    expect_untried(hooks, receiver, PROMPT + 4)


@pytest.mark.parametrize("answer,state", [(status(410), "disabled"), (status(503, headers=[("Retry-After", "600")]), "active")],
                         ids=["gone", "asks for time"])
def test_what_waits_is_given_back_when_the_endpoint_wants_no_more(posting, hooks, receiver, endpoint, answer, state):
    hook = hooks.add(receiver.url)
    hooks.test(hook, WAITING)
    process = posting.start("--at", AT)
    wait_for_ahead(hooks, receiver)
    endpoint.release(answer)
    programs.wait_until(lambda: leased(hooks) == 0, "everything has ended or is given back")
    process.stop()
    assert hooks.row(hook)["state"] == state
    expect_untried(hooks, receiver, PROMPT + 4)


def test_what_waits_for_too_long_is_given_back(posting, hooks, receiver, endpoint):
    """The endpoint became slow: another claim finds out anew what holds."""
    hooks.test(hooks.add(receiver.url), WAITING)
    process = posting.start("--at", AT)
    wait_for_ahead(hooks, receiver)
    programs.wait_until(lambda: leased(hooks) == 4, "what was claimed ahead is given back")
    assert hooks.database.value("SELECT count(*) FROM delivery WHERE state = 'queued' AND attempts = 0") == WAITING - PROMPT - 4
    endpoint.release(status(204))
    programs.wait_until(lambda: hooks.states() == {"sent": WAITING}, "all are sent")
    process.stop()
    assert endpoint.most["/hook"] == 4
    assert {one["n"] for one in hooks.attempts()} == {1}


def test_a_stop_gives_back_what_waits(posting, hooks, receiver, endpoint):
    hooks.test(hooks.add(receiver.url), WAITING)
    process = posting.start("--at", AT)
    wait_for_ahead(hooks, receiver)
    process.signal(15)
    programs.wait_until(lambda: leased(hooks) == 4, "what was claimed ahead is given back")
    endpoint.release(status(204))
    process.wait(0, 30)
    expect_untried(hooks, receiver, PROMPT + 4)


def test_a_retry_that_is_given_back_is_a_retry_as_before(database, posting, hooks, receiver, endpoint):
    """Its earlier attempt and what that said stay, and it keeps its place in the table of waits."""
    hooks.test(hooks.add(receiver.url), WAITING)
    database.execute("UPDATE delivery SET state = 'retry', attempts = 3, last_error = 'answered 500';"
                     "INSERT INTO delivery_attempt (delivery_id, n, finished_at, outcome)"
                     " SELECT id, n, now(), 'retry' FROM delivery CROSS JOIN generate_series(1, 3) n")
    pause_in_between(posting, hooks, receiver, endpoint)
    assert database.rows("SELECT state::text, attempts, last_error, count(*)::integer AS n FROM delivery GROUP BY 1, 2, 3 ORDER BY 1") == [
        {"state": "retry", "attempts": 3, "last_error": "answered 500", "n": WAITING - PROMPT - 4},
        {"state": "sent", "attempts": 4, "last_error": None, "n": PROMPT + 4}]
    assert database.value("SELECT count(*) FROM delivery_attempt") == 3 * WAITING + PROMPT + 4


def test_four_at_once_over_two_notifiers_of_many_endpoints(posting, hooks, receiver, endpoint):
    """Though both claim ahead; and they find work side by side, none waits until the other has done."""
    endpoint.prompt = 0
    made = [hooks.add(f"{receiver.url}/{n}") for n in range(8)]
    for hook in made:
        hooks.test(hook, 40)
    processes = [posting.start("--at", AT, GT_WEBHOOK_CONNECTIONS=16) for _ in range(2)]
    receiver.wait_for(32)
    holders = hooks.database.rows("SELECT webhook_id, count(DISTINCT lease_holder)::integer AS holders FROM delivery"
                                  " WHERE state = 'leased' GROUP BY 1")
    assert [row["holders"] for row in holders] == [1] * 8, "one notifier has deliveries of a webhook"
    assert hooks.database.value("SELECT count(DISTINCT lease_holder) FROM delivery WHERE state = 'leased'") == 2
    endpoint.release(status(204, after=0.005))
    programs.wait_until(lambda: hooks.states() == {"sent": 320}, "all are sent", 60)
    for process in processes:
        process.stop()
    assert max(endpoint.most.values()) == 4
    assert collections.Counter(post.id for post in receiver.posts) == dict.fromkeys(
        hooks.database.column("SELECT event_name(uid) FROM event"), 1)
