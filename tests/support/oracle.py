"""Who must be reminded of what, and when: DESIGN section 5 once more, in plain Python.

Written from the design alone, before the SQL that it judges was read. It shares no code and no
data with the programs: bank holidays are typed in from the published lists, dates are Python's.

A world is plain dicts:

    {"closures": {date, …},
     "bounced": {address, …},
     "leads":   {name: {"email", "holder", "deputy": name, "manager": name, "away": (from, until)}},
     "ladders": {None: [(offset_days, audience, repeat_days or None), …], slug: […]},
     "plans":   {slug: {"state", "owner": name, "division", "updates_every_days",
                        "actions": {reference: {"status", "created_on",
                                                "assignments": {lead name: role},
                                                "deadlines": [{"revision", "label", "due_on",
                                                               "done_on", "in_force"}, …],
                                                "updates": [(lead name, date), …]}}}}}

A test changes the world between passes as it changes the database.
"""

import datetime
from dataclasses import dataclass

ENGLAND = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"

# https://www.gov.uk/bank-holidays, copied by hand.
PUBLISHED = {
    (ENGLAND, 2021): "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    (ENGLAND, 2022): "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    (ENGLAND, 2023): "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    (SCOTLAND, 2021): "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
    (SCOTLAND, 2022): "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    (SCOTLAND, 2023): "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    (NORTHERN_IRELAND, 2021): "01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28",
    (NORTHERN_IRELAND, 2022): "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27",
    (NORTHERN_IRELAND, 2023): "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26",
}

CHASED = ("not_started", "in_progress")
# Nearest to the work first. When two rules of one offset hold the same lead there is still one
# row; DESIGN does not say which of them names it, so the oracle takes the nearest.
AUDIENCES = ("lead", "support", "manager", "cabinet_member", "plan_owner")
QUIET_DAYS_AFTER_UPDATE = 7
DAY = datetime.timedelta(days=1)

DEFAULT_LADDER = [
    (-28, "lead", None), (-7, "lead", None), (-1, "lead", None), (0, "lead", None),
    (1, "lead", 7), (14, "manager", None), (28, "cabinet_member", None), (28, "plan_owner", None),
]


# ---------------------------------------------------------------------------- working days

def easter_sunday(year):
    """Gauss's rule in its Gregorian form (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def _nth_monday(year, month, n):
    first = datetime.date(year, month, 1)
    return first + DAY * ((-first.weekday()) % 7 + 7 * (n - 1))


def _last_monday(year, month):
    end = datetime.date(year + month // 12, month % 12 + 1, 1) - DAY
    return end - DAY * end.weekday()


def ruled_holidays(division, year):
    """The yearly rules, without proclamations; a day already taken pushes its substitute on."""
    fixed = [(1, 1)]
    if division == SCOTLAND:
        fixed.append((1, 2))
    if division == NORTHERN_IRELAND:
        fixed += [(3, 17), (7, 12)]
    if division == SCOTLAND:
        fixed.append((11, 30))
    fixed += [(12, 25), (12, 26)]
    named = [datetime.date(year, month, day) for month, day in fixed]
    days = {easter_sunday(year) - 2 * DAY, _nth_monday(year, 5, 1), _last_monday(year, 5)}
    if division != SCOTLAND:
        days.add(easter_sunday(year) + DAY)
    days.add(_nth_monday(year, 8, 1) if division == SCOTLAND else _last_monday(year, 8))
    days |= {day for day in named if day.weekday() < 5}
    for day in named:
        if day.weekday() >= 5:
            substitute = day
            while substitute.weekday() >= 5 or substitute in days:
                substitute += DAY
            days.add(substitute)
    return days


def bank_holidays(division, year):
    text = PUBLISHED.get((division, year))
    if text is None:
        return ruled_holidays(division, year)
    return {datetime.date.fromisoformat(f"{year}-{day}") for day in text.split()}


class Calendar:
    """Working days of one division, less the council's own closures."""

    def __init__(self, division, closures=()):
        self.division = division
        self.closures = frozenset(closures)
        self._years = {}

    def works(self, day):
        if day.weekday() >= 5 or day in self.closures:
            return False
        if day.year not in self._years:
            self._years[day.year] = bank_holidays(self.division, day.year)
        return day not in self._years[day.year]

    def stage_day(self, due_on, offset_days):
        step = -DAY if offset_days <= 0 else DAY
        day = due_on + DAY * offset_days
        while not self.works(day):
            day += step
        return day

    def days(self, first, last):
        day = first
        while day <= last:
            if self.works(day):
                yield day
            day += DAY


# ---------------------------------------------------------------------------- the ladder

@dataclass(frozen=True)
class Stage:
    offset_days: int
    stage_day: datetime.date
    audience: str
    repeats: bool  # a repetition, not the stage that the ladder names


def latest_stage(calendar, due_on, rules, day):
    """The latest stage of these rules that has come by this day, or None."""
    best = None
    for offset, audience, repeat in rules:
        times = 0
        while True:
            at = offset + times * (repeat or 0)
            stage_day = calendar.stage_day(due_on, at)
            if stage_day > day:
                break
            stage = Stage(at, stage_day, audience, times > 0)
            if best is None or _rank(stage) > _rank(best):
                best = stage
            if not repeat:
                break
            times += 1
    return best


def _rank(stage):
    return (stage.stage_day, stage.offset_days, -AUDIENCES.index(stage.audience))


def audiences(world, plan, action):
    """{lead name: {audience, …}} of one action."""
    heard = {}

    def hears(name, audience):
        if name is not None:
            heard.setdefault(name, set()).add(audience)

    for name, role in action["assignments"].items():
        if role in ("lead", "support", "cabinet_member"):
            hears(name, role)
        if role == "lead":
            hears(world["leads"][name].get("manager"), "manager")
    hears(plan.get("owner"), "plan_owner")
    return heard


# ---------------------------------------------------------------------------- routing

def reachable(world, lead, day):
    """There is an address, no mail server said that it is nobody's, and they are there."""
    away = lead.get("away")
    email = lead.get("email")
    return bool(email) and email not in world.get("bounced", ()) and not (away and away[0] <= day <= away[1])


def route(world, plan, name, day):
    """[lead who receives it, why] or None: the lead, else the deputy, the manager, the owner."""
    lead = world["leads"][name]
    for via, other in (("lead", name), ("deputy", lead.get("deputy")),
                       ("manager", lead.get("manager")), ("plan_owner", plan.get("owner"))):
        if other is not None and reachable(world, world["leads"][other], day):
            return other, via
    return None


# ---------------------------------------------------------------------------- the ledger

@dataclass
class Row:
    """One line of the ledger. Where an update is asked for, there is no deadline (revision, due_on and
    label are None) but the day since which there was none."""

    plan: str
    action: str
    revision: int
    due_on: datetime.date
    label: str
    silent_since: datetime.date
    lead: str
    offset_days: int
    stage_day: datetime.date
    day: datetime.date
    audience: str
    state: str  # planned, sent, lapsed, suppressed, unroutable
    to: str = None  # the lead who receives it

    def key(self):
        return (self.plan, self.action, self.revision, self.due_on, self.label, self.silent_since, self.lead,
                self.offset_days)

    def entry(self):
        return (self.action, self.due_on or self.silent_since, self.label, self.lead, self.offset_days, self.day,
                self.audience)


class Oracle:
    """The ledger after a sequence of passes over a world that may change between them."""

    def __init__(self, world):
        self.world = world
        self.rows = {}
        self.told = set()  # (lead, day): one email a lead a day
        self._calendars = {}

    def ledger(self):
        return {row.entry() for row in self.rows.values() if row.state == "sent"}

    def calendar(self, plan):
        key = (plan.get("division", ENGLAND), frozenset(self.world.get("closures", ())))
        if key not in self._calendars:
            self._calendars[key] = Calendar(*key)
        return self._calendars[key]

    def run(self, day, deliver=True):
        """One pass on this local day within sending hours: the rows that are written.

        Without delivery they stay planned; the next working day takes them up again, in that
        day's terms, so far as their stage still applies.
        """
        plans = {slug: plan for slug, plan in self.world["plans"].items()
                 if plan.get("state", "active") == "active" and self.calendar(plan).works(day)}
        if plans:
            for row in self.rows.values():
                if row.state == "planned" and row.day < day:
                    row.state = "lapsed"
        written = []
        for slug, plan in plans.items():
            for reference, action in plan["actions"].items():
                if action.get("status", "not_started") in CHASED:
                    written += self._action(slug, plan, reference, action, day)
        for row in written:
            self.rows[row.key()] = row
        if deliver:
            self.deliver(day)
        return written

    def deliver(self, day):
        for row in self.rows.values():
            if row.state == "planned" and row.day == day:
                row.state = "sent"
                self.told.add((row.lead, day))

    def _action(self, slug, plan, reference, action, day):
        ladders = self.world.get("ladders", {})
        ladder = ladders.get(slug, ladders.get(None, DEFAULT_LADDER))
        written = []
        for name, held in audiences(self.world, plan, action).items():
            if (name, day) in self.told:
                continue
            rules = [rule for rule in ladder if rule[1] in held]
            to = route(self.world, plan, name, day)
            for deadline in action["deadlines"]:
                if deadline.get("done_on") or not deadline.get("in_force", True):
                    continue
                stage = latest_stage(self.calendar(plan), deadline["due_on"], rules, day)
                if stage is None:
                    continue
                row = Row(slug, reference, deadline.get("revision", 1), deadline["due_on"],
                          deadline.get("label"), None, name, stage.offset_days, stage.stage_day, day,
                          stage.audience, "planned", to[0] if to else None)
                quiet = stage.repeats and _heard_from(name, action, day)
                written += self._settle(row, to, quiet)
            if action["assignments"].get(name) == "lead":
                written += self._ask(slug, plan, reference, action, name, to, day)
        return written

    def _ask(self, slug, plan, reference, action, name, to, day):
        """Chase a lead whose chased action has had no update for that long: once for each such stretch."""
        every = plan.get("updates_every_days")
        if not every:
            return []
        since = max([on for _, on in action.get("updates", ())], default=action["created_on"])
        stage = None
        while True:
            days = (stage.offset_days if stage else 0) + every
            stage_day = self.calendar(plan).stage_day(since, days)
            if stage_day > day:
                break
            stage = Stage(days, stage_day, "lead", False)
        if stage is None:
            return []
        return self._settle(Row(slug, reference, None, None, None, since, name, stage.offset_days, stage.stage_day,
                                day, "lead", "planned", to[0] if to else None), to, False)

    def _settle(self, row, to, quiet):
        """The row as it is written, or nothing when the ledger has it."""
        old = self.rows.get(row.key())
        if old and old.state != "lapsed" and not (old.state == "unroutable" and to):
            return []
        if quiet:
            row.state, row.to = "suppressed", None
        elif not to:
            row.state = "unroutable"
        return [row]


def _heard_from(name, action, day):
    return any(who == name and day - DAY * QUIET_DAYS_AFTER_UPDATE <= on <= day
               for who, on in action.get("updates", ()))
