"""Endpoints that misbehave in every way: each costs itself a try and nobody else anything."""
import socket
import threading
import time
from datetime import datetime, timedelta, timezone

import pytest

from support import programs
from support.certificate import Certificate
from support.webhook import Receiver, cut, drip, raw, status

AT = "2022-01-01T12:00:00Z"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def last(hooks, webhook):
    return hooks.attempts(webhook)[-1]


# ---- what they answer ----

@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure_and_not_followed(posting, hooks, receiver, code):
    other = Receiver()
    try:
        receiver.act = status(code, headers=[("Location", other.url)])
        hook = hooks.add(receiver.url)
        hooks.test(hook)
        posting.once(AT)
        assert hooks.states() == {"retry": 1} and last(hooks, hook)["reply_code"] == code
        assert len(receiver.posts) == 1 and other.posts == []
    finally:
        other.stop()


STRANGE = {
    # what is said: (outcome, status)
    "200, then endless": (drip(HEAD + b"\r\n", b"x" * 16384, 0), ("sent", 200)),
    "200, then a gigabyte announced": (drip(HEAD + b"Content-Length: 1073741824\r\n\r\n", b"x" * 65536, 0), ("sent", 200)),
    "500, then endless": (drip(b"HTTP/1.1 500 No\r\n\r\n", b"x" * 16384, 0), ("retry", 500)),
    "endless head": (drip(HEAD, b"X-Y: " + b"z" * 8000 + b"\r\n", 0), ("sent", 200)),
    "one endless header": (drip(HEAD + b"X-Y: ", b"z" * 16384, 0), ("sent", 200)),
    "endless first line": (drip(b"HTTP/1.1 200 ", b"z" * 16384, 0), ("uncertain", None)),
    "bad gzip": (raw(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n\x1f\x8b\xff\x00nogzip"[:-1]), ("sent", 200)),
    "a gzip bomb's beginning": (drip(HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00", b"\0" * 65536, 0), ("sent", 200)),
    "bad chunks": (raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx"), ("sent", 200)),
    "two lengths": (raw(HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc"), ("sent", 200)),
    "short body": (raw(HEAD + b"Content-Length: 100\r\n\r\nabc"), ("sent", 200)),
    "not HTTP": (raw(b"220 smtp.example.org ESMTP\r\n"), ("uncertain", None)),
    "HTTP/0.9": (raw(b"<html>hello</html>"), ("uncertain", None)),
    "HTTP/9": (raw(b"HTTP/9.9 200 OK\r\n\r\n"), ("uncertain", None)),
    "nul bytes": (raw(b"\0" * 1000), ("uncertain", None)),
    "only 100": (raw(b"HTTP/1.1 100 Continue\r\n\r\n"), ("uncertain", None)),
    "status 0": (raw(b"HTTP/1.1 000 Zero\r\n\r\n"), ("uncertain", None)),
    "status 999": (raw(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n"), ("retry", 999)),
    "cut": (cut, ("uncertain", None)),
    "nothing": (raw(), ("uncertain", None)),
    "204 and a body": (raw(b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"), ("sent", 204)),
}


def test_strange_answers_are_survived_and_bounded(posting, hooks, receiver, database):
    """All at once in one program under sanitizers, with a good endpoint among them."""
    names = list(STRANGE)
    receiver.choose = lambda post: STRANGE[names[int(post.path.rpartition("/")[2])]][0] if "/s/" in post.path else None
    made = {name: hooks.add(f"{receiver.url}/s/{n}") for n, name in enumerate(names)}
    good = hooks.add(receiver.url)
    for hook in [*made.values(), good]:
        hooks.test(hook)
    started = time.monotonic()
    posting.once(AT)
    assert time.monotonic() - started < 20
    found = {name: (last(hooks, hook)["outcome"], last(hooks, hook)["reply_code"]) for name, hook in made.items()}
    assert found == {name: expected for name, (_, expected) in STRANGE.items()}
    assert hooks.states(good) == {"sent": 1}
    assert max(len(one["answer"] or "") for one in hooks.attempts()) <= 4096
    assert {len(receiver.posts)} == {len(names) + 1}
    assert all(one["duration_ms"] < 11000 for one in hooks.attempts())


def test_slow_ones_are_cut_at_ten_seconds_all_at_once(posting, hooks, receiver, certificate, database):
    slow = {
        "2xx within nine": (status(202, after=6), ("sent", 202)),
        "2xx after twelve": (status(202, after=12), ("uncertain", None)),
        "drip of the head": (drip(HEAD, b"X: y\r\n", 0.5), ("sent", 200)),
        "drip of the body": (drip(HEAD + b"\r\n", b".", 0.5), ("sent", 200)),
        "drip of a 500": (drip(b"HTTP/1.1 500 No\r\n\r\n", b".", 0.5), ("retry", 500)),
    }
    names = list(slow)
    receiver.choose = lambda post: slow[names[int(post.path.rpartition("/")[2])]][0] if "/s/" in post.path else None
    made = {name: hooks.add(f"{receiver.url}/s/{n}") for n, name in enumerate(names)}
    deaf = socket.create_server(("127.0.0.1", 0))  # takes the connection and never says a word of TLS
    made["deaf"] = hooks.add(f"https://localhost:{deaf.getsockname()[1]}/")
    for hook in made.values():
        hooks.test(hook)
    started = time.monotonic()
    posting.once(AT)
    took = time.monotonic() - started
    deaf.close()
    expected = {name: one for name, (_, one) in slow.items()} | {"deaf": ("retry", None)}
    assert {name: (last(hooks, hook)["outcome"], last(hooks, hook)["reply_code"]) for name, hook in made.items()} == expected
    assert 9 < took < 16, "they waited side by side"
    assert all(one["duration_ms"] < 10600 for one in hooks.attempts())


# ---- the way there ----

def test_certificates_are_checked(posting, hooks, certificate, receiver):
    # By the authority that is trusted, but out of date or of another name; and in date, but of another authority.
    wrong = [Certificate(days=-1, by=certificate), Certificate("elsewhere.example.org", by=certificate), Certificate()]
    servers = [Receiver(one) for one in wrong]
    try:
        made = [hooks.add(one.url) for one in servers]
        by_address = hooks.add(receiver.url.replace("localhost", "127.0.0.1"))
        by_name = hooks.add(receiver.url)
        for hook in (*made, by_address, by_name):
            hooks.test(hook)
        posting.once(AT, GT_WEBHOOK_ALLOW="localhost 127.0.0.1")
        for hook in made:
            attempt = last(hooks, hook)
            assert (attempt["outcome"], attempt["curl_code"], attempt["reply_code"]) == ("retry", 60, None), attempt["detail"]
        assert all(one.posts == [] for one in servers)
        assert hooks.states(by_address) == hooks.states(by_name) == {"sent": 1}
    finally:
        for one in servers:
            one.stop()
        for one in wrong:
            one.remove()


def test_nobody_there(posting, hooks):
    hook = hooks.add(f"https://localhost:{programs.free_port()}/")
    hooks.test(hook)
    posting.once(AT)
    assert (last(hooks, hook)["outcome"], last(hooks, hook)["curl_code"]) == ("retry", 7)


def test_addresses_inside_are_not_reached_even_when_they_stand_in_the_database(posting, hooks, receiver):
    """The API refuses these; here they are written past it. The name is good by its letters, its address is not."""
    inside = Receiver()
    try:
        port = receiver.port
        made = [hooks.add(url) for url in (
            f"https://localhost:{port}/", f"https://127.0.0.1:{port}/", f"https://[::1]:{port}/", f"https://0:{port}/",
            f"https://127.1:{port}/", f"https://2130706433:{port}/", f"https://0x7f.1:{port}/", f"https://0177.0.0.1:{port}/",
            f"https://[::ffff:127.0.0.1]:{port}/", f"https://[64:ff9b::7f00:1]:{port}/", f"http://localhost:{inside.port}/",
            f"https://user@localhost:{port}/", "https://169.254.169.254/", "https://[fd00:ec2::254]/")]
        for hook in made:
            hooks.test(hook)
        posting.once(AT, GT_WEBHOOK_ALLOW="")
        assert receiver.posts == [] and inside.posts == [] and receiver.troubles == 0
        for hook in made:
            attempt = last(hooks, hook)
            assert (attempt["outcome"], attempt["reply_code"]) == ("retry", None)
            assert attempt["detail"].startswith("not posted: "), attempt["detail"]
    finally:
        inside.stop()


def test_a_listing_of_ranges_and_ports_holds_for_the_notifier_too(posting, hooks, receiver):
    good = hooks.add(receiver.url.replace("localhost", "127.0.0.1"))
    other = Receiver()
    try:
        bad = hooks.add(other.url)
        for hook in (good, bad):
            hooks.test(hook)
        posting.once(AT, GT_WEBHOOK_ALLOW=f"127.0.0.1:{receiver.port}")
        assert hooks.states(good) == {"sent": 1} and hooks.states(bad) == {"retry": 1} and other.posts == []
    finally:
        other.stop()


# ---- one dead endpoint slows nobody ----

def test_dead_endpoints_slow_nobody(posting, hooks, receiver, database):
    """Forty that hang for their whole ten seconds, with work waiting for each; the good one is not held up."""
    dead = socket.create_server(("127.0.0.1", 0), backlog=1024)
    for n in range(40):
        hooks.test(hooks.add(f"https://localhost:{dead.getsockname()[1]}/{n}"), 5)
    process = posting.start("--at", AT, GT_WEBHOOK_CONNECTIONS=200)
    programs.wait_until(lambda: hooks.states().get("leased", 0) >= 40, "they all hang")
    good = hooks.add(receiver.url)
    started = time.monotonic()
    hooks.test(good, 100)
    programs.wait_until(lambda: hooks.states(good) == {"sent": 100}, "the good one has everything")
    took = time.monotonic() - started
    process.signal(9)
    process.popen.wait()
    dead.close()
    print(f"{took:.1f} s while others hang")
    assert took < 8


# ---- what was taken and never answered for ----

def test_accepted_then_cut_comes_again_once_a_cut(posting, hooks, receiver):
    cuts = {"left": 3}
    lock = threading.Lock()

    def choose(_post):
        with lock:
            if cuts["left"]:
                cuts["left"] -= 1
                return cut
        return None
    receiver.choose = choose
    hook = hooks.add(receiver.url)
    hooks.test(hook)
    for _ in range(5):
        posting.once(AT)
        hooks.due_again()
    assert hooks.states() == {"sent": 1}
    assert len(receiver.posts) == 4 and len({post.id for post in receiver.posts}) == 1
    assert [one["outcome"] for one in hooks.attempts()] == ["uncertain"] * 3 + ["sent"]
    assert hooks.database.value("SELECT uncertain FROM delivery") == 3


def test_a_kept_connection_that_is_cut_is_not_repeated_behind_our_back(posting, hooks, receiver):
    """libcurl would send again by itself what it wrote to a used connection that then ended; no copy may be made that
    no attempt tells of."""
    hook = hooks.add(receiver.url)
    database = hooks.database
    database.execute("UPDATE webhook_health SET first_failure_at = now()")  # one at a time: the same connection
    count = {"n": 0}

    def choose(_post):
        count["n"] += 1
        return cut if count["n"] % 2 == 0 else None
    receiver.choose = choose
    hooks.test(hook, 10)
    for _ in range(12):
        database.execute("UPDATE webhook_health SET first_failure_at = coalesce(first_failure_at, now())")
        posting.once(AT)
        hooks.due_again()
    assert hooks.states() == {"sent": 10}
    attempts = hooks.attempts()
    assert len(receiver.posts) == len(attempts)
    assert sum(one["outcome"] == "uncertain" for one in attempts) == len(receiver.posts) - 10
    peers = [post.peer for post in receiver.posts]
    assert len(set(peers)) < len(peers), "some did come on a used connection"


def test_the_databases_absence_loses_nothing(posting, hooks, receiver, postgres):
    postgres.allowed += ["^57P0", "^08006 ", "^08P01 "]
    hook = hooks.add(receiver.url)
    hold = receiver.hold()
    hooks.test(hook, 4)
    process = posting.start("--at", AT)
    hold.wait_reached()
    receiver.wait_for(4)
    postgres.stop()
    hold.release()
    programs.wait_until(lambda: all(post.answered for post in receiver.posts), "all were answered")
    postgres.start()
    programs.wait_until(lambda: hooks.states() == {"sent": 4}, "it is recorded")
    process.stop()
    assert len(receiver.posts) == 4 and [one["outcome"] for one in hooks.attempts()] == ["sent"] * 4


def test_an_answers_date_for_retry_after(posting, hooks, receiver, database):
    moment = datetime.now(timezone.utc) + timedelta(seconds=300)
    receiver.act = status(503, headers=[("Retry-After", moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))])
    hooks.test(hooks.add(receiver.url))
    posting.once(AT)
    assert 290 <= hooks.waits()[0] <= 301
