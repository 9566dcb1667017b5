"""Everything that GOV.UK Notify may do to a request: nobody is missed, nobody gets two, and nobody is given up for
what was Notify's own trouble."""
import datetime
import signal

import pytest

from support import programs
from support.oracle_small import (DEPUTY, DIRECTOR, MEMBER, MINUS_7, OFFICE, PARKS, ROADS, SLUG, Crowd, due_again,
                                  expire_leases, messages, only_action, small, states)

# Killing the programs cuts their connections.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command",
                                   "^08006 ", "^08P01 ")
ONE = ("1.1", "2022-03-31", ROADS, -7)
QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1}


def attempts(live):
    return live.sql("SELECT outcome, reply_code FROM attempt ORDER BY message_id, n")


def again(live, by_notify, **settings):
    due_again(live)
    return by_notify.once(MINUS_7, **settings)


def expect_one_email(live, notify, posts=1):
    assert [one["state"] for one in messages(live)] == ["sent"] and states(live) == {ONE: "sent"}
    assert len(notify.accepted) == 1 and len(notify.posts) == posts
    assert len({post.bytes for post in notify.posts}) == 1, "the same bytes each time"
    assert live.one("SELECT provider_id FROM message") == notify.accepted[0]["id"]


def wait_s(live):
    return live.one("SELECT extract(epoch FROM next_at - clock_timestamp())::float FROM message")


# ---------------------------------------------------------------------------- nobody knows whether it was accepted

@pytest.mark.parametrize("lose", ["closed", "error", "silent"])
def test_the_answer_is_lost_and_a_look_up_finds_it(database, notify, by_notify, lose):
    live = small(database, only_action)
    if lose == "closed":
        notify.lose_answer()
    elif lose == "error":
        notify.fail_after(500, "Exception")
    else:
        notify.hold()
    by_notify.once(MINUS_7, GT_NOTIFY_TIMEOUT_SECONDS=1)
    [look_up] = notify.look_ups
    assert look_up.query == {"reference": [notify.posts[0].json["reference"]]}
    expect_one_email(live, notify)


@pytest.mark.parametrize("lose", ["closed", "error", "silent"])
def test_the_look_up_waits_too_and_no_second_post_is_made(database, notify, by_notify, lose):
    """The first look-up fails as well: the next try begins with one."""
    live = small(database, only_action)
    if lose == "closed":
        notify.lose_answer()
    elif lose == "error":
        notify.fail_after(500, "Exception")
    else:
        notify.hold()
    notify.fail(500, "Exception", method="GET", times=1)
    by_notify.once(MINUS_7, GT_NOTIFY_TIMEOUT_SECONDS=1)
    [message] = messages(live)
    assert (message["state"], message["uncertain"]) == ("uncertain", 1)
    assert 0 < wait_s(live) <= 6, "soon: it can be asked"
    notify.behave()
    again(live, by_notify)
    expect_one_email(live, notify)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_it_was_not_accepted(database, notify, by_notify, status):
    """The look-up finds nothing: the same request goes again."""
    live = small(database, only_action)
    notify.fail(status, "Exception", times=1)
    by_notify.once(MINUS_7)
    assert attempts(live) == [("uncertain", status)] and len(notify.look_ups) == 1
    again(live, by_notify)
    assert len(notify.look_ups) == 2
    expect_one_email(live, notify, posts=2)


def test_dropped_without_an_answer(database, notify, by_notify):
    live = small(database, only_action)
    notify.drop(times=1)
    by_notify.once(MINUS_7)
    assert [outcome for outcome, _ in attempts(live)] == ["uncertain"]
    again(live, by_notify)
    expect_one_email(live, notify, posts=2)


def test_while_the_look_up_fails_nothing_is_sent(database, notify, by_notify):
    live = small(database, only_action)
    notify.fail(500, "Exception", times=1)
    notify.fail(404, "NoResultFound", method="GET", times=3)
    by_notify.once(MINUS_7)
    for _ in range(2):
        again(live, by_notify)
    assert len(notify.posts) == 1 and [one["state"] for one in messages(live)] == ["uncertain"]
    again(live, by_notify)
    expect_one_email(live, notify, posts=2)


def test_an_unreadable_success_is_looked_up(database, notify, by_notify):
    live = small(database, only_action)
    notify.say(201, b"{", times=1)
    by_notify.once(MINUS_7)
    assert [one["state"] for one in messages(live)] == ["uncertain"] and len(notify.look_ups) == 1


def test_nobody_listens(database, notify, by_notify):
    live = small(database, only_action)
    by_notify.once(MINUS_7, GT_NOTIFY_URL=f"http://127.0.0.1:{programs.free_port()}")
    assert attempts(live) == [("retry", 0)]
    assert live.one("SELECT body_at FROM attempt") is None
    again(live, by_notify)
    expect_one_email(live, notify)


# ---------------------------------------------------------------------------- the key, the clock, the limits

def everybody(data):
    """Six posts with an action each."""
    actions = data["plans"][SLUG]["actions"]
    first = actions["1.1"]
    for n, post in enumerate((ROADS, PARKS, DEPUTY, DIRECTOR, MEMBER, OFFICE), 1):
        actions[f"1.{n}"] = {**first, "assignments": {post: "lead"}}


def expect_all_sent(live, notify):
    assert {one["state"] for one in messages(live)} == {"sent"} and set(states(live).values()) == {"sent"}
    assert len(notify.accepted) == len({one["email_address"] for one in notify.accepted}) == 6


@pytest.mark.parametrize("status, name, least, most", [
    (403, "AuthError", 55, 65), (401, "AuthError", 55, 65), (429, "RateLimitError", 55, 61),
    (429, "TooManyRequestsError", 0, 86401)])
def test_the_channel_rests(database, notify, by_notify, status, name, least, most):
    live = small(database, everybody)
    notify.fail(status, name)
    done = by_notify.once(MINUS_7, GT_MAIL_WORKERS=1)
    assert len(notify.posts) == 1, "one answer is enough"
    assert f"GOV.UK Notify: {status} {name}" in done.stderr and "no sending for" in done.stderr
    tried = [one for one in messages(live) if one["state"] == "retry"]
    assert len(tried) == 1 and {one["state"] for one in messages(live)} <= {"retry", "queued"}
    wait = live.one("SELECT extract(epoch FROM max(next_at) - clock_timestamp())::float FROM message WHERE state = 'retry'")
    assert least < wait <= most
    notify.behave()
    again(live, by_notify)
    expect_all_sent(live, notify)


def test_a_daily_limit_lasts_until_midnight_utc(database, notify, by_notify):
    live = small(database, only_action)
    notify.fail(429, "TooManyRequestsError", message="Exceeded send limits (50) for today")
    by_notify.once(MINUS_7)
    now = datetime.datetime.now(datetime.timezone.utc)
    midnight = (now + datetime.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    at = live.one("SELECT next_at FROM message")
    assert abs((at - midnight).total_seconds()) < 30


def test_a_wrong_clock_is_named(database, notify, by_notify):
    """The token's time is refused; the answer's Date tells why."""
    small(database, only_action)
    notify.clock_s = 3600
    done = by_notify.once(MINUS_7)
    assert "clocks are -36" in done.stderr


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 429])
def test_somebody_else_answers(database, notify, by_notify, status):
    """A proxy's page says nothing about the message."""
    live = small(database, only_action)
    notify.say(status, b"<html>Sign in</html>")
    by_notify.once(MINUS_7)
    [message] = messages(live)
    assert message["state"] == ("uncertain" if status == 200 else "retry")
    notify.behave()
    again(live, by_notify)
    expect_one_email(live, notify, posts=2)


# ---------------------------------------------------------------------------- refusals

def test_one_bad_address_is_its_own_trouble(database, notify, by_notify):
    live = small(database, everybody)
    notify.fail(400, "ValidationError", match="parks@example.org", message="email_address Not a valid email address")
    by_notify.once(MINUS_7)
    for _ in range(2):
        by_lead = {one["lead"]: one["state"] for one in messages(live)}
        assert by_lead.pop(PARKS) == "retry" and set(by_lead.values()) == {"sent"}, "not believed at once"
        again(live, by_notify)
    by_lead = {one["lead"]: one for one in messages(live)}
    assert by_lead[PARKS]["state"] == "failed" and "Not a valid email address" in by_lead[PARKS]["reason"]
    assert live.sql("SELECT DISTINCT outcome, reply_code FROM attempt WHERE outcome <> 'sent'") == [("refused", 400)]


@pytest.mark.parametrize("status, name", [(400, "BadRequestError"), (400, "ValidationError"), (404, "NoResultFound")])
def test_refusals_of_sound_requests(database, notify, by_notify, status, name):
    """An incident at Notify: everything is refused for a while. Nobody is given up, and then all arrive."""
    live = small(database, everybody)
    notify.fail(status, name)
    done = by_notify.once(MINUS_7)
    assert "several messages were refused" in done.stderr and "no sending for" in done.stderr
    for _ in range(6):
        again(live, by_notify)
        assert {one["state"] for one in messages(live)} <= {"retry", "queued"}
    notify.behave()
    again(live, by_notify)
    expect_all_sent(live, notify)


def test_a_long_incident_under_a_running_notifier(database, notify, by_notify):
    """It rests, tries, rests again; what was refused most often is not given up either."""
    crowd = Crowd(database, 12)
    notify.fail(400, "BadRequestError")
    process = by_notify.start("--at", MINUS_7, **QUICK, GT_MAIL_WORKERS=2)
    programs.wait_until(lambda: len(notify.posts) >= 10, "ten refusals", 60)
    notify.behave()
    programs.wait_until(lambda: crowd.count("sent") == 12, "everything is sent", 60)
    process.stop()
    assert {one["email_address"] for one in notify.accepted} == crowd.addresses and len(notify.accepted) == 12


# ---------------------------------------------------------------------------- our own end

def test_killed_between_the_request_and_its_record(database, notify, by_notify):
    """Notify had accepted it: the next notifier finds that out and sends no second."""
    crowd = Crowd(database, 1)
    hold = notify.hold()
    process = by_notify.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    assert crowd.one("SELECT body_at IS NOT NULL FROM attempt"), "written before the first byte left"
    process.kill9()
    hold.release()
    expire_leases(crowd)
    process = by_notify.start("--at", MINUS_7, **QUICK)
    programs.wait_until(lambda: crowd.count("sent") == 1, "it is sent", 30)
    process.stop()
    assert len(notify.posts) == 1 and len(notify.look_ups) == 1
    assert crowd.one("SELECT provider_id FROM message") == notify.accepted[0]["id"]


def test_killed_before_notify_had_it(database, notify, by_notify):
    crowd = Crowd(database, 1)
    notify.drop(times=1)
    notify.fail(500, "Exception", method="GET", times=None)
    process = by_notify.start("--at", MINUS_7, **QUICK)
    programs.wait_until(lambda: len(notify.look_ups) >= 1, "it was looked up", 30)
    process.kill9()
    notify.behave()
    expire_leases(crowd)
    due_again(crowd)
    process = by_notify.start("--at", MINUS_7, **QUICK)
    programs.wait_until(lambda: crowd.count("sent") == 1, "it is sent", 30)
    process.stop()
    assert len(notify.accepted) == 1 and len({post.bytes for post in notify.posts}) == 1


def test_kill_9_many_times(database, notify, by_notify):
    """Nobody is missed, and, as each can be looked up, nobody gets two."""
    crowd = Crowd(database, 60)
    for n in range(12):
        process = by_notify.start("--at", MINUS_7, ready=False, **QUICK, GT_MAIL_WORKERS=4)
        goal = min(60, 1 + 4 * n)
        programs.wait_until(lambda: len(notify.accepted) >= goal, "the moment to kill", 30)
        process.kill9()
        database.wait_left("gt_notifier")
        expire_leases(crowd)
        due_again(crowd)
    process = by_notify.start("--at", MINUS_7, **QUICK)
    programs.wait_until(lambda: crowd.count("sent") == 60, "everything is sent", 60)
    process.stop()
    assert sorted(one["email_address"] for one in notify.accepted) == sorted(crowd.addresses)


def test_sigterm_while_notify_thinks(database, notify, by_notify):
    """The answer that it waits for still counts."""
    crowd = Crowd(database, 1)
    hold = notify.hold()
    process = by_notify.start("--at", MINUS_7, **QUICK)
    hold.wait_reached()
    process.signal(signal.SIGTERM)
    hold.release()
    process.wait(0, 30)
    assert crowd.count("sent") == 1 and len(notify.posts) == 1
