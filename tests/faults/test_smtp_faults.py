"""Every way in which a mail server can fail, at every phase: what is recorded, and what follows.

The table is that of messaging.md section 2. After each fault the server behaves again, and the message
arrives: as the same bytes, once, unless its first copy may have arrived.
"""

import threading

import pytest

from support import programs
from support.oracle_mail import ScriptedServer, body, line
from support.oracle_small import (DEPUTY, DIRECTOR, MEMBER, MINUS_7, OFFICE, PARKS, ROADS, SLUG, due_again, messages,
                                  only_action, small, states)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
ONE = ("1.1", "2022-03-31", ROADS, -7)

# Phase, what the server does there, the outcomes that may be recorded, the state the message is left in.
REFUSE, DROP = "refuse", "drop"
TABLE = [
    ("connect", "421 4.3.2 too busy", {"channel"}, "retry"),
    ("connect", "554 5.7.1 not you", {"channel"}, "retry"),
    ("connect", DROP, {"retry", "channel"}, "retry"),
    ("ehlo", "421 4.3.2 too busy", {"channel"}, "retry"),
    ("ehlo", "554 5.7.1 not you", {"channel"}, "retry"),
    ("ehlo", DROP, {"retry", "channel"}, "retry"),
    ("mail", "421 4.3.2 closing", {"channel"}, "retry"),
    ("mail", "451 4.3.0 later", {"retry"}, "retry"),
    ("mail", "550 5.7.1 sender refused", {"channel"}, "retry"),
    ("mail", DROP, {"retry"}, "retry"),
    ("rcpt", "421 4.3.2 closing", {"channel"}, "retry"),
    ("rcpt", "450 4.2.0 greylisted", {"retry"}, "retry"),
    ("rcpt", "550 5.7.1 not for you", {"refused"}, "failed"),
    ("rcpt", DROP, {"retry"}, "retry"),
    ("data", "421 4.3.2 closing", {"channel"}, "retry"),
    ("data", "451 4.3.0 later", {"retry"}, "retry"),
    ("data", "554 5.5.1 no valid recipients", {"channel"}, "retry"),
    ("data", DROP, {"retry"}, "retry"),
    ("body", "421 4.3.2 closing", {"channel", "retry"}, "retry"),
    ("body", "451 4.3.0 later", {"retry"}, "retry"),
    ("body", "452 4.3.1 disk full", {"retry"}, "retry"),
    ("body", "552 5.3.4 too big", {"refused"}, "failed"),
    ("body", "554 5.7.1 looks like spam", {"refused"}, "failed"),
    ("body", DROP, {"uncertain"}, "uncertain"),
]


def alone(data):
    """Nobody stands in for the lead of the only action."""
    only_action(data)
    data["leads"][ROADS].update(deputy=None, manager=None)
    data["plans"][SLUG]["owner"] = None


def attempts(live):
    return live.sql("SELECT outcome, curl_code, reply_code, body_at IS NOT NULL, detail FROM attempt"
                    " WHERE finished_at IS NOT NULL ORDER BY message_id, n")


def expect_delivered_later(live, notifier, mail, before):
    """The server behaves again; `before` = bodies that it had taken by then."""
    mail.behave()
    due_again(live)
    notifier.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["sent"] and states(live) == {ONE: "sent"}
    assert len(mail.mails) == before + 1 and mail.mails[-1].accepted
    assert len({one.bytes for one in mail.mails}) == 1, "the same bytes each time"
    notifier.once(MINUS_7)
    assert len(mail.mails) == before + 1


@pytest.mark.parametrize("phase, what, outcomes, state", TABLE, ids=lambda value: str(value)[:9])
def test_table(database, notifier, mail, phase, what, outcomes, state):
    live = small(database, alone)
    if what == DROP:
        mail.drop(phase)
    else:
        mail.refuse(phase, what)
    notifier.once(MINUS_7)
    [(outcome, _curl, reply, body_left, detail)] = attempts(live)
    assert outcome in outcomes and detail
    assert body_left == (phase == "body")
    if what != DROP:
        assert reply == int(what[:3]) and (phase in ("connect", "ehlo") or what[4:] in detail)
    [message] = messages(live)
    assert message["state"] == state and message["uncertain"] == (1 if state == "uncertain" else 0)
    assert states(live) == {ONE: "failed" if state == "failed" else "planned"}
    taken = len(mail.mails)
    assert taken == (1 if phase == "body" else 0)
    if state == "failed":
        mail.behave()
        due_again(live)
        notifier.once(MINUS_7)
        assert len(mail.mails) == taken, "refused for good: not tried again"
        assert message["reason"]
    else:
        expect_delivered_later(live, notifier, mail, taken)


def test_nobody_listens(database, notifier, mail):
    live = small(database, only_action)
    notifier.once(MINUS_7, GT_MAIL_URL=f"smtp://127.0.0.1:{programs.free_port()}")
    [(outcome, curl, reply, body_left, _)] = attempts(live)
    assert (outcome in ("retry", "channel"), curl, reply, body_left) == (True, 7, 0, False)
    expect_delivered_later(live, notifier, mail, 0)


def test_a_name_that_does_not_exist(database, notifier, mail):
    live = small(database, only_action)
    notifier.once(MINUS_7, GT_MAIL_URL="smtp://mail.invalid:2525?tls=none")
    [(outcome, curl, _, body_left, _)] = attempts(live)
    assert (outcome in ("retry", "channel"), curl, body_left) == (True, 6, False)
    expect_delivered_later(live, notifier, mail, 0)


# The same by a server that is not ours: postfix's smtp-sink with its own flags.
SINK = [
    (("-f", "connect"), {"channel"}, "retry"), (("-Q", "connect"), {"channel"}, "retry"),
    (("-q", "connect"), {"retry", "channel"}, "retry"),
    (("-f", "mail"), {"channel"}, "retry"), (("-r", "mail"), {"retry"}, "retry"), (("-q", "mail"), {"retry"}, "retry"),
    (("-Q", "mail"), {"channel"}, "retry"),
    (("-f", "rcpt"), {"refused"}, "failed"), (("-r", "rcpt"), {"retry"}, "retry"), (("-q", "rcpt"), {"retry"}, "retry"),
    (("-f", "data"), {"channel"}, "retry"), (("-r", "data"), {"retry"}, "retry"), (("-q", "data"), {"retry"}, "retry"),
    (("-f", "."), {"refused"}, "failed"), (("-r", "."), {"retry"}, "retry"), (("-q", "."), {"uncertain"}, "uncertain"),
    (("-Q", "."), {"channel", "retry"}, "retry"),
]


@pytest.mark.parametrize("flags, outcomes, state", SINK, ids=lambda value: "".join(value) if "-" in str(value) else "")
def test_smtp_sink(database, notifier, mail, smtp_sink, flags, outcomes, state):
    live = small(database, alone)
    notifier.once(MINUS_7, GT_MAIL_URL=smtp_sink(*flags).url)
    [(outcome, _, _, body_left, _)] = attempts(live)
    assert outcome in outcomes and body_left == (flags[1] == ".")
    assert [one["state"] for one in messages(live)] == [state]
    if state != "failed":
        expect_delivered_later(live, notifier, mail, 0)


# ---------------------------------------------------------------------------- one message's trouble, and the others

def everybody(data):
    """Six posts with an action each."""
    actions = data["plans"][SLUG]["actions"]
    first = actions["1.1"]
    for n, post in enumerate((ROADS, PARKS, DEPUTY, DIRECTOR, MEMBER, OFFICE), 1):
        actions[f"1.{n}"] = {**first, "assignments": {post: "lead"}}


def by_lead(live):
    return {one["lead"]: one["state"] for one in messages(live)}


@pytest.mark.parametrize("phase", ["rcpt", "body"])
def test_a_refused_recipient_holds_up_nobody(database, notifier, mail, phase):
    """Turned away, it goes to the next in line, here the plan's owner, once. A refused text goes to nobody."""
    live = small(database, everybody)
    mail.refuse(phase, "550 5.7.1 not for you", match="parks@example.org")
    for _ in range(2):
        notifier.once(MINUS_7)
    told = phase == "rcpt"
    assert by_lead(live) == {PARKS: "sent" if told else "failed",
                             **{post: "sent" for post in (ROADS, DEPUTY, DIRECTOR, MEMBER, OFFICE)}}
    others = ["cllr.bus@example.org", "deputy@example.org", "director@example.org", "office@example.org", "roads@example.org"]
    assert sorted(one.recipients[0] for one in mail.accepted) == sorted(others + ["office@example.org"] * told)
    assert live.one("SELECT last_error IS NOT NULL OR reason IS NOT NULL FROM message m JOIN lead l ON l.id = m.lead_id"
                    " WHERE l.name = %s", PARKS)


@pytest.mark.parametrize("phase, answer", [("mail", "550 5.7.1 sender refused"), ("data", "554 5.5.1 no"),
                                           ("connect", "554 5.7.1 not you")])
def test_our_own_fault_is_nobodys_bounce(database, notifier, mail, phase, answer):
    live = small(database, everybody)
    mail.refuse(phase, answer)
    for _ in range(3):
        notifier.once(MINUS_7)
        due_again(live)
    assert set(by_lead(live).values()) <= {"retry", "queued"}
    mail.behave()
    notifier.once(MINUS_7)
    assert set(by_lead(live).values()) == {"sent"} and len(mail.mails) == 6


def test_when_every_text_is_refused_it_is_the_channel(database, notifier, mail):
    """Five refusals of content in a row stop the sending; what is left is not condemned with them."""
    def many(data):
        everybody(data)
        actions = data["plans"][SLUG]["actions"]
        for n in range(7, 13):
            data["leads"][f"Post {n}"] = {"email": f"post{n}@example.org"}
            actions[f"1.{n}"] = {**actions["1.1"], "assignments": {f"Post {n}": "lead"}}
    live = small(database, many)
    mail.refuse("body", "554 5.7.1 looks like spam")
    notifier.once(MINUS_7, GT_MAIL_WORKERS=1)
    ended = list(by_lead(live).values())
    assert ended.count("failed") == 5 and len(mail.mails) == 5
    mail.behave()
    due_again(live)
    notifier.once(MINUS_7, GT_MAIL_WORKERS=1)
    assert sorted(by_lead(live).values()) == ["failed"] * 5 + ["sent"] * 7


def test_a_late_answer_is_never_taken_for_another_messages(database, notifier):
    """messaging.md, fact 2: the first message's 554 comes after we stopped waiting for it. Whoever goes on
    with that connection reads it as the answer to the second message, and blames an innocent address."""
    log, late = [], threading.Event()

    def script(reader, answer, number):
        answer("220 sink")
        recipient = None
        while True:
            command = line(reader).upper()
            if command.startswith(b"RCPT"):
                recipient = command
            if command.startswith(b"DATA"):
                answer("354 go on")
                log.append((number, recipient, body(reader)))
                if len(log) == 1:
                    reader.readline()  # until the next command, or until the client has closed
                    late.set()
                    answer("554 5.7.1 the late answer")
                    continue
            if command.startswith(b"QUIT"):
                answer("221 bye")
                return
            answer("250 ok")

    def two(data):
        data["plans"][SLUG]["actions"]["1.2"]["assignments"] = {DIRECTOR: "lead"}
    live = small(database, two)
    server = ScriptedServer(script)
    how = {"GT_MAIL_URL": server.url, "GT_MAIL_WORKERS": 1, "GT_SMTP_REPLY_TIMEOUT_SECONDS": 1}
    notifier.once(MINUS_7, **how)
    assert late.wait(10)
    first, second = (recipient.decode().split("<")[1].split("@")[0].lower() for _, recipient, _ in log)
    posts = {"roads": ROADS, "director": DIRECTOR}
    assert by_lead(live) == {posts[first]: "uncertain", posts[second]: "sent"}
    due_again(live)
    notifier.once(MINUS_7, **how)
    assert set(by_lead(live).values()) == {"sent"}
    assert log[2][1] == log[0][1] and log[2][2] == log[0][2], "the uncertain one again, to the byte"
    assert len(log) == 3
    server.stop()


def test_a_connection_that_breaks_in_the_middle_of_the_body(database, notifier, mail):
    """Bigger than every buffer on the way, so that the break comes before the end has left."""
    def script(reader, answer, _number):
        answer("220 sink")
        while not line(reader).upper().startswith(b"DATA"):
            answer("250 ok")
        answer("354 go on")
        reader.read(1000)

    def big(data):
        actions = data["plans"][SLUG]["actions"]
        for n in range(3, 60):
            actions[f"1.{n}"] = {**actions["1.1"], "description": f"{n} " + "wide roads " * 500}
    live = small(database, big)
    server = ScriptedServer(script)
    notifier.once(MINUS_7, GT_MAIL_URL=server.url)
    server.stop()
    [(outcome, _, _, body_left, _)] = attempts(live)
    assert outcome in ("retry", "uncertain") and body_left
    due_again(live)
    notifier.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["sent"] and len(mail.mails) == 1


# ---------------------------------------------------------------------------- again and again

def test_in_doubt_for_ever_it_stays_visible(database, notifier, mail):
    """Three resends, then nobody is flooded further; the record says what is not known."""
    live = small(database, only_action)
    mail.drop("body")
    for _ in range(7):
        notifier.once(MINUS_7)
        due_again(live)
    assert len(mail.mails) == 4 and len({one.bytes for one in mail.mails}) == 1
    assert [one[0] for one in attempts(live)] == ["uncertain"] * 4
    [message] = messages(live)
    assert message["state"] in ("failed", "uncertain") and message["uncertain"] >= 3
    assert states(live)[ONE] != "sent"


@pytest.mark.parametrize("phase, answer, setting, seconds", [
    ("rcpt", "450 4.2.0 greylisted", "GT_RETRY_SECONDS", 100), ("body", None, "GT_UNCERTAIN_SECONDS", 1000)])
def test_it_waits_before_it_tries_again(database, notifier, mail, phase, answer, setting, seconds):
    live = small(database, only_action)
    if answer:
        mail.refuse(phase, answer)
    else:
        mail.drop(phase)
    notifier.once(MINUS_7, **{setting: seconds})
    wait = live.one("SELECT extract(epoch FROM next_at - clock_timestamp())::float FROM message")
    assert 0.8 * seconds - 30 < wait <= 1.2 * seconds
    mail.behave()
    taken = len(mail.mails)
    notifier.once(MINUS_7)
    assert len(mail.mails) == taken, "not before its time"


def test_waits_grow(database, notifier, mail):
    live = small(database, only_action)
    mail.refuse("rcpt", "450 4.2.0 greylisted")
    waits = []
    for _ in range(5):
        notifier.once(MINUS_7, GT_RETRY_SECONDS=60)
        waits.append(live.one("SELECT extract(epoch FROM next_at - clock_timestamp())::float FROM message") / 60)
        due_again(live)
    for wait, step in zip(waits, (1, 5, 15, 30, 60)):
        assert 0.8 * step - 0.5 < wait <= 1.2 * step, waits


def test_after_five_days_it_is_given_up_where_people_see_it(database, notifier, mail, api, bob):
    """Thirty-five tries are behind it (test_backoff counts the days); the last one is made, and there is no other."""
    live = small(database, only_action)
    mail.refuse("rcpt", "450 4.2.0 greylisted")
    notifier.once(MINUS_7)
    live.sql("INSERT INTO attempt (message_id, n, address, finished_at, outcome) SELECT m.id, n, m.to_address, now(), 'retry'"
             " FROM message m, generate_series(2, 35) n")
    live.sql("UPDATE message SET attempts = 35")
    for _ in range(2):
        due_again(live)
        notifier.once(MINUS_7)
    assert live.one("SELECT count(*) FROM attempt") == 36
    [message] = messages(live)
    assert message["state"] == "failed" and "greylisted" in message["reason"]
    assert states(live) == {ONE: "failed"} and mail.mails == []
    [shown] = api.get("/v1/messages?state=failed", bob).json()["items"]
    assert "greylisted" in shown["reason"]
    assert 'goldenthread_messages_recent{state="failed"}' in database.value(
        "SELECT string_agg(name || labels, ' ') FROM metric_list()")


def test_a_dead_port_is_not_hammered(database, notifier):
    """Six messages, nobody listening: a few connections, not one a message and pass."""
    live = small(database, everybody)
    notifier.once(MINUS_7, GT_MAIL_URL=f"smtp://127.0.0.1:{programs.free_port()}", GT_MAIL_WORKERS=1)
    tried = live.one("SELECT count(*) FROM attempt WHERE finished_at IS NOT NULL AND outcome <> 'released'")
    assert 1 <= tried <= 5, tried
    assert set(by_lead(live).values()) <= {"retry", "queued"}
