"""Puts an oracle's world into a database with plain INSERTs, changes both alike, and reads the ledger back."""

import datetime

from support.oracle import DEFAULT_LADDER, Row

TABLES = ("summary, plan_pass, attempt, reminder, undeliverable, held_day, message, update, deadline, timescale, assignment, action, recommendation, "
          "ladder_stage, ladder, plan, closure, lead, notifier_pass")


class World:
    """The world of a test: `self.data` for the oracle, the same in the database behind `self.db`."""

    def __init__(self, db, data, load=True):
        """load=False: the database holds that world already (an import made it)."""
        self.db = db
        self.data = data
        self.lead_ids = {}
        self.plan_ids = {}
        self.action_ids = {}
        if load:
            self._load()
        else:
            self._find()

    # ---- loading ----

    def _find(self):
        self.lead_ids = dict(self.sql("SELECT name, id FROM lead"))
        self.plan_ids = dict(self.sql("SELECT slug, id FROM plan"))
        self.action_ids = {(slug, reference): n for slug, reference, n in self.sql(
            "SELECT p.slug, a.reference, a.id FROM action a JOIN plan p ON p.id = a.plan_id")}
        unknown = set(self.data["leads"]) ^ set(self.lead_ids)
        assert not unknown, f"posts of only one side: {unknown}"
        actions = {(slug, reference) for slug, plan in self.data["plans"].items() for reference in plan["actions"]}
        assert actions == set(self.action_ids), actions ^ set(self.action_ids)

    def sql(self, text, *values):
        with self.db.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, text, *values):
        return self.sql(text, *values)[0][0]

    def _load(self):
        self.sql(f"TRUNCATE {TABLES} RESTART IDENTITY CASCADE")
        for name in self.data["leads"]:
            self.lead_ids[name] = self.one(
                "INSERT INTO lead (name, post_key, kind) VALUES (%s, lower(%s), %s) RETURNING id", name, name,
                self.data["leads"][name].get("kind", "officer"))
        for name in self.data["leads"]:
            self.save_lead(name)
        for day in self.data.get("closures", ()):
            self._close(day)
        for address in self.data.get("bounced", ()):
            self._bounce(address)
        for slug in self.data["plans"]:
            self._load_plan(slug)
        ladders = self.data.setdefault("ladders", {})
        ladders.setdefault(None, list(DEFAULT_LADDER))
        for slug in ladders:
            self.save_ladder(slug)

    def _load_plan(self, slug):
        plan = self.data["plans"][slug]
        self.plan_ids[slug] = self.one(
            "INSERT INTO plan (slug, title, organisation, state, division, owner_id, source_url, updates_every_days,"
            " time_zone, send_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
            slug, plan.get("title", f"Plan {slug}"), plan.get("organisation", "St Helens Borough Council"),
            plan.get("state", "active"), plan.get("division", "england-and-wales"),
            self.lead_ids.get(plan.get("owner")), plan.get("source_url"), plan.get("updates_every_days"),
            plan.get("time_zone", "Europe/London"), plan.get("send_at", datetime.time(8, 30)))
        for n, reference in enumerate(plan["actions"], 1):
            self._load_action(slug, n, reference)

    def _load_action(self, slug, n, reference):
        action = self.data["plans"][slug]["actions"][reference]
        plan_id = self.plan_ids[slug]
        recommendation = self.one(
            "INSERT INTO recommendation (plan_id, number, text, position) VALUES (%s, %s, %s, %s) RETURNING id",
            plan_id, str(n), action.get("recommendation", f"Recommendation {n}"), n)
        self.action_ids[slug, reference] = self.one(
            "INSERT INTO action (plan_id, recommendation_id, reference, description, status, created_at)"
            " VALUES (%s, %s, %s, %s, %s, coalesce(%s::timestamp AT TIME ZONE 'Europe/London', now())) RETURNING id",
            plan_id, recommendation, reference, action.get("description", f"Do what {reference} says"),
            action.get("status", "not_started"), _noon(action.get("created_on")))
        for name, role in action["assignments"].items():
            self._assign(slug, reference, name, role)
        for revision in sorted({d.get("revision", 1) for d in action["deadlines"]}):
            self._load_timescale(slug, reference, revision)
        for name, on in action.get("updates", ()):
            self._load_update(slug, reference, name, on)

    def _load_timescale(self, slug, reference, revision):
        action = self.data["plans"][slug]["actions"][reference]
        ours = [d for d in action["deadlines"] if d.get("revision", 1) == revision]
        action_id = self.action_ids[slug, reference]
        self.sql("UPDATE timescale SET current = false WHERE action_id = %s", action_id)
        timescale = self.one(
            "INSERT INTO timescale (action_id, revision, text, kind, due_on, confidence, reading)"
            " VALUES (%s, %s, %s, 'date', %s, 'certain', '{}') RETURNING id",
            action_id, revision, action.get("timescale", f"as published, revision {revision}"),
            max(d["due_on"] for d in ours))
        for position, d in enumerate(ours, 1):
            self.sql("INSERT INTO deadline (action_id, timescale_id, position, label, due_on, done_on, in_force)"
                     " VALUES (%s, %s, %s, %s, %s, %s, %s)", action_id, timescale, position, d.get("label"),
                     d["due_on"], d.get("done_on"), d.get("in_force", True))

    def _load_update(self, slug, reference, name, on):
        self.sql("INSERT INTO update (action_id, note, author, lead_id, created_at)"
                 " VALUES (%s, 'Going on', %s, %s, %s::timestamp AT TIME ZONE 'Europe/London')",
                 self.action_ids[slug, reference], name, self.lead_ids[name],
                 _noon(on))

    def _assign(self, slug, reference, name, role):
        self.sql("INSERT INTO assignment (action_id, lead_id, role) VALUES (%s, %s, %s)",
                 self.action_ids[slug, reference], self.lead_ids[name], role)

    # ---- changes, to both alike ----

    def save_lead(self, name, **change):
        lead = self.data["leads"][name]
        lead.update(change)
        away = lead.get("away") or (None, None)
        self.sql("UPDATE lead SET holder = %s, email = %s, deputy_id = %s, manager_id = %s,"
                 " away_from = %s, away_until = %s WHERE id = %s", lead.get("holder"), lead.get("email"),
                 self.lead_ids.get(lead.get("deputy")), self.lead_ids.get(lead.get("manager")),
                 away[0], away[1], self.lead_ids[name])

    def save_ladder(self, slug, stages=None):
        if stages is not None:
            self.data["ladders"][slug] = stages
        plan_id = self.plan_ids.get(slug)
        self.sql("DELETE FROM ladder WHERE plan_id IS NOT DISTINCT FROM %s", plan_id)
        ladder = self.one("INSERT INTO ladder (plan_id) VALUES (%s) RETURNING id", plan_id)
        for offset, audience, repeat in self.data["ladders"][slug]:
            self.sql("INSERT INTO ladder_stage (ladder_id, offset_days, audience, repeat_days)"
                     " VALUES (%s, %s, %s, %s)", ladder, offset, audience, repeat)

    def plan(self, slug, **change):
        self.data["plans"][slug].update(change)
        plan = self.data["plans"][slug]
        self.sql("UPDATE plan SET state = %s, owner_id = %s, updates_every_days = %s WHERE id = %s",
                 plan.get("state", "active"), self.lead_ids.get(plan.get("owner")), plan.get("updates_every_days"),
                 self.plan_ids[slug])

    def bounce(self, address):
        """A mail server has said that this address is nobody's."""
        self.data.setdefault("bounced", set()).add(address)
        self._bounce(address)

    def _bounce(self, address):
        self.sql("INSERT INTO undeliverable (address, since) VALUES (lower(%s), now()) ON CONFLICT DO NOTHING", address)

    def close_council(self, day):
        self.data["closures"].add(day)
        self._close(day)

    def _close(self, day):
        # Without its triggers: whether a closure can be recorded is test_working_day.py's question.
        self.sql("SET session_replication_role = replica")
        self.sql("INSERT INTO closure (day, title) VALUES (%s, 'closed') ON CONFLICT DO NOTHING", day)
        self.sql("SET session_replication_role = DEFAULT")

    def status(self, slug, reference, status):
        self.data["plans"][slug]["actions"][reference]["status"] = status
        self.sql("UPDATE action SET status = %s WHERE id = %s", status, self.action_ids[slug, reference])

    def reassign(self, slug, reference, assignments):
        self.data["plans"][slug]["actions"][reference]["assignments"] = assignments
        self.sql("DELETE FROM assignment WHERE action_id = %s", self.action_ids[slug, reference])
        for name, role in assignments.items():
            self._assign(slug, reference, name, role)

    def revise(self, slug, reference, deadlines):
        """A new timescale: [(due_on, label), …]; what was in force is so no longer."""
        action = self.data["plans"][slug]["actions"][reference]
        revision = 1 + max([d.get("revision", 1) for d in action["deadlines"]], default=0)
        for old in action["deadlines"]:
            old["in_force"] = False
        self.sql("UPDATE deadline SET in_force = false WHERE action_id = %s", self.action_ids[slug, reference])
        action["deadlines"] += [{"revision": revision, "due_on": due_on, "label": label}
                                for due_on, label in deadlines]
        self._load_timescale(slug, reference, revision)

    def deadline_done(self, slug, reference, n, on):
        """The nth deadline of the action (in the world's order) was met on that day; None reopens it."""
        deadline = self.data["plans"][slug]["actions"][reference]["deadlines"][n]
        deadline["done_on"] = on
        self.sql("UPDATE deadline d SET done_on = %s FROM timescale t WHERE t.id = d.timescale_id"
                 " AND d.action_id = %s AND t.revision = %s AND d.due_on = %s AND d.label IS NOT DISTINCT FROM %s",
                 on, self.action_ids[slug, reference], deadline.get("revision", 1), deadline["due_on"],
                 deadline.get("label"))

    def update(self, slug, reference, name, on):
        self.data["plans"][slug]["actions"][reference].setdefault("updates", []).append((name, on))
        self._load_update(slug, reference, name, on)

    # ---- reading ----

    def ledger(self):
        """The whole ledger as the oracle's rows."""
        return read_ledger(self.db)

    def summaries(self):
        """The ledger of summaries: {(lead, year, month, day, state)}"""
        return {(name, month.year, month.month, day, state) for name, month, day, state in self.sql(SUMMARIES)}

    def decide(self, day, decision):
        """What a person decides of a day that is held."""
        assert self.sql("SELECT day FROM held_decide(%s, %s, 'a person')", day, decision) == [(day,)]

    def deliver(self, day):
        """What the sender would do, without a sender: all that was queued for that day has left."""
        self.sql("UPDATE reminder r SET state = 'sent' FROM message m WHERE m.id = r.message_id"
                 " AND m.state = 'queued' AND m.day = %s AND r.state = 'planned'", day)
        self.sql("UPDATE message SET state = 'sent', mime = 'x', sent_at = now()"
                 " WHERE state = 'queued' AND day = %s", day)


def _noon(day):
    return day and datetime.datetime.combine(day, datetime.time(12))


LEDGER = """
SELECT p.slug, a.reference, t.revision, d.due_on, d.label, r.silent_since, l.name, r.offset_days, r.stage_day, r.day,
       r.audience::text, r.state::text, v.name
FROM reminder r LEFT JOIN deadline d ON d.id = r.deadline_id LEFT JOIN timescale t ON t.id = d.timescale_id
JOIN action a ON a.id = coalesce(r.action_id, d.action_id) JOIN plan p ON p.id = a.plan_id JOIN lead l ON l.id = r.lead_id
LEFT JOIN message m ON m.id = r.message_id LEFT JOIN lead v ON v.id = m.via_lead_id
"""


SUMMARIES = """
SELECT l.name, s.month, s.day, CASE WHEN m.state = 'queued' THEN 'planned' WHEN m.state = 'cancelled' THEN 'lapsed'
                                    ELSE coalesce(m.state::text, s.state::text) END
FROM summary s JOIN lead l ON l.id = s.lead_id LEFT JOIN message m ON m.id = s.message_id
"""


def read_ledger(db):
    with db.cursor() as cursor:
        cursor.execute(LEDGER)
        return [Row(*row) for row in cursor.fetchall()]
