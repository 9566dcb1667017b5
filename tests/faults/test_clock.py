"""Clocks that are wrong, are set, or are changed twice a year: each reminder once, and at its hour."""
import datetime
import os
import random

import pytest

from support.invariants import check_delivery
from support.oracle_mail import HEADING
from support.oracle_small import DUE, MINUS_7, ROADS, Crowd, only_action, plan_only, small, states

SEED = int(os.environ.get("GT_SEED", random.randrange(1_000_000)))
UTC = datetime.timezone.utc
HOUR = datetime.timedelta(hours=1)


def said(moment):
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_clock_that_is_set_while_it_runs(database, notifier, mail):
    """A day ahead, an hour back, five minutes to and fro: what is in the ledger is not sent again, whatever the hour says."""
    print(f"seed {SEED}")
    rng = random.Random(SEED)
    live = small(database, only_action)
    noon = datetime.datetime(2022, 3, 23, 12, tzinfo=UTC)  # a Wednesday; what applies is -28, and from Thursday on -7
    steps = [0, 24, 0, 23, 22, 24, -1, 25, 24]
    for hours in steps + rng.choices([-25, -24, -1, 0, 1, 23, 24, 25], k=6):
        notifier.once(said(noon + hours * HOUR + datetime.timedelta(minutes=rng.choice((-5, 0, 5)))))
    assert states(live) == {("1.1", "2022-03-31", ROADS, offset): "sent" for offset in (-28, -7)}
    assert [one.recipients for one in mail.mails] == [["roads@example.org"]] * 2
    assert all(len(HEADING.findall(one.text.replace("\r\n", "\n"))) == 1 for one in mail.mails)


def test_a_frozen_clock_and_one_that_leaps(database, notifier, mail):
    """Two notifiers whose clocks are days apart."""
    crowd = Crowd(database, 40)
    behind = notifier.start("--at", MINUS_7, GT_POLL_SECONDS=1)
    ahead = notifier.start("--at", "2022-03-25T12:00:00Z", GT_POLL_SECONDS=1)
    mail.wait_for(40)
    for process in (behind, ahead):
        process.stop()
    assert crowd.count("sent") == 40
    assert check_delivery(crowd, mail.mails) == dict.fromkeys(crowd.addresses, 1)


# The Sundays on which London's clocks change, and when the emails about them leave. At half past one on the first, no such
# time is on the clock; on the second it is there twice. 26 and 29 March 2027 are Good Friday and Easter Monday.
LEAVES = {"2027-03-28": ["2027-03-25T08:30:00Z", "2027-03-30T07:30:00Z"],
          "2026-10-25": ["2026-10-23T07:30:00Z", "2026-10-26T08:30:00Z"]}


@pytest.mark.parametrize("sunday", LEAVES)
def test_the_weekend_on_which_the_clocks_change(database, sunday):
    """Due on that Sunday: the email of the day itself goes on the working day before, the one after on the working day
    after, both at half past eight local, once; asked every half hour from Thursday to Tuesday."""
    due = datetime.date.fromisoformat(sunday)

    def on_that_day(data):
        only_action(data)
        [deadline] = data["plans"]["roads"]["actions"]["1.1"]["deadlines"]
        deadline["due_on"] = due
    live = small(database, on_that_day)
    moment = datetime.datetime.combine(due, datetime.time(), UTC) - 4 * 24 * HOUR
    end = moment + 7 * 24 * HOUR
    planned = []
    while moment < end:
        if plan_only(live, said(moment)):
            planned.append(said(moment))
            live.sql("UPDATE message SET state = 'cancelled'")
            live.sql("UPDATE reminder SET state = 'suppressed', reason = 'for the test' WHERE state = 'planned'")
        moment += datetime.timedelta(minutes=30)
    # The stages of -7 and earlier were reached long before the first of these days.
    assert planned[-2:] == LEAVES[sunday], (planned, live.ledger())
