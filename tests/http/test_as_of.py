"""as_of: what a call would have said at the end of a day that is over."""
import json
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

LONDON = ZoneInfo("Europe/London")
EDITS = 500
STATUSES = ["not_started", "in_progress", "complete", "on_hold", "cancelled", "transferred"]
TIMESCALES = ["March 2022", "Dec 2021 – March 2022", "December 2021 Review – March 2022", "Ongoing", "TBC", "Q3 2022/23"]


class Clock:
    """Lets the whole database live at another moment; the record of changes too."""

    def __init__(self, database):
        self.database = database
        database.execute("ALTER TABLE change ALTER at SET DEFAULT public.clock_now()")

    def set(self, moment):
        self.database.execute("CREATE OR REPLACE FUNCTION public.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
                              f" PARALLEL SAFE AS $$ SELECT '{moment.isoformat()}'::timestamptz $$")

    def reset(self):
        self.database.execute("CREATE OR REPLACE FUNCTION public.clock_now() RETURNS timestamptz LANGUAGE sql STABLE"
                              " PARALLEL SAFE AS $$ SELECT now() $$")
        self.database.execute("ALTER TABLE change ALTER at SET DEFAULT now()")


@pytest.fixture
def clock(database):
    one = Clock(database)
    yield one
    one.reset()


class World:
    """One plan that is edited at random, and everything that can be read of it."""

    def __init__(self, api, key, make, seed):
        self.api, self.key, self.random = api, key, random.Random(seed)
        self.plan = make.plan(title="A plan with a past")
        self.leads = [make.lead() for _ in range(4)]
        self.recommendations = [make.recommendation(self.plan) for _ in range(2)]
        self.actions = []

    def pick(self, things):
        return self.random.choice(things)

    def call(self, method, path, **how):
        answer = self.api.request(method, path, self.key, **how)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def edit(self):
        edits = [self.patch, self.patch, self.patch, self.update, self.revise, self.assign, self.unassign,
                 self.done, self.move, self.rename_lead, self.change_plan, self.answer]
        if len(self.actions) < 3 or self.random.random() < 0.08:
            self.add_action()
        else:
            self.pick(edits)()

    def add_action(self):
        if self.random.random() < 0.2:
            self.recommendations.append(self.call(
                "POST", f"/v1/plans/{self.plan['id']}/recommendations",
                json={"number": f"R{len(self.recommendations) + 50}", "text": "One more"}))
        at = self.pick(self.recommendations)["id"]
        self.actions.append(self.call("POST", f"/v1/recommendations/{at}/actions", json={
            "description": f"Action {len(self.actions)}", "timescale": self.pick(TIMESCALES),
            "leads": [{"lead": self.pick(self.leads)["id"]}]})["id"])

    def change(self, action, body):
        self.call("PATCH", f"/v1/actions/{action}", json=body, if_match="*")

    def patch(self):
        self.change(self.pick(self.actions), self.pick([
            {"status": self.pick(STATUSES)}, {"rag": self.pick(["red", "green", None])},
            {"percent": self.random.randrange(101)}, {"description": f"Reworded {self.random.random()}"}]))

    def move(self):
        self.change(self.pick(self.actions), {"recommendation": self.pick(self.recommendations)["id"]})

    def update(self):
        self.call("POST", f"/v1/actions/{self.pick(self.actions)}/updates",
                  json={"note": "Going well", "percent": self.random.randrange(101)})

    def revise(self):
        self.call("POST", f"/v1/actions/{self.pick(self.actions)}/timescales",
                  json={"text": self.pick(TIMESCALES), "reason": "Agreed at Cabinet"})

    def assign(self):
        self.call("PUT", f"/v1/actions/{self.pick(self.actions)}/leads/{self.pick(self.leads)['id']}",
                  json={"role": self.pick(["lead", "support", "cabinet_member", "consulted"])}, if_match="*")

    def unassign(self):
        action = self.call("GET", f"/v1/actions/{self.pick(self.actions)}")
        if action["leads"]:
            self.call("DELETE", f"/v1/actions/{action['id']}/leads/{self.pick(action['leads'])['id']}", if_match="*")

    def done(self):
        action = self.call("GET", f"/v1/actions/{self.pick(self.actions)}")
        if action["deadlines"]:
            self.call("PATCH", f"/v1/actions/{action['id']}/deadlines/{self.pick(action['deadlines'])['id']}",
                      json={"done_on": self.pick(["2021-12-05", None])}, if_match="*")

    def rename_lead(self):
        lead = self.pick(self.leads)
        self.call("PATCH", f"/v1/leads/{lead['id']}", json={"name": f"Head of {self.random.random()}"}, if_match="*")

    def change_plan(self):
        self.call("PATCH", f"/v1/plans/{self.plan['id']}", if_match="*", json=self.pick([
            {"title": f"Title {self.random.random()}"}, {"state": self.pick(["draft", "active", "closed"])},
            {"slug": f"slug-x{self.random.randrange(10**9)}"}, {"owner": self.pick(self.leads)["id"]}]))

    def answer(self):
        self.call("PATCH", f"/v1/recommendations/{self.pick(self.recommendations)['id']}", if_match="*",
                  json={"response": self.pick(["accepted", "partly_accepted", "declined"])})

    def everything(self, query=""):
        """All that can be read of the plan; with query as_of=…: as it was."""
        plan = f"/v1/plans/{self.plan['id']}"
        paths = [plan, f"{plan}/progress", f"{plan}/export.json", f"{plan}/recommendations?limit=100"]
        paths += [f"/v1/actions?plan={self.plan['id']}&limit=100", f"/v1/actions?plan={self.plan['id']}&standing=overdue"]
        paths += [f"/v1/leads/{lead['id']}/actions?limit=100" for lead in self.leads]
        for action in self.actions:
            paths += [f"/v1/actions/{action}", f"/v1/actions/{action}/updates?limit=100",
                      f"/v1/actions/{action}/timescales?limit=100"]
        join = {path: "&" if "?" in path else "?" for path in paths}
        said = {path: self.call("GET", path + (join[path] + query if query else "")) for path in paths}
        table = self.api.get(f"{plan}/export.csv" + (f"?{query}" if query else ""), self.key)
        return said | {"csv": table.text}


@pytest.mark.parametrize("seed", [20211201])
def test_any_day_reads_as_it_did_then(api, alice, make, clock, seed):
    day = date(2021, 11, 1)
    clock.set(datetime(day.year, day.month, day.day, tzinfo=LONDON))
    world, said, made = World(api, alice, make, seed), {}, 0
    while made < EDITS:
        local = datetime(day.year, day.month, day.day, world.random.randrange(24), 30, tzinfo=LONDON)
        clock.set(local)
        for _ in range(world.random.randrange(1, 30)):
            world.edit()
            made += 1
        said[day] = world.everything()
        day += timedelta(days=world.random.randrange(1, 9))
    assert len(said) > 20 and len({json.dumps(one) for one in said.values()}) == len(said)
    clock.set(datetime(day.year + 1, 1, 1, tzinfo=LONDON))
    newest = world.actions
    for past, expected in said.items():
        world.actions = [action for action in newest if f"/v1/actions/{action}" in expected]
        was = world.everything(f"as_of={past}")
        assert [path for path in expected if was[path] != expected[path]] == [], past
        for action in set(newest) - set(world.actions):
            assert api.get(f"/v1/actions/{action}?as_of={past}", alice).status_code == 404


def test_a_day_ends_at_midnight_in_london(api, alice, clock, make):
    clock.set(datetime(2022, 6, 30, 12, tzinfo=ZoneInfo("UTC")))
    path = f"/v1/actions/{make.action()['id']}"
    clock.set(datetime(2022, 6, 30, 22, 59, 59, tzinfo=ZoneInfo("UTC")))  # 23:59:59 in London
    api.patch(path, alice, if_match="*", json={"percent": 10})
    clock.set(datetime(2022, 6, 30, 23, 0, tzinfo=ZoneInfo("UTC")))
    api.patch(path, alice, if_match="*", json={"percent": 20})
    clock.reset()
    assert [api.get(f"{path}?as_of={day}", alice).json()["percent"] for day in ("2022-06-30", "2022-07-01")] == [10, 20]


def test_today_is_now(api, alice, action):
    today = datetime.now(LONDON).date().isoformat()
    assert api.get(f"/v1/actions/{action['id']}?as_of={today}", alice).json() == action


@pytest.mark.parametrize("day,code", [("2999-01-01", "bad_date"), ("2022-02-30", "bad_date"), ("now", "bad_date"),
                                      ("2150-01-01", "bad_parameter"), ("", "bad_date")])
def test_it_refuses_what_is_no_day_of_the_past(api, alice, day, code):
    answer = api.get(f"/v1/plans?as_of={day}", alice)
    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("?as_of", code)]


def test_before_there_was_anything_there_is_nothing(api, alice, plan, action):
    assert api.get("/v1/plans?as_of=2000-01-01", alice).json()["items"] == []
    assert api.get(f"/v1/plans/{plan['slug']}?as_of=2000-01-01", alice).status_code == 404
    assert api.get(f"/v1/actions/{action['id']}?as_of=2000-01-01", alice).status_code == 404


def test_whoever_asks_is_looked_up_today(api, carol, make, action, clock):
    """A key of the past gives no way in, and a key of today may look back."""
    made = make.key_for()
    today = datetime.now(LONDON).date().isoformat()
    path = f"/v1/actions/{action['id']}?as_of={today}"
    assert api.get(path, made["token"]).status_code == 200
    api.delete(f"/v1/keys/{made['id']}", carol, if_match="*")
    assert api.get(path, made["token"]).status_code == 401


def test_other_plans_stay_out_of_sight(api, limited, plan, action, make):
    today = datetime.now(LONDON).date().isoformat()
    assert api.get(f"/v1/actions/{action['id']}?as_of={today}", limited(make.plan())).status_code == 404
    assert api.get(f"/v1/actions/{action['id']}?as_of={today}", limited(plan)).status_code == 200


def test_a_link_to_the_next_page_stays_in_its_day(api, alice, plan, recommendation, make, pages):
    made = [make.action(recommendation)["id"] for _ in range(3)]
    today = datetime.now(LONDON).date().isoformat()
    found = pages(f"/v1/actions?plan={plan['id']}&as_of={today}", alice, 1)
    assert [item["id"] for page in found for item in page] == made


def test_a_write_has_no_past(api, alice, action):
    answer = api.patch(f"/v1/actions/{action['id']}?as_of=2022-01-01", alice, if_match="*", json={"percent": 1})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "unknown_parameter")
