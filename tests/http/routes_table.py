"""For each route that needs a key: a call that is good, and what a key for other plans gets. A route without a row
fails tests/http/test_authorization.py."""
from dataclasses import dataclass, field
from itertools import count

# Beside 403 and 404: 200 without a word of the plan; 200 with what belongs to no plan; 200 with nothing for any key that
# is limited to plans; and 404 for any such key.
HIDDEN, SHARED, NOTHING, UNSEEN = "hidden", "shared", "nothing", "unseen"

numbers = count(1)


@dataclass
class Call:
    path: str
    how: dict = field(default_factory=dict)


class World:
    """One plan with a thing of every kind, and a word that is in every text of it."""

    def __init__(self, make, outbox):
        self.word = f"Zqx{next(numbers)}"
        self.make = make
        self.plan = make.plan(title=f"Plan {self.word}", state="active")
        self.recommendation = make.recommendation(self.plan, text=f"Say {self.word}")
        self.leader = make.lead(name=f"Director {self.word}", email="leader@example.org")
        self.helper = make.lead(name=f"Helper {self.word}")
        self.action = make.action(self.recommendation, description=f"Do {self.word}", timescale="March 2090",
                                  leads=[{"lead": self.leader["id"]}, {"lead": self.helper["id"], "role": "support"}])
        make.api.post(f"/v1/actions/{self.action['id']}/updates", make.key, json={"note": f"Did {self.word}"})
        make.api.post(f"/v1/plans/{self.plan['id']}/snapshots", make.key, json={"name": f"At {self.word}"})
        self.action = make.api.get(f"/v1/actions/{self.action['id']}", make.key).json()
        self.message = outbox.message(self.leader, state="failed", mime=self.word.encode(), message_id=f"<{self.word}@x>",
                                      to_address="leader@example.org")
        outbox.reminder(self.action, self.leader, state="failed", message_id=self.message, reason=self.word)
        self.key = make.key_for(name=f"Key {self.word}")
        self.webhook = make.webhook(description=self.word, plans=[self.plan["id"]])

    @property
    def deadline(self):
        return self.action["deadlines"][0]["id"]


def get(path, outside=404):
    return lambda w: Call(path.format(w=w)), outside


def send(path, body, outside=404, **how):
    """body: the JSON, or what makes it of the world."""
    return lambda w: Call(path.format(w=w), {"json": body(w) if callable(body) else body, **how}), outside


def change(path, body, outside=404):
    return send(path, body, outside, if_match="*")


def remove(path, outside=404):
    return lambda w: Call(path.format(w=w), {"if_match": "*"}), outside


PLAN, ACTION, RECOMMENDATION = "/v1/plans/{w.plan[slug]}", "/v1/actions/{w.action[id]}", \
    "/v1/recommendations/{w.recommendation[id]}"
WEBHOOK = "/v1/webhooks/{w.webhook[id]}"
STAGES = {"stages": [{"offset_days": 0, "audience": ["lead"]}]}
TABLE = "Recommendation\tAction\tLead\tTimescale\n1. Say\tDo it\tDirector {0}\tMarch 2090\n"

ROWS = {
    "GET /v1/actions": get("/v1/actions?limit=100", HIDDEN),
    "GET /v1/actions/{id}": get(ACTION),
    "PATCH /v1/actions/{id}": change(ACTION, {"percent": 40}),
    "PATCH /v1/actions/{id}/deadlines/{deadline}": change(ACTION + "/deadlines/{w.deadline}", {"done_on": "2022-03-24"}),
    "DELETE /v1/actions/{id}/leads/{lead}": remove(ACTION + "/leads/{w.helper[id]}"),
    "PUT /v1/actions/{id}/leads/{lead}": change(ACTION + "/leads/{w.helper[id]}", {"role": "consulted"}),
    "GET /v1/actions/{id}/reminders": get(ACTION + "/reminders"),
    "GET /v1/actions/{id}/timescales": get(ACTION + "/timescales"),
    "POST /v1/actions/{id}/timescales": send(ACTION + "/timescales", {"text": "June 2091", "reason": "Later"}),
    "GET /v1/actions/{id}/updates": get(ACTION + "/updates"),
    "POST /v1/actions/{id}/updates": send(ACTION + "/updates", {"note": "On its way"}),
    "GET /v1/changes": get("/v1/changes?limit=100&plan={w.plan[slug]}", HIDDEN),
    "GET /v1/closures": get("/v1/closures", SHARED),
    "PUT /v1/closures": change("/v1/closures", {"closures": []}, 403),
    "POST /v1/imports": (lambda w: Call(f"/v1/imports?plan={w.plan['slug']}", {
        "data": TABLE.format(w.word).encode(), "headers": {"Content-Type": "text/plain"}}), 404),
    "GET /v1/keys": get("/v1/keys", NOTHING),
    "POST /v1/keys": send("/v1/keys", {"name": "dashboard", "role": "reader"}, 403),
    "DELETE /v1/keys/{id}": remove("/v1/keys/{w.key[id]}", 403),
    "GET /v1/keys/{id}": get("/v1/keys/{w.key[id]}", UNSEEN),
    "POST /v1/keys/{id}/rotate": send("/v1/keys/{w.key[id]}/rotate", {"overlap_hours": 1}, 403),
    "GET /v1/ladder": get("/v1/ladder", SHARED),
    "PUT /v1/ladder": change("/v1/ladder", STAGES, 403),
    "GET /v1/leads": get("/v1/leads?limit=100", HIDDEN),
    "POST /v1/leads": send("/v1/leads", lambda w: {"name": f"Another {w.word}"}, 403),
    "GET /v1/leads/{id}": get("/v1/leads/{w.leader[id]}"),
    "PATCH /v1/leads/{id}": change("/v1/leads/{w.leader[id]}", {"holder": "Lisa"}, 403),
    "GET /v1/leads/{id}/actions": get("/v1/leads/{w.leader[id]}/actions"),
    "GET /v1/messages": get("/v1/messages?limit=100", NOTHING),
    "GET /v1/messages/{id}": get("/v1/messages/{w.message}", UNSEEN),
    "POST /v1/messages/{id}/retry": (lambda w: Call(f"/v1/messages/{w.message}/retry"), 403),
    "GET /v1/plans": get("/v1/plans?limit=100", HIDDEN),
    "POST /v1/plans": send("/v1/plans", lambda w: {"title": "New", "slug": f"new-{w.word.lower()}", "organisation": "O"},
                           403),
    "GET /v1/plans/{plan}": get(PLAN),
    "PATCH /v1/plans/{plan}": change(PLAN, {"title": "Renamed"}),
    "GET /v1/plans/{plan}/calendar.ics": get(PLAN + "/calendar.ics"),
    "GET /v1/plans/{plan}/compare": get(PLAN + "/compare?from=2022-01-01"),
    "GET /v1/plans/{plan}/coverage": get(PLAN + "/coverage"),
    "GET /v1/plans/{plan}/export.csv": get(PLAN + "/export.csv"),
    "GET /v1/plans/{plan}/export.json": get(PLAN + "/export.json"),
    "GET /v1/plans/{plan}/export.xlsx": get(PLAN + "/export.xlsx"),
    "GET /v1/plans/{plan}/ladder": get(PLAN + "/ladder"),
    "PUT /v1/plans/{plan}/ladder": change(PLAN + "/ladder", STAGES),
    "GET /v1/plans/{plan}/progress": get(PLAN + "/progress"),
    "GET /v1/plans/{plan}/recommendations": get(PLAN + "/recommendations"),
    "POST /v1/plans/{plan}/recommendations": send(PLAN + "/recommendations", {"number": "R99", "text": "Listen"}),
    "GET /v1/plans/{plan}/snapshots": get(PLAN + "/snapshots"),
    "POST /v1/plans/{plan}/snapshots": send(PLAN + "/snapshots", {"name": "Cabinet, 1 December 2021"}),
    "GET /v1/recommendations/{id}": get(RECOMMENDATION),
    "PATCH /v1/recommendations/{id}": change(RECOMMENDATION, {"response": "declined"}),
    "POST /v1/recommendations/{id}/actions": send(RECOMMENDATION + "/actions", {"description": "Do more"}),
    "GET /v1/reminders": get("/v1/reminders?limit=100", HIDDEN),
    "GET /v1/reminders/forecast": get("/v1/reminders/forecast?from=2090-01-01&to=2090-04-01", HIDDEN),
    "GET /v1/timescales/read": get("/v1/timescales/read?text=March%202022", SHARED),
    "GET /v1/webhooks": get("/v1/webhooks?limit=100", NOTHING),
    "POST /v1/webhooks": send("/v1/webhooks", {"url": "https://hooks.example.org/new"}, 403),
    "DELETE /v1/webhooks/{id}": remove(WEBHOOK, 403),
    "GET /v1/webhooks/{id}": get(WEBHOOK, UNSEEN),
    "PATCH /v1/webhooks/{id}": change(WEBHOOK, {"state": "paused"}, 403),
    "GET /v1/webhooks/{id}/deliveries": get(WEBHOOK + "/deliveries", UNSEEN),
    "POST /v1/webhooks/{id}/replay": send(WEBHOOK + "/replay", {"since": "2022-03-24T00:00:00Z"}, 403),
    "POST /v1/webhooks/{id}/rotate-secret": (lambda w: Call(f"/v1/webhooks/{w.webhook['id']}/rotate-secret"), 403),
    "POST /v1/webhooks/{id}/test": (lambda w: Call(f"/v1/webhooks/{w.webhook['id']}/test"), 403),
}
