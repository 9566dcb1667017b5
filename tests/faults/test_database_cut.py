"""The network cuts the connection to PostgreSQL at each step of the conversation, before what is sent has arrived or
after, so that only the answer is lost: a write is wholly there or wholly absent, its repetition under the same key makes
one of it, and nobody is missed."""
import collections
import concurrent.futures
import contextlib
import itertools
import os
import random

import pytest

from support import programs
from support.invariants import check_delivery
from support.oracle_small import MINUS_7, Crowd, due_again, expire_leases, small
from support.proxy import CUT, STALL, Proxy, Step, nth

pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command", "^08006 ", "^08P01 ",
                                   "^25P03 ")
SEED = int(os.environ.get("GT_SEED", random.randrange(1_000_000)))
SOAK = "GT_SOAK" in os.environ
PATIENCE_S = 10  # of whoever calls the API


@pytest.fixture
def through(database):
    """The way to PostgreSQL."""
    proxy = Proxy(f"{database.server.folder}/.s.PGSQL.5432")
    yield proxy
    proxy.stop()


def url(database, role, proxy):
    return f"postgresql://{role}@127.0.0.1:{proxy.port}/{database.name}"


def expect_nothing_left(database):
    """No transaction stays open, and so no lock."""
    held = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%%'"
    programs.wait_until(lambda: database.value(held) == 0, "no transaction is left open", 15)


# ---------------------------------------------------------------------------- the API

class Caller:
    """Writes updates through the API and keeps what it was told."""

    def __init__(self, api, key, action, database):
        self.api, self.key, self.path, self.database = api, key, f"/v1/actions/{action}/updates", database
        self.told = {}  # note to id, of the acknowledged

    def post(self, note, idempotent):
        answer = self.api.post(self.path, self.key, json={"note": note}, timeout=PATIENCE_S + 5,
                               headers={"Idempotency-Key": note.replace(" ", "-")} if idempotent else None)
        assert answer.elapsed.total_seconds() <= PATIENCE_S, note
        if idempotent and answer.status_code == 409:
            return None  # the server has not noticed yet that who began it is gone
        if answer.status_code == 503:
            assert int(answer.headers["Retry-After"]) >= 1 and answer.json()["code"], note
            return None
        assert answer.status_code == 201, answer.text
        self.told[note] = answer.json()["id"]
        return answer.json()

    def until_answered(self, note):
        return programs.wait_until(lambda: self.post(note, True), f"{note}: is answered")

    def expect_kept(self):
        """Each write that was answered is there once, those of no answer at most once, each with its change record."""
        kept = {row["note"]: row["id"] for row in self.database.rows("SELECT note, id FROM update")}
        count = collections.Counter(self.database.column("SELECT note FROM update"))
        recorded = collections.Counter(self.database.column("SELECT after->>'note' FROM change WHERE resource = 'update'"))
        assert all(kept.get(note) == number for note, number in self.told.items()) and max(count.values()) == 1
        assert recorded == count


def meet(caller, proxy, step, note, idempotent):
    """Calls until the step has come, on a new connection, or an answer. Gives what was written last, and the answer."""
    numbers = itertools.count()
    tried = {}

    def try_again():
        tried["note"] = f"{note} {next(numbers)}"
        tried["answer"] = caller.post(tried["note"], idempotent)
        return proxy.met.is_set() or tried["answer"]
    proxy.sever()
    proxy.fail(step)
    programs.wait_until(try_again, f"{note}: is met")
    proxy.behave()
    return tried["note"], tried["answer"]


def cut_at_each_step(caller, proxy, passes, idempotent, first=1):
    """Gives how many steps there are."""
    for number in range(first, 60):
        note, told = meet(caller, proxy, Step(nth(number), CUT, passes), f"{passes} {idempotent} {number}", idempotent)
        if not proxy.met.is_set():
            return number - 1
        if idempotent:
            again = caller.until_answered(note)
            assert told in (None, again)
    raise AssertionError("there is no end to it")


@pytest.mark.parametrize("passes", ["nothing", "all"])
def test_the_api_is_cut_at_each_step(database, start_api, alice, through, passes):
    """From the greeting on: the session is made, statements are prepared and run."""
    live = small(database)
    api = start_api(GT_DATABASE_URL=url(database, "gt_api", through), GT_THREADS=1)
    caller = Caller(api, alice, next(iter(live.action_ids.values())), database)
    steps = cut_at_each_step(caller, through, passes, False)
    with_key = cut_at_each_step(caller, through, passes, True, first=steps - 1)
    print(f"{steps} steps, {with_key} with a key")
    assert 5 <= steps < with_key
    caller.expect_kept()
    expect_nothing_left(database)


# What is silenced, how much of it still arrives, and what is called then.
SILENT = {
    "greeting": (nth(2), "nothing", "write"),
    "session": (nth(3), "all", "write"),
    "read": (nth(1), "nothing", "read"),
    "write": (nth(1), "nothing", "write"),
    "write's answer": (nth(1), "all", "write"),
    "COMMIT": (lambda _link, from_client, data: from_client and b"COMMIT" in data, "nothing", "write by key"),
    "COMMIT's answer": (lambda _link, from_client, data: from_client and b"COMMIT" in data, "all", "write by key"),
}


def meet_silence(caller, proxy, name):
    seen, passes, what = SILENT[name]
    caller.until_answered(f"before {name}")
    if name in ("greeting", "session"):
        proxy.sever()
        caller.post(f"{name}: the old connection is gone", False)
    proxy.fail(Step(seen, STALL, passes))
    if what == "read":
        answer = caller.api.get("/v1/plans", caller.key, timeout=PATIENCE_S + 5)
        assert answer.status_code == 503 and answer.elapsed.total_seconds() <= PATIENCE_S
    else:
        told = caller.post(f"at {name}", what == "write by key")
        assert told is None, f"{name}: nobody can know"
    assert proxy.met.is_set(), f"{name}: was met"
    if what == "write by key":
        caller.until_answered(f"at {name}")
    caller.until_answered(f"after {name}")


def test_the_api_waits_for_no_answer_for_ever(database, start_api, alice):
    """PostgreSQL falls silent: the caller is told in time, the next call finds a new connection, and what was begun and
    never ended holds nobody up. Each on a server of its own, side by side."""
    live = small(database)
    action = next(iter(live.action_ids.values()))
    with contextlib.ExitStack() as ends:
        proxies = {name: Proxy(f"{database.server.folder}/.s.PGSQL.5432") for name in SILENT}
        for one in proxies.values():
            ends.callback(one.stop)
        callers = {name: Caller(start_api(GT_DATABASE_URL=url(database, "gt_api", proxy), GT_THREADS=1), alice, action,
                                database) for name, proxy in proxies.items()}
        with concurrent.futures.ThreadPoolExecutor(len(SILENT)) as pool:
            runs = [pool.submit(meet_silence, callers[name], proxies[name], name) for name in SILENT]
        for one in runs:
            one.result()
        expect_nothing_left(database)
        for one in callers.values():
            one.expect_kept()


# ---------------------------------------------------------------------------- the notifier

def begin_anew(crowd):
    """As if nothing had been planned or sent."""
    crowd.sql("TRUNCATE reminder, attempt, message CASCADE")


@pytest.mark.parametrize("passes", ["nothing", "all"])
def test_the_notifier_is_cut_at_each_step(database, notifier, mail, through, passes):
    """All its connections counted together, from the first greeting to the last statement of a pass."""
    print(f"seed {SEED}")
    crowd = Crowd(database, 3)
    notifier.settings["GT_DATABASE_URL"] = url(database, "gt_notifier", through)
    stride = 1 if SOAK else 6
    number, copies, doubts = 1 + SEED % stride, 0, 0
    while True:
        begin_anew(crowd)
        mail.mails.clear()
        through.fail(Step(nth(number), CUT, passes))
        notifier.once(MINUS_7, status=None)
        if not through.met.is_set():
            break
        for _ in range(5):
            if crowd.count("sent") == 3:
                break
            expire_leases(crowd)
            due_again(crowd)
            notifier.once(MINUS_7, GT_UNCERTAIN_SECONDS=1, GT_RETRY_SECONDS=1)
        assert crowd.count("sent") == 3, f"step {number}: {crowd.sql('SELECT state::text, last_error FROM message')}"
        copies += sum(check_delivery(crowd, mail.mails).values()) - 3
        doubts += sum(crowd.uncertain().values())
        number += stride
    print(f"{number} steps, {doubts} attempts in doubt, {copies} second copies")
    assert number > 30
    expect_nothing_left(database)


@pytest.mark.parametrize("what", [b"COMMIT", b"message_finish"])
def test_the_notifier_waits_for_no_answer_for_ever(database, notifier, mail, through, what):
    """PostgreSQL has done it and says nothing: a lease that nobody knows of runs out, a result is not recorded twice."""
    crowd = Crowd(database, 3)
    notifier.settings |= {"GT_DATABASE_URL": url(database, "gt_notifier", through), "GT_STATEMENT_TIMEOUT_MS": 500}
    through.fail(Step(lambda _link, from_client, data: from_client and what in data, STALL, "all"))
    notifier.once(MINUS_7, status=None)
    assert through.met.is_set()
    assert (crowd.count("sent"), crowd.count("leased")) == ((0, 3) if what == b"COMMIT" else (3, 0))
    assert len(mail.mails) == (0 if what == b"COMMIT" else 3)
    expire_leases(crowd)
    notifier.once(MINUS_7)
    due_again(crowd)
    notifier.once(MINUS_7)
    assert crowd.count("sent") == 3
    assert check_delivery(crowd, mail.mails) == dict.fromkeys(crowd.addresses, 1)
    expect_nothing_left(database)
