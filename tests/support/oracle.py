"""Who must be reminded of what, and when: DESIGN section 5 once more, in plain Python.

Written from the design alone, before the SQL that it judges was read. It shares no code and no
data with the programs: bank holidays are typed in from the published lists, dates are Python's.

A world is plain dicts:

    {"closures": {date, …},
     "bounced": {address, …},
     "leads":   {name: {"email", "holder", "deputy": name, "manager": name, "away": (from, until), "kind"}},
     "ladders": {None: [(offset_days, audience, repeat_days or None), …], slug: […]},
     "plans":   {slug: {"state", "owner": name, "division", "updates_every_days", "time_zone", "send_at",
                        "actions": {reference: {"status", "created_on",
                                                "assignments": {lead name: role},
                                                "deadlines": [{"revision", "label", "due_on",
                                                               "done_on", "in_force"}, …],
                                                "updates": [(lead name, date), …]}}}}}

A test changes the world between passes as it changes the database.
"""

import dataclasses
import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from support.oracle_calendar import DAY, ENGLAND, Calendar

CHASED = ("not_started", "in_progress")
OPEN = (*CHASED, "on_hold")
# Nearest to the work first. When two rules of one offset hold the same lead there is still one
# row; DESIGN does not say which of them names it, so the oracle takes the nearest.
AUDIENCES = ("lead", "support", "manager", "cabinet_member", "plan_owner")
QUIET_DAYS_AFTER_UPDATE = 7
OPENS, CLOSES = datetime.time(8, 30), datetime.time(18)
FLOOD_LEAST, FLOOD_TIMES = 200, 5

DEFAULT_LADDER = [
    (-28, "lead", None), (-7, "lead", None), (-1, "lead", None), (0, "lead", None),
    (1, "lead", 7), (14, "manager", None), (28, "cabinet_member", None), (28, "plan_owner", None),
]


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
        # Of a repetition only the last ones matter; 60 days are longer than any closure.
        times = max(0, ((day - due_on).days - offset - 60) // repeat) if repeat else 0
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


def portfolios(world):
    """{cabinet member: the plans in which open actions name them so, or are led by a lead of that kind}"""
    found = {}
    for slug, plan in world["plans"].items():
        if plan.get("state", "active") != "active":
            continue
        for action in plan["actions"].values():
            if action.get("status", "not_started") not in OPEN:
                continue
            for name, role in action["assignments"].items():
                if role == "cabinet_member" or (
                        role == "lead" and world["leads"][name].get("kind") == "cabinet_member"):
                    found.setdefault(name, set()).add(slug)
    return found


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


@dataclass
class Summary:
    """One line of the ledger of summaries."""

    lead: str
    month: tuple  # (year, month)
    day: datetime.date
    state: str  # planned, sent, lapsed, suppressed, unroutable
    to: str = None

    def settled(self):
        return self.state in ("planned", "sent", "suppressed")


@dataclass
class Held:
    """A day that waits, or waited, for a person."""

    reminders: int
    decision: str = None


class Oracle:
    """The ledger after a sequence of passes over a world that may change between them."""

    def __init__(self, world):
        self.world = world
        self.rows = {}
        self.summaries = {}  # by (lead, month)
        self.told = set()  # (lead, day): one email a lead a day
        self.looked = {}  # by plan: the last two days on which it was looked at, newest last
        self.held = {}  # by day
        self.owed = []
        self._calendars = {}
        self._by_day = {}  # the keys of the rows of each day, and of days that they were on before

    def ledger(self):
        return {row.entry() for row in self.rows.values() if row.state == "sent"}

    def calendar(self, plan):
        key = (plan.get("division", ENGLAND), frozenset(self.world.get("closures", ())))
        if key not in self._calendars:
            self._calendars[key] = Calendar(*key)
        return self._calendars[key]

    # ---- which plans send ----

    def _active(self):
        return {slug: plan for slug, plan in self.world["plans"].items() if plan.get("state", "active") == "active"}

    def sending(self, at):
        """{plan: its local day} of those that send at that moment."""
        days = {}
        for slug, plan in self._active().items():
            local = local_time(plan, at)
            if plan.get("send_at", OPENS) <= local.time() < CLOSES and self.calendar(plan).works(local.date()):
                days[slug] = local.date()
        return days

    def _later(self, at, days):
        """{plan: its local day} of those that begin to send later today, before the first that sends now ends."""
        plans = self.world["plans"]
        end = min((instant(plans[slug], day, CLOSES) for slug, day in days.items()), default=None)
        later = {}
        for slug, plan in self._active().items():
            local = local_time(plan, at)
            begins = plan.get("send_at", OPENS)
            if (end and local.time() < begins and self.calendar(plan).works(local.date())
                    and instant(plan, local.date(), begins) < end):
                later[slug] = local.date()
        return later

    # ---- a pass ----

    def run(self, at, deliver=True):
        """One pass at that moment (a date: at noon in London): the rows that are written, summaries among them.

        Without delivery they stay planned; the next working day takes them up again, in that
        day's terms, so far as their stage still applies.
        """
        if not isinstance(at, datetime.datetime):
            at = datetime.datetime.combine(at, datetime.time(12), ZoneInfo("Europe/London"))
        days = self.sending(at)
        if days:
            self._lapse(min(days.values()))
        summaries, taken = self._summaries(at, days)
        waiting = {(row.lead, row.day) for row in self._reminders(self._later(at, days), taken)
                   if row.state == "planned"}
        reminders = [row for row in self._reminders(days, taken) if (row.lead, row.day) not in waiting]
        self.owed = [dataclasses.replace(row) for row in reminders + summaries]  # before the guard
        written = self._guard(reminders + summaries)
        for row in written:
            self._write(row)
        self._note(days)
        if deliver:
            for day in set(days.values()):
                self.deliver(day)
        return written

    def _write(self, row):
        if isinstance(row, Summary):
            self.summaries[row.lead, row.month] = row
            return
        self.rows[row.key()] = row
        self._by_day.setdefault(row.day, set()).add(row.key())

    def _on(self, day):
        return [row for key in self._by_day.get(day, ()) if (row := self.rows[key]).day == day]

    def _lapse(self, today):
        for row in [*self.rows.values(), *self.summaries.values()]:
            if row.state == "planned" and row.day < today:
                row.state = "lapsed"

    def deliver(self, day):
        for row in self._on(day):
            if row.state == "planned":
                row.state = "sent"
                self.told.add((row.lead, day))
        for row in self.summaries.values():
            if row.state == "planned" and row.day == day:
                row.state = "sent"

    # ---- summaries ----

    def _summaries(self, at, days):
        """Those owed now, and {(lead, day)} that belong to a summary: those, earlier ones, and those to come."""
        written, taken = [], {(row.lead, row.day) for row in self.summaries.values()}
        for name, slugs in portfolios(self.world).items():
            due = {}  # by month, then by plan
            for slug in slugs:
                day = self._next_day(slug, at)
                if self._summary_is_due(name, slug, day):
                    due.setdefault((day.year, day.month), {})[slug] = day
            for month, when in due.items():
                day = min(when.values())
                to = self._summary_route(name, slugs, day)
                known = self.summaries.get((name, month))
                if known and known.state == "unroutable" and not to:
                    continue
                taken.add((name, day))
                if any(on == day and days.get(slug) == day for slug, on in when.items()):
                    written.append(Summary(name, month, day, "planned" if to else "unroutable", to))
        return written, taken

    def _next_day(self, slug, at):
        """The first day from then on, on which the plan's mail can leave."""
        plan = self.world["plans"][slug]
        local = local_time(plan, at)
        return self.calendar(plan).move(local.date() + (DAY if local.time() >= CLOSES else DAY * 0), DAY)

    def _summary_is_due(self, name, slug, day):
        """On the month's first working day; later when it was missed, or could not leave."""
        known = self.summaries.get((name, (day.year, day.month)))
        if (name, day) in self.told or any(row.lead == name and row.state == "planned" for row in self._on(day)):
            return False
        if known:
            return not known.settled()
        first = self.calendar(self.world["plans"][slug]).first_of_month(day)
        before = [on for on in self.looked.get(slug, ()) if on < day]
        return day == first or bool(before) and before[-1] < first

    def _summary_route(self, name, slugs, day):
        """The lead, deputy, manager or, of the plans in the order in which they were made, the first owner there."""
        for slug in self.world["plans"]:
            to = slug in slugs and route(self.world, self.world["plans"][slug], name, day)
            if to:
                return to[0]
        return None

    # ---- the flood guard ----

    def _guard(self, rows):
        """What of these is written: a day with far more than usual waits, or is rejected."""
        written, self._seen = [], set()
        for day in {row.day for row in rows}:
            ours = [row for row in rows if row.day == day]
            count = sum(row.state == "planned" for row in ours)
            word = self._verdict(day, count) if count else "send"
            if word == "reject":
                for row in ours:
                    if row.state == "planned":
                        row.state, row.to = "suppressed", None
            if word != "hold":
                written += ours
        return written

    def _verdict(self, day, count):
        counted = ("planned", "sent")
        whole = (count + sum(row.state in counted for row in self._on(day))
                 + sum(row.state in counted and row.day == day for row in self.summaries.values()))
        if whole <= FLOOD_LEAST:
            return "send"
        usual = [n for on in sorted(self._by_day, reverse=True) if day - DAY * 90 <= on < day
                 and (n := sum(row.state in counted for row in self._on(on)))][:20]
        most = max(FLOOD_LEAST, FLOOD_TIMES * sorted(usual)[(len(usual) - 1) // 2] if usual else 0)
        held = self.held.get(day)
        if held and held.decision == "approved":
            most = max(most, held.reminders + FLOOD_LEAST)
        if whole <= most:
            return "send"
        if held and held.decision == "rejected":
            return "reject"
        self.held[day] = Held(whole)
        self._seen.add(day)
        return "hold"

    def decide(self, day, decision):
        """A person approves or rejects a day that is held."""
        self.held[day].decision = decision

    def _note(self, days):
        """What was looked at. A day that is held is not over; what was mended is held no longer."""
        for day in set(days.values()) - self._seen:
            if day in self.held and not self.held[day].decision:
                del self.held[day]
        for slug in set(self.looked) - set(self._active()):
            del self.looked[slug]
        for slug, day in days.items():
            if day in self.held and not self.held[day].decision:
                self.looked.setdefault(slug, [day - DAY])
            elif day not in self.looked.get(slug, ()):
                self.looked[slug] = [*self.looked.get(slug, [])[-1:], day]

    # ---- reminders ----

    def _reminders(self, days, taken):
        """What the plans owe on these days and the ledger does not have."""
        written = []
        for slug, day in days.items():
            plan = self.world["plans"][slug]
            for reference, action in plan["actions"].items():
                if action.get("status", "not_started") in CHASED:
                    written += self._action(slug, plan, reference, action, day, taken)
        return written

    def _action(self, slug, plan, reference, action, day, taken):
        ladders = self.world.get("ladders", {})
        ladder = ladders.get(slug, ladders.get(None, DEFAULT_LADDER))
        written = []
        for name, held in audiences(self.world, plan, action).items():
            if (name, day) in taken:
                continue
            rules = [rule for rule in ladder if rule[1] in held]
            to = route(self.world, plan, name, day)
            # What nobody can be told, or need be told today, is on record on its day.
            busy = bool(to) and (name, day) in self.told
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
                written += [] if busy and not quiet else self._settle(row, to, quiet)
            if action["assignments"].get(name) == "lead" and not busy:
                written += self._ask(slug, plan, reference, action, name, to, day)
        return written

    def _ask(self, slug, plan, reference, action, name, to, day):
        """Chase a lead whose chased action has had no update for that long: once for each such stretch."""
        every = plan.get("updates_every_days")
        if not every:
            return []
        since = max([on for _, on in action.get("updates", ())], default=action["created_on"])
        stage = latest_stage(self.calendar(plan), since, [(every, "lead", every)], day)
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


def local_time(plan, at):
    return at.astimezone(ZoneInfo(plan.get("time_zone", "Europe/London")))


def instant(plan, day, time):
    return datetime.datetime.combine(day, time, ZoneInfo(plan.get("time_zone", "Europe/London")))


def _heard_from(name, action, day):
    return any(who == name and day - DAY * QUIET_DAYS_AFTER_UPDATE <= on <= day
               for who, on in action.get("updates", ()))
