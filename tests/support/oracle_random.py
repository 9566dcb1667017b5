"""Random worlds and random histories, each from one seed: what nobody would think of writing by hand."""

import datetime
from zoneinfo import ZoneInfo

from support.oracle import AUDIENCES
from support.oracle_calendar import DAY, ENGLAND, NORTHERN_IRELAND, SCOTLAND

ROLES = ("lead", "lead", "lead", "cabinet_member", "support", "consulted")
STATUSES = ("not_started", "in_progress", "in_progress", "complete", "on_hold", "cancelled", "transferred")
DIVISIONS = (ENGLAND, SCOTLAND, NORTHERN_IRELAND)
LABELS = (None, None, "Review", "Phase 1", "Adolygiad")


def moment(rng, day):
    """Some instant of that local day at which mail may leave."""
    opening = datetime.datetime.combine(day, datetime.time(8, 30), ZoneInfo("Europe/London"))
    return opening + datetime.timedelta(minutes=rng.choice((0, 1, rng.randint(0, 569), 569)))


def any_moment(rng, day):
    """Some instant of that day, in London mostly one at which mail may leave: plans begin to send at their own times."""
    if rng.random() < 0.8:
        return moment(rng, day)
    return datetime.datetime.combine(day, datetime.time(rng.randint(0, 23), rng.randint(0, 59)), ZoneInfo("Europe/London"))


def hours(rng, data, zones=("Europe/London", "Europe/London", "Atlantic/Azores", "Pacific/Honolulu"),
          times=((8, 30), (8, 30), (8, 0), (14, 0), (17, 30))):
    """Gives the plans times of their own at which they begin to send."""
    for plan in data["plans"].values():
        plan["time_zone"] = rng.choice(zones)
        plan["send_at"] = datetime.time(*rng.choice(times))


def flood(rng, data, centre):
    """Gives the first plan far more actions, all due on one day and led by three posts each."""
    names = list(data["leads"])
    due_on = some_day(rng, centre, 20)
    for m in range(rng.randint(80, 110)):
        one = action(rng, names, centre)
        one |= {"status": "in_progress", "assignments": dict.fromkeys(rng.sample(names, 3), "lead"),
                "deadlines": [{"revision": 1, "due_on": due_on, "label": None, "done_on": None}]}
        data["plans"]["plan-0"]["actions"][f"0.{100 + m}"] = one
    data["plans"]["plan-0"]["state"] = "active"


def some_day(rng, centre, spread):
    return centre + DAY * rng.randint(-spread, spread)


def ladder(rng):
    stages = {}
    for _ in range(rng.randint(1, 9)):
        offset = rng.choice((-28, -7, -1, 0, 1, 14, 28, rng.randint(-60, 60)))
        repeat = rng.choice((None, 1, 7, 10, 30)) if offset > 0 else None
        stages[offset, rng.choice(AUDIENCES)] = repeat
    return [(offset, audience, repeat) for (offset, audience), repeat in stages.items()]


def away(rng, centre):
    if rng.random() < 0.7:
        return None
    first = some_day(rng, centre, 80)
    return (first, first + DAY * rng.randint(0, 25))


def leads(rng, centre, count=None):
    names = [f"Post {n}" for n in range(count or rng.randint(3, 8))]
    made = {}
    for n, name in enumerate(names):
        others = [other for other in names if other != name]
        made[name] = {
            "email": f"post{n}@example.org" if rng.random() < 0.8 else None,
            "holder": rng.choice((None, f"Holder {n}")),
            "deputy": rng.choice(others) if rng.random() < 0.4 else None,
            # Of an earlier post, so that managers do not go round in a circle.
            "manager": rng.choice(names[:n]) if n and rng.random() < 0.6 else None,
            "away": away(rng, centre),
            "kind": rng.choice(("officer", "officer", "officer", "team", "cabinet_member")),
        }
    return made


def assignments(rng, names):
    return {name: rng.choice(ROLES) for name in rng.sample(names, rng.randint(0, min(4, len(names))))}


def deadlines(rng, centre):
    dated = {(some_day(rng, centre, 60), rng.choice(LABELS)) for _ in range(rng.choice((0, 1, 1, 1, 2, 3)))}
    return sorted(dated, key=str)


def action(rng, names, centre):
    return {
        "status": rng.choice(STATUSES[:3] if rng.random() < 0.8 else STATUSES),
        "created_on": centre - DAY * rng.randint(1, 120),
        "assignments": assignments(rng, names),
        "deadlines": [{"revision": 1, "due_on": due_on, "label": label,
                       "done_on": due_on - DAY if rng.random() < 0.08 else None}
                      for due_on, label in deadlines(rng, centre)],
        "updates": [],
    }


def world(rng):
    """A world around one moment of 2021 to 2023, and that moment."""
    centre = datetime.date(2021, 4, 1) + DAY * rng.randint(0, 880)
    posts = leads(rng, centre)
    names = list(posts)
    plans = {}
    for n in range(rng.randint(1, 3)):
        plans[f"plan-{n}"] = {
            "state": rng.choice(("active", "active", "active", "active", "active", "active", "draft", "closed")),
            "division": rng.choice((ENGLAND, ENGLAND, ENGLAND, SCOTLAND, NORTHERN_IRELAND)),
            "owner": rng.choice([None, *names]),
            "updates_every_days": rng.choice((None, None, None, 7, 30, rng.randint(1, 90))),
            "actions": {f"{n}.{m}": action(rng, names, centre) for m in range(1, rng.randint(3, 8))},
        }
    ladders = {slug: ladder(rng) for slug in plans if rng.random() < 0.6}
    if rng.random() < 0.3:
        ladders[None] = ladder(rng)
    closures = {some_day(rng, centre, 60) for _ in range(rng.choice((0, 0, 2, 6)))}
    if rng.random() < 0.3:  # a shutdown
        first = some_day(rng, centre, 40)
        closures |= {first + DAY * n for n in range(rng.randint(3, 12))}
    return {"leads": posts, "plans": plans, "ladders": ladders, "closures": closures}, centre


def change(rng, live, before, today):
    """One random change of the world between two passes."""
    data = live.data
    names = list(data["leads"])
    slug = rng.choice(list(data["plans"]))
    reference = rng.choice(list(data["plans"][slug]["actions"]))
    about = data["plans"][slug]["actions"][reference]
    kind = rng.choice(("status", "reassign", "revise", "done", *["update"] * 12,
                       *["address"] * 3, "away", "closure", "state", "ladder", "owner", "manager", "every", "bounce"))
    if kind == "status":
        live.status(slug, reference, rng.choice(STATUSES))
    elif kind == "reassign":
        live.reassign(slug, reference, assignments(rng, names))
    elif kind == "revise":
        new = deadlines(rng, today)
        if new:
            live.revise(slug, reference, new)
    elif kind == "done" and about["deadlines"]:
        n = rng.randrange(len(about["deadlines"]))
        live.deadline_done(slug, reference, n, rng.choice((None, before)))
    elif kind == "update":
        for who in about["assignments"]:
            live.update(slug, reference, who, before - DAY * rng.choice((0, 0, 1, 7)))
    elif kind == "address":
        name = rng.choice(names)
        live.save_lead(name, email=rng.choice((None, f"new{rng.randint(1, 99)}@example.org")))
    elif kind == "away":
        live.save_lead(rng.choice(names), away=away(rng, today))
    elif kind == "closure":
        live.close_council(some_day(rng, today, 20))
    elif kind == "state":
        live.plan(slug, state=rng.choice(("active", "active", "closed")))
    elif kind == "ladder":
        live.save_ladder(slug, ladder(rng))
    elif kind == "every":
        live.plan(slug, updates_every_days=rng.choice((None, 7, 30, 60)))
    elif kind == "bounce":
        email = data["leads"][rng.choice(names)]["email"]
        if email:
            live.bounce(email)
    elif kind == "owner":
        live.plan(slug, owner=rng.choice([None, *names]))
    elif kind == "manager":
        n = rng.randrange(len(names))
        live.save_lead(names[n], manager=rng.choice([None, *names[:n]]))


# ---------------------------------------------------------------------------- years

def years(rng, first, last, plans):
    """A world of that many plans in the three nations, whose deadlines are spread over these days."""
    length = (last - first).days
    posts = leads(rng, first, 5 + plans // 4)
    names = list(posts)
    made = {}
    for n in range(plans):
        centre = first + DAY * rng.randint(0, length)
        made[f"plan-{n}"] = {
            "state": rng.choice(("active", "active", "active", "active", "draft")),
            "division": DIVISIONS[n % 3],
            "owner": rng.choice([None, *names]),
            "updates_every_days": rng.choice((None, None, None, 30, 90)),
            "actions": {f"{n}.{m}": action(rng, names, centre) for m in range(1, rng.randint(2, 5))},
        }
    ladders = {slug: ladder(rng) for slug in made if rng.random() < 0.4}
    closures = {first + DAY * rng.randint(0, length) for _ in range(length // 90)}
    for year in range(first.year, last.year + 1):  # between Christmas and New Year
        closures |= {datetime.date(year, 12, day) for day in range(27, 32)} if rng.random() < 0.3 else set()
    return {"leads": posts, "plans": made, "ladders": ladders, "closures": closures}
