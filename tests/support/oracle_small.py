"""A small council for tests of one thing at a time: one plan, a lead, those above, and two actions due on 31 March 2022."""

import copy
import datetime

from support.oracle_world import World

ROADS = "Head of Roads"
PARKS = "Head of Parks"
DEPUTY = "Deputy Head of Roads"
DIRECTOR = "Director of Place"
MEMBER = "Cabinet Member for Transport"
OFFICE = "Programme Office"
SLUG = "roads"
DUE = datetime.date(2022, 3, 31)

# Seven days before DUE, the day before it, and so on: every one a working day.
MINUS_7 = "2022-03-24T08:30:00Z"
DAY_AFTER = "2022-03-25T08:30:00Z"
MONDAY = "2022-03-28T07:30:00Z"
MINUS_1 = "2022-03-30T07:30:00Z"
ON_THE_DAY = "2022-03-31T07:30:00Z"
PLUS_1 = "2022-04-01T07:30:00Z"
PLUS_8 = "2022-04-08T07:30:00Z"

DATA = {
    "closures": set(),
    "ladders": {},
    "leads": {
        ROADS: {"holder": "Ann Tarmac", "email": "roads@example.org", "manager": DIRECTOR, "deputy": DEPUTY},
        PARKS: {"holder": "Bo Green", "email": "parks@example.org"},
        DEPUTY: {"holder": "Cy Kerb", "email": "deputy@example.org"},
        DIRECTOR: {"holder": "Di Place", "email": "director@example.org"},
        MEMBER: {"holder": "Councillor Em Bus", "email": "cllr.bus@example.org"},
        OFFICE: {"holder": "Flo Gantt", "email": "office@example.org"},
    },
    "plans": {SLUG: {
        "title": "Roads improvement plan", "state": "active", "owner": OFFICE,
        "actions": {
            "1.1": {"status": "in_progress", "description": "Mend the potholes of Mill Lane.",
                    "timescale": "By end of March 2022",
                    "assignments": {ROADS: "lead", MEMBER: "cabinet_member"},
                    "deadlines": [{"revision": 1, "due_on": DUE, "label": None}], "updates": []},
            "1.2": {"status": "not_started", "description": "Paint the crossings of Church Street.",
                    "timescale": "March 2022",
                    "assignments": {ROADS: "lead", MEMBER: "cabinet_member"},
                    "deadlines": [{"revision": 1, "due_on": DUE, "label": None}], "updates": []},
        },
    }},
}


def small(database, change=None):
    """The small council in that database; change(data) may alter it before it is written."""
    data = copy.deepcopy(DATA)
    if change:
        change(data)
    return World(database.connect(), data)


def only_action(data):
    """Leaves action 1.1 alone in the plan."""
    del data["plans"][SLUG]["actions"]["1.2"]


def only_lead(data):
    """Leaves action 1.1 alone in the plan, and its lead alone in it."""
    only_action(data)
    data["plans"][SLUG]["actions"]["1.1"]["assignments"] = {ROADS: "lead"}


def plan_only(live, at):
    """The planner's pass alone, without a sender, with the notifier's own rights. Gives how many it wrote."""
    live.sql("SET ROLE gt_notifier")
    written = live.one("SELECT reminder_plan(%s)", at)
    live.sql("RESET ROLE")
    return written


def states(live):
    """{(action, due_on, lead, offset): state}"""
    return {(row.action, row.due_on.isoformat(), row.lead, row.offset_days): row.state for row in live.ledger()}


def messages(live):
    """Every message with reminders, oldest first, as dicts."""
    columns = ("lead", "day", "state", "reason", "to_address", "via", "message_id", "attempts", "uncertain")
    rows = live.sql("SELECT l.name, m.day, m.state::text, m.reason, m.to_address, v.name, m.message_id, m.attempts,"
                    " m.uncertain FROM message m JOIN lead l ON l.id = m.lead_id"
                    " LEFT JOIN lead v ON v.id = m.via_lead_id WHERE m.kind = 'reminder' ORDER BY m.id")
    return [dict(zip(columns, row)) for row in rows]


def due_again(live):
    """Lets every waiting message be tried at once, as if its wait were over."""
    live.sql("UPDATE message SET next_at = now() WHERE state IN ('queued', 'retry', 'uncertain')")


def expire_leases(live):
    """As if the leases of whoever is gone had run out."""
    live.sql("UPDATE message SET lease_until = now() - interval '1 second' WHERE state = 'leased'")


class Crowd:
    """One plan, n posts, one action each due on DUE: n messages on one day, written with few statements."""

    def __init__(self, database, n):
        self.database = database
        self.db = database.connect()
        self.addresses = {f"post{i}@example.org" for i in range(1, n + 1)}
        self.sql(CROWD, n, n, DUE, DUE)

    def sql(self, text, *values):
        with self.db.cursor() as cursor:
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def one(self, text, *values):
        return self.sql(text, *values)[0][0]

    def reconnect(self):
        self.db = self.database.connect()

    def spread(self):
        """Everybody gets a domain of their own, so that none waits for another of the same."""
        self.sql("UPDATE lead SET email = replace(email, '@', '@' || split_part(email, '@', 1) || '.')")
        self.addresses = {one.replace("@", f"@{one.split('@', 1)[0]}.") for one in self.addresses}

    def count(self, state):
        return self.one("SELECT count(*) FROM message WHERE state = %s", state)

    def uncertain(self):
        """{address: how many attempts at it ended as uncertain}"""
        return dict(self.sql("SELECT m.to_address, count(*) FILTER (WHERE a.outcome = 'uncertain')"
                             " FROM message m JOIN attempt a ON a.message_id = m.id GROUP BY 1"))


CROWD = """
INSERT INTO lead (name, post_key, holder, email)
SELECT 'Post ' || i, 'post ' || i, 'Holder ' || i, 'post' || i || '@example.org' FROM generate_series(1, %s) i;
INSERT INTO plan (slug, title, organisation, state) VALUES ('crowd', 'A big plan', 'A council', 'active');
INSERT INTO recommendation (plan_id, number, text, position)
SELECT p.id, i, 'Recommendation ' || i, i FROM plan p, generate_series(1, %s) i;
INSERT INTO action (plan_id, recommendation_id, reference, description)
SELECT r.plan_id, r.id, r.number || '.1', 'Deed ' || r.number FROM recommendation r;
INSERT INTO timescale (action_id, revision, text, kind, due_on, confidence, reading)
SELECT id, 1, 'March 2022', 'month', %s, 'certain', '{}' FROM action;
INSERT INTO deadline (action_id, timescale_id, position, due_on)
SELECT action_id, id, 1, %s FROM timescale;
INSERT INTO assignment (action_id, lead_id, role)
SELECT a.id, l.id, 'lead' FROM action a JOIN recommendation r ON r.id = a.recommendation_id
JOIN lead l ON l.name = 'Post ' || r.number;
INSERT INTO held_day (day, reminders, people, usual, most, decision, decided_at, decided_by)
SELECT d, 1000000, 1000000, 0, 200, 'approved', now(), 'the test'
FROM generate_series(date '2022-03-01', date '2022-04-30', interval '1 day') d;
ANALYZE;
"""
