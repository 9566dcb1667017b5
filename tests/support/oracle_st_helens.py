"""St Helens' published action plan of 2021 as an oracle's world, typed in from the published table."""

import datetime
import json

from support import programs
from support.seed import SLUG

PLACE = "Executive Director - Place Services"
CORPORATE = "Executive Director - Corporate Services"
ASSISTANT = "Assistant Chief Executive"
SKILLS = "Cabinet Member for Education, Skills and Business"
FINANCE = "Cabinet Member for Finance & Governance"
RECOVERY = "Cabinet Member for Reset and Recovery"
CHIEF = "Chief Executive"
PROGRAMME = "Programme Manager - Peer Review"

MARCH = (datetime.date(2022, 3, 31), None)
MAY = (datetime.date(2022, 5, 31), None)
DECEMBER = (datetime.date(2022, 12, 31), None)
FIRST_OF_7 = (datetime.date(2021, 12, 31), None)
REVIEW = (datetime.date(2022, 3, 31), "Review")

# Recommendation: how many actions, who leads, whose portfolio, by when.
PUBLISHED = {
    1: (4, PLACE, SKILLS, [MARCH]),
    2: (3, PLACE, SKILLS, [MARCH]),
    3: (1, CORPORATE, FINANCE, [MARCH]),
    4: (11, PLACE, RECOVERY, [DECEMBER]),
    5: (2, ASSISTANT, FINANCE, [MAY]),
    6: (1, PLACE, RECOVERY, [MAY]),
    7: (2, ASSISTANT, RECOVERY, [FIRST_OF_7, REVIEW]),
}


def world():
    contacts = json.loads((programs.ROOT / "tests/data/plans/st-helens-contacts.json").read_text(encoding="utf-8"))
    actions = {}
    for number, (count, lead, member, dated) in PUBLISHED.items():
        for n in range(1, count + 1):
            actions[f"{number}.{n}"] = {
                "status": "not_started",
                "assignments": {lead: "lead", member: "cabinet_member"},
                "deadlines": [{"revision": 1, "due_on": due_on, "label": label} for due_on, label in dated],
                "updates": [],
            }
    leads = {name: {"holder": one["holder"], "email": one["email"], "manager": one.get("manager")}
             for name, one in contacts.items()}
    return {"closures": set(), "leads": leads, "ladders": {},
            "plans": {SLUG: {"state": "active", "owner": PROGRAMME, "actions": actions}}}
