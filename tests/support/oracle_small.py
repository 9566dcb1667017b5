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
    """Every message, oldest first, as dicts."""
    columns = ("lead", "day", "state", "reason", "to_address", "via", "message_id", "attempts", "uncertain")
    rows = live.sql("SELECT l.name, m.day, m.state::text, m.reason, m.to_address, v.name, m.message_id, m.attempts,"
                    " m.uncertain FROM message m JOIN lead l ON l.id = m.lead_id"
                    " LEFT JOIN lead v ON v.id = m.via_lead_id ORDER BY m.id")
    return [dict(zip(columns, row)) for row in rows]


def due_again(live):
    """Lets every waiting message be tried at once, as if its wait were over."""
    live.sql("UPDATE message SET next_at = now() WHERE state IN ('queued', 'retry', 'uncertain')")
