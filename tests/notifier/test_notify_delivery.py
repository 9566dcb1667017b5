"""What became of emails that GOV.UK Notify took: asked for when no receipt has told it within an hour."""
import pytest

from support import programs
from support.oracle_small import DEPUTY, MINUS_7, only_action, small, states

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")


@pytest.fixture
def live(database, by_notify):
    """Sent; as many hours ago as hours() says."""
    live = small(database, only_action)
    by_notify.once(MINUS_7)
    return live


def hours_pass(live, hours):
    live.sql(f"UPDATE message SET sent_at = sent_at - interval '{hours} hours', followed_at = followed_at - interval '{hours} hours'")


def became(live):
    return live.sql("SELECT delivery, delivery_at = '2022-03-24T08:31:00Z' FROM message")


@pytest.mark.parametrize("status", ["delivered", "temporary-failure", "technical-failure"])
def test_after_an_hour_it_is_asked(live, notify, by_notify, status):
    notify.become(status)
    by_notify.once(MINUS_7)
    assert notify.look_ups == [] and became(live) == [(None, None)], "a receipt may still come"
    hours_pass(live, 2)
    done = by_notify.once(MINUS_7)
    [look_up] = notify.look_ups
    assert look_up.path == f"/v2/notifications/{notify.accepted[0]['id']}"
    assert became(live) == [(status.replace("-", "_"), True)]
    assert '"event":"delivery_told"' in done.stderr.replace(" ", "")
    hours_pass(live, 2)
    by_notify.once(MINUS_7)
    assert len(notify.look_ups) == 1, "it is final"


def test_what_is_still_on_its_way_is_asked_again_every_hour(live, notify, by_notify):
    notify.become("sending", at=None)
    hours_pass(live, 2)
    by_notify.once(MINUS_7)
    by_notify.once(MINUS_7)
    assert len(notify.look_ups) == 1
    hours_pass(live, 2)
    notify.become("delivered")
    by_notify.once(MINUS_7)
    assert len(notify.look_ups) == 2 and became(live) == [("delivered", True)]


def test_after_seven_days_notify_has_forgotten_it(live, notify, by_notify):
    hours_pass(live, 24 * 7 + 1)
    by_notify.once(MINUS_7)
    assert notify.look_ups == []


def test_when_nobody_answers_it_waits_for_the_next_hour(live, notify, by_notify):
    notify.fail(500, "Exception", method="GET")
    hours_pass(live, 2)
    by_notify.once(MINUS_7)
    notify.behave()
    by_notify.once(MINUS_7)
    assert len(notify.look_ups) == 1
    hours_pass(live, 2)
    notify.become("delivered")
    by_notify.once(MINUS_7)
    assert became(live) == [("delivered", True)]


def test_a_running_notifier_asks_too_and_stops_at_once(live, notify, by_notify):
    notify.become("delivered")
    hours_pass(live, 2)
    process = by_notify.start("--at", MINUS_7)
    programs.wait_until(lambda: became(live) == [("delivered", True)], "it was told")
    process.stop(timeout=10)


def test_an_email_of_our_own_has_nobody_to_ask(database, mail, notifier):
    live = small(database, only_action)
    notifier.once(MINUS_7)
    hours_pass(live, 2)
    notifier.once(MINUS_7)
    assert became(live) == [(None, None)]


def test_an_address_that_is_nobodys(live, notify, by_notify):
    """As after a mail server's refusal: the same day's message is written anew for the deputy."""
    notify.become("permanent-failure")
    hours_pass(live, 2)
    by_notify.once(MINUS_7)
    assert live.sql("SELECT address FROM undeliverable") == [("roads@example.org",)]
    by_notify.once(MINUS_7)
    first, second = notify.accepted
    assert (first["email_address"], second["email_address"]) == ("roads@example.org", "deputy@example.org")
    assert first["reference"] != second["reference"] and "Ann Tarmac" in second["body"]
    assert live.sql("SELECT m.state::text, l.name, m.provider_id FROM message m JOIN lead l ON l.id = m.via_lead_id") \
        == [("sent", DEPUTY, second["id"])]
    assert set(states(live).values()) == {"sent"}
    assert live.sql("SELECT n, outcome, address, detail FROM attempt ORDER BY n") == [
        (1, "sent", "roads@example.org", first["id"]), (2, "sent", "deputy@example.org", second["id"])]


def test_nobody_of_them_has_an_address_that_works(live, notify, by_notify):
    """It ends: each address is tried once, then it is told that nobody can be reached."""
    for _ in range(6):
        notify.become("permanent-failure")
        hours_pass(live, 2)
        by_notify.once(MINUS_7)
    assert len({one["email_address"] for one in notify.accepted}) == len(notify.accepted) == 4
    assert live.sql("SELECT state::text, reason FROM message") == [("cancelled", "nobody can be reached")]
    assert set(states(live).values()) == {"unroutable"}
