"""Random plans through the years, day by day: ledger and forecast are the oracle's, row for row.

Each world has plans in the three nations, ladders, closures and posts of its own, and changes all the time. Between two
changes the forecast of all days to come is asked for, the planner looks on each of them, and the three must agree: what was
foretold, what is in the ledgers, and what the oracle says. In between come rougher weeks, in which the notifier is down or mail
cannot leave. The planner alone is judged here; delivery is marked as done by the test.

tests/run soak runs 5 worlds of 100 plans from 2021 to 2025. GT_SEED=n runs one of them again.
"""
import collections
import datetime
import os
import random

import pytest

from support import oracle, oracle_random, oracle_world
from support.oracle_compare import expect_same, tell

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
SOAK = "GT_SOAK" in os.environ
FIRST = datetime.date(2021, 1, 1)
LAST = datetime.date(2025, 12, 31) if SOAK else datetime.date(2021, 7, 31)
PLANS = 100 if SOAK else 6
SEEDS = [int(os.environ["GT_SEED"])] if "GT_SEED" in os.environ else range(5 if SOAK else 2)
FORECAST = """
SELECT (body->>'day')::date, (body->>'action')::bigint, (body->>'due_on')::date, (body->>'offset_days')::int, lead_id,
       body->>'role', (body->>'via')::bigint
FROM reminder_forecast(ARRAY(SELECT s FROM plans_sending_from(%s, %s, %s) s))
"""


@pytest.fixture(scope="module")
def seen():
    return collections.Counter()


def openings(rng, judge, day):
    """The moments of a day at which one of the plans begins to send; on most days off none."""
    plans = judge.world["plans"].values()
    if rng.random() > 0.1 and not any(judge.calendar(plan).works(day) for plan in plans):
        return []
    return sorted({oracle.instant(plan, day, plan.get("send_at", oracle.OPENS)) for plan in plans})


def as_told(live, row):
    """A row of the oracle as the forecast tells it."""
    lead, to = live.lead_ids[row.lead], live.lead_ids.get(row.to)
    if isinstance(row, oracle.Summary):
        return (row.day, None, None, None, lead, "cabinet_member", to)
    return (row.day, live.action_ids[row.plan, row.action], row.due_on, row.offset_days, lead, row.audience, to)


def look(rng, live, judge, day, seen, deliver=True):
    """What the planner and the oracle do on a day; a person approves what is held. Gives the oracle's rows."""
    written = []
    for at in openings(rng, judge, day):
        for _ in range(2):
            live.sql("SELECT reminder_plan(%s)", at)
            written += judge.run(at, deliver)
            seen["passes"] += 1
            held = [on for on, one in judge.held.items() if not one.decision]
            for on in held:
                live.decide(on, "approved")
                judge.decide(on, "approved")
                seen["held"] += 1
            if not held:
                break
        if deliver:
            live.deliver(day)
    return written


def live_as_foretold(rng, live, judge, seed, day, last, seen):
    """A stretch of days in which nothing changes."""
    at = oracle.instant({}, day, datetime.time(rng.randint(0, 7)))
    told = set(live.sql(FORECAST, at, day, last))
    happened = set()
    while day <= last:
        happened |= {as_told(live, row) for row in look(rng, live, judge, day, seen) if row.state != "suppressed"}
        day += oracle.DAY
    assert told == happened, (f"seed {seed}, the forecast of {at} to {last}:\n" + tell("not told", happened - told) + "\n"
                              + tell("told, but did not happen", told - happened))
    seen["foretold"] += len(told)
    seen["foretold summaries"] += sum(action is None for _, action, *_ in told)


def live_roughly(rng, live, judge, day, last, seen):
    """A stretch of days on some of which the notifier is down, or nothing can be delivered, or something changes."""
    while day <= last:
        if rng.random() < 0.6:
            look(rng, live, judge, day, seen, deliver=rng.random() < 0.7)
        if rng.random() < 0.2:
            oracle_random.change(rng, live, day, day)
        day += oracle.DAY


@pytest.mark.parametrize("seed", SEEDS)
def test_ledger_and_forecast_are_the_oracles(database, seen, seed):
    print(f"seed {seed}")
    rng = random.Random(1000 + seed)
    data = oracle_random.years(rng, FIRST, LAST, PLANS)
    if seed % 5 == 1:
        oracle_random.hours(rng, data, ("Europe/London", "Atlantic/Azores"), ((8, 30),) if SOAK else ((8, 0), (8, 30), (14, 0)))
    live = oracle_world.World(database.connect(), data)
    judge = oracle.Oracle(data)
    day = FIRST
    while day <= LAST:
        live.sql("ANALYZE")
        for _ in range(rng.randint(0, PLANS // 4)):
            oracle_random.change(rng, live, day - oracle.DAY, day)
        last = min(LAST, day + oracle.DAY * rng.randint(0, rng.choice((3, 30, 90))))
        if rng.random() < 0.8:
            live_as_foretold(rng, live, judge, seed, day, last, seen)
        else:
            live_roughly(rng, live, judge, day, min(last, day + oracle.DAY * 10), seen)
            last = min(last, day + oracle.DAY * 10)
        expect_same(live, judge, seed, last)
        seen["comparisons"] += 1
        print(f"{last}: {len(judge.rows)} reminders, {len(judge.summaries)} summaries")
        day = last + oracle.DAY
    seen["worlds"] += 1
    seen["plans"] += len(data["plans"])
    seen["days"] += (LAST - FIRST).days + 1
    seen["summaries"] += len(judge.summaries)
    seen["reminders"] += len(judge.rows)
    seen.update(row.state for row in judge.rows.values())


def test_the_years_were_not_idle(seen):
    print(dict(seen))
    if not seen["worlds"]:
        pytest.skip("none was run")
    assert seen["sent"] > 100 * seen["worlds"] and seen["foretold"] > 100 * seen["worlds"]
    assert seen["foretold summaries"] > 3 * seen["worlds"]
    assert not SOAK or (seen["unroutable"] and seen["lapsed"])
