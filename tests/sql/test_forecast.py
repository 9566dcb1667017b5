"""What the forecast says of a stretch of days is what the sender then does, day by day: random worlds.

Three tell the same story: the forecast before the first day, the planner's own ledger after passes on
every day of it, and the oracle, which shares no code with either. GT_SEED=n runs one seed again.
"""
import collections
import datetime
import os
import random
from zoneinfo import ZoneInfo

import pytest

from support import oracle, oracle_random, oracle_world

pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating connection due to administrator command")
SEEDS = [int(os.environ["GT_SEED"])] if "GT_SEED" in os.environ else range(24)
LONDON = ZoneInfo("Europe/London")
FORECAST = ("SELECT body->>'day', (body->>'deadline')::bigint, (body->>'action')::bigint, (body->>'offset_days')::int,"
            " lead_id, body->>'role', (body->>'via')::bigint FROM reminder_forecast(ARRAY(SELECT s FROM plans_sending_from(%s, %s, %s) s))")
WRITTEN = ("SELECT r.day::text, r.deadline_id, a.id, r.offset_days, r.lead_id, r.audience::text,"
           " CASE WHEN r.state <> 'unroutable' THEN"
           " (SELECT via FROM lead_route(r.lead_id, p.owner_id, r.day)) END, r.updated_at"
           " FROM reminder r LEFT JOIN deadline d ON d.id = r.deadline_id"
           " JOIN action a ON a.id = coalesce(r.action_id, d.action_id)"
           " JOIN plan p ON p.id = a.plan_id WHERE r.day = %s AND r.state IN ('planned', 'unroutable')")
SUMMARISED = ("SELECT day::text, NULL::bigint, NULL::bigint, NULL::int, lead_id, 'cabinet_member',"
              " CASE WHEN state = 'planned' THEN (SELECT via FROM summary_route(lead_id, day)) END FROM summary WHERE day = %s")


@pytest.fixture(scope="module")
def seen():
    return collections.Counter()


def noon(day):
    return datetime.datetime.combine(day, datetime.time(12), LONDON)


def pass_on(live, day):
    """What a pass at noon writes, all of it delivered."""
    before = {row[:7] for row in live.sql(WRITTEN, day)}
    summaries = {tuple(row) for row in live.sql(SUMMARISED, day)}
    live.sql("SELECT reminder_plan(%s)", noon(day))
    rows = {row[:7] for row in live.sql(WRITTEN, day)} - before
    rows |= {tuple(row) for row in live.sql(SUMMARISED, day)} - summaries
    live.deliver(day)
    return rows


def as_rows(live, written, day):
    """The oracle's rows of a day, to be compared with the forecast's."""
    ids = live.lead_ids
    return {(str(day), None, None, None, ids[row.lead], "cabinet_member", ids.get(row.to)) if isinstance(row, oracle.Summary)
            else (str(day), live.action_ids[row.plan, row.action], row.due_on, row.offset_days, ids[row.lead], row.audience,
                  ids.get(row.to)) for row in written if row.state != "suppressed"}


def told_rows(live, told):
    due = dict(live.sql("SELECT id, due_on FROM deadline"))
    return {(day, action, due.get(deadline), *rest) for day, deadline, action, *rest in told}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_forecast_is_what_then_happens(database, seen, seed):
    rng = random.Random(seed)
    data, centre = oracle_random.world(rng)
    live = oracle_world.World(database.connect(), data)
    judge = oracle.Oracle(data)
    day = centre - oracle.DAY * 60
    while day < centre:  # a past, so that the ledger is not empty
        oracle_random.change(rng, live, day - oracle.DAY, day)
        pass_on(live, day)
        judge.run(day)
        day += oracle.DAY * rng.randint(1, 12)
    first, last = day, day + oracle.DAY * rng.randint(0, 120)
    oracle_random.change(rng, live, day - oracle.DAY, day)
    if rng.random() < 0.4:  # today's emails have gone already
        pass_on(live, first)
        judge.run(first)
        oracle_random.change(rng, live, day - oracle.DAY, day)
    told = set(live.sql(FORECAST, noon(first), first, last))
    assert {row[0] for row in told} <= {str(first + oracle.DAY * n) for n in range((last - first).days + 1)}
    done, theirs = set(), set()
    while day <= last:
        done |= pass_on(live, day)
        theirs |= as_rows(live, judge.run(day), day)
        day += oracle.DAY
    assert told == done, f"seed {seed}: missing {done - told}, too much {told - done}"
    ours = told_rows(live, told)
    assert ours == theirs, f"seed {seed}: missing {theirs - ours}, too much {ours - theirs}"
    seen["told"] += len(told)
    seen["asked"] += sum(row[1] is None for row in told)
    seen["unroutable"] += sum(row[6] is None for row in told)
    seen["deputised"] += sum(row[6] not in (None, row[4]) for row in told)
    seen["came back"] += len(told) - len({row[1:5] for row in told})


def test_the_random_worlds_were_not_idle(seen):
    if len(SEEDS) < 24:
        pytest.skip("only some of the seeds were run")
    print(dict(seen))
    assert seen["told"] > 500 and seen["asked"] > 100 and seen["unroutable"] > 10 and seen["deputised"] > 50 and seen["came back"] > 2, seen
