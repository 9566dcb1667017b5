"""GET /v1/actions"""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest


def published(days):
    """A day so many days from now, as a council prints it."""
    return (datetime.now(ZoneInfo("Europe/London")).date() + timedelta(days=days)).strftime("%-d %B %Y")


@pytest.fixture
def find(api, bob, plan):
    """The references of the plan's actions that a query finds, in order."""
    def query(**parameters):
        answer = api.get("/v1/actions", bob, params={"plan": plan["slug"], **parameters})
        assert answer.status_code == 200, answer.text
        return [one["reference"] for one in answer.json()["items"]]
    return query


def test_it_gives_each_action_as_it_is_read_alone(api, bob, make, recommendation, lead):
    made = make.action(recommendation, timescale="March 2022", leads=[{"lead": lead["id"]}])
    listed = api.get("/v1/actions?limit=100", bob).json()["items"]
    assert [one for one in listed if one["id"] == made["id"]] == [made] == [api.get(f"/v1/actions/{made['id']}",
        bob).json()]


def test_the_plan_is_named_by_its_id_or_its_slug(api, bob, make, plan, recommendation):
    made = make.action(recommendation)
    make.action()
    for name in (plan["id"], plan["slug"]):
        assert api.get(f"/v1/actions?plan={name}", bob).json() == {"items": [made], "next_cursor": None}
    assert api.get("/v1/actions?plan=no-such-plan", bob).json() == {"items": [], "next_cursor": None}


def test_it_finds_by_status(find, make, recommendation):
    for status in ("not_started", "in_progress", "complete", "on_hold", "cancelled", "transferred"):
        make.action(recommendation, status=status, reference=status)
    for status in ("not_started", "in_progress", "complete", "on_hold", "cancelled", "transferred"):
        assert find(status=status) == [status]


def test_it_finds_by_standing(find, api, bob, plan, make, recommendation):
    wanted = {"overdue": {"timescale": published(-1)}, "due_soon": {"timescale": published(28)},
              "upcoming": {"timescale": published(30)}, "unscheduled": {"timescale": "TBC"},
              "done": {"status": "complete", "timescale": published(-1)},
              "exempt": {"status": "on_hold", "timescale": published(-1)}}
    for standing, fields in wanted.items():
        assert make.action(recommendation, reference=standing, **fields)["standing"] == standing
    for standing in wanted:
        assert find(standing=standing) == [standing]
    shown = {one["reference"]: one["standing"] for one in api.get(f"/v1/actions?plan={plan['id']}",
        bob).json()["items"]}
    assert shown == {standing: standing for standing in wanted}


def test_what_is_due_today_is_not_overdue(find, make, recommendation):
    today = published(0)
    made = make.action(recommendation, timescale=today)
    if published(0) == today:  # else the day ended just now
        assert find(standing="due_soon") == [made["reference"]]


def test_it_stands_by_the_next_deadline_that_is_open(find, make, api, alice, recommendation):
    made = make.action(recommendation, timescale=f"{published(-10)} Review – {published(100)}")
    assert (made["standing"], len(made["deadlines"])) == ("overdue", 2)
    api.patch(f"/v1/actions/{made['id']}/deadlines/{made['deadlines'][0]['id']}", alice, if_match="*",
              json={"done_on": "2022-01-01"})
    assert find(standing="upcoming") == [made["reference"]]
    assert find(standing="overdue") == []


def test_it_finds_by_lead_in_any_role(find, make, recommendation):
    one, other = make.lead(), make.lead()
    make.action(recommendation, reference="a", leads=[{"lead": one["id"]}])
    make.action(recommendation, reference="b", leads=[{"lead": other["id"]}, {"lead": one["id"], "role": "consulted"}])
    make.action(recommendation, reference="c")
    assert (find(lead=one["id"]), find(lead=other["id"]), find(lead=999999)) == (["a", "b"], ["b"], [])


def test_it_finds_by_due_day(find, make, recommendation, api, alice):
    make.action(recommendation, reference="march", timescale="31 March 2022")
    make.action(recommendation, reference="april", timescale="1 April 2022")
    both = make.action(recommendation, reference="both", timescale="31 March 2022 Review – 30 June 2022")
    make.action(recommendation, reference="none", timescale="TBC")
    assert find(due_before="2022-04-01") == ["march", "both"]
    assert find(due_before="2022-03-31") == []
    assert find(due_after="2022-03-31") == ["april", "both"]
    assert find(due_after="2022-03-31", due_before="2022-04-02") == ["april"]  # one deadline must lie between
    done = both["deadlines"][0]["id"]
    api.patch(f"/v1/actions/{both['id']}/deadlines/{done}", alice, if_match="*", json={"done_on": "2022-03-30"})
    assert find(due_before="2022-04-01") == ["march"]


def test_it_finds_what_changed_since(find, api, alice, make, recommendation):
    first, second = make.action(recommendation), make.action(recommendation)
    changed = api.patch(f"/v1/actions/{first['id']}", alice, if_match="*", json={"percent": 5}).json()
    assert find(updated_since=changed["updated_at"]) == [first["reference"]]
    assert find(updated_since=second["created_at"]) == [first["reference"], second["reference"]]
    assert find(updated_since="2022-03-24T08:30:00+01:00") == [first["reference"], second["reference"]]
    assert find(updated_since="2199-12-31T23:59:59.999999999Z") == []


def test_it_finds_words_in_any_form(find, make, recommendation):
    make.action(recommendation, reference="a", description="Recruit twenty apprentices for Place Services")
    make.action(recommendation, reference="b", description="Refresh the brochure; apprenticeships later")
    make.action(recommendation, reference="X7", description="Nothing of the kind")
    assert find(q="apprentice") == ["a"]
    assert find(q="refreshing brochures") == ["b"]
    assert find(q='"place services"') == ["a"]
    assert find(q='"services place"') == []
    assert find(q="recruit or brochure") == ["a", "b"]
    assert find(q="brochure -apprenticeships") == []
    assert find(q="x7") == ["X7"]
    assert find(q="') OR 1=1 --") == find(q="1 1") == []


def test_filters_narrow_each_other(find, make, recommendation, lead):
    make.action(recommendation, reference="a", status="in_progress", timescale="March 2022",
                leads=[{"lead": lead["id"]}])
    make.action(recommendation, reference="b", status="in_progress", timescale="March 2022")
    make.action(recommendation, reference="c", status="not_started", timescale="March 2022",
                leads=[{"lead": lead["id"]}])
    assert find(status="in_progress", standing="overdue", lead=lead["id"], due_before="2022-04-01",
                q="brochure") == ["a"]


def test_it_pages_without_gap_or_repeat_while_actions_are_added(make, recommendation, plan, pages, bob):
    before = [make.action(recommendation)["id"] for _ in range(23)]
    found = pages(f"/v1/actions?plan={plan['id']}", bob, 5,
                  between=lambda: len(before) < 26 and before.append(make.action(recommendation)["id"]))
    assert [one["id"] for page in found for one in page] == before
    assert [len(page) for page in found] == [5, 5, 5, 5, 5, 1]


def test_a_page_that_is_just_full_is_the_last(api, bob, make, plan, recommendation):
    for _ in range(3):
        make.action(recommendation)
    assert api.get(f"/v1/actions?plan={plan['id']}&limit=3", bob).json()["next_cursor"] is None
    assert api.get(f"/v1/actions?plan={plan['id']}&limit=2", bob).json()["next_cursor"] is not None


def test_fifty_come_unless_told_otherwise(api, bob, database, make, plan, recommendation):
    database.execute("INSERT INTO action (plan_id, recommendation_id, reference, description)"
                     " SELECT %s, %s, 'n' || n, 'Made by hand' FROM generate_series(1, 101) n",
                     (plan["id"], recommendation["id"]))
    assert len(api.get(f"/v1/actions?plan={plan['id']}", bob).json()["items"]) == 50
    assert len(api.get(f"/v1/actions?plan={plan['id']}&limit=100", bob).json()["items"]) == 100


def test_the_link_keeps_the_filters(api, bob, make, plan, recommendation):
    for _ in range(3):
        make.action(recommendation, description="Caffè & crème")
    answer = api.get(f"/v1/actions?limit=1&q=Caff%C3%A8+%26&plan={plan['id']}", bob)
    following = api.get(answer.links["next"]["url"][len(api.url):], bob)
    assert f"limit=1&q=Caff%C3%A8+%26&plan={plan['id']}&cursor=" in answer.links["next"]["url"]
    assert following.json()["items"][0]["id"] > answer.json()["items"][0]["id"]


def test_a_key_for_some_plans_sees_their_actions(api, make, limited, plan, recommendation):
    mine, other = make.action(recommendation), make.action()
    key = limited(plan, role="reader")
    assert [one["id"] for one in api.get("/v1/actions", key).json()["items"]] == [mine["id"]]
    assert api.get(f"/v1/actions?plan={other['plan']}", key).json()["items"] == []
