"""GET /v1/plans/{plan}/progress"""
import datetime

TODAY = datetime.date.today()


def words(days):
    """A timescale that is due so many days from today."""
    return f"{TODAY + datetime.timedelta(days=days):%d %B %Y}"


def read(api, key, plan):
    answer = api.get(f"/v1/plans/{plan['slug']}/progress", key)
    assert answer.status_code == 200
    return answer.json()


def test_an_empty_plan_counts_nothing(api, bob, plan):
    found = read(api, bob, plan)
    assert (found["plan"], found["actions"], found["recommendations"]) == (plan["slug"], 0, 0)
    assert set(found["by_status"].values()) == set(found["by_standing"].values()) == {0}
    assert found["by_lead"] == found["due_in_30_days"] == found["slips"] == []


def test_every_action_is_counted_once(api, alice, make):
    plan, lead, member = make.plan(), make.lead(), make.lead(kind="cabinet_member")
    recommendation = make.recommendation(plan)
    for days, status in ((-1, "not_started"), (5, "in_progress"), (60, "not_started"), (5, "complete"), (-9, "on_hold"),
                         (None, "in_progress")):
        make.action(recommendation, status=status, timescale=words(days) if days is not None else "Ongoing",
                    leads=[{"lead": lead["id"]}, {"lead": member["id"], "role": "cabinet_member"}])
    found = read(api, alice, plan)
    assert (found["actions"], found["recommendations"]) == (6, 1)
    assert found["by_status"] == {"not_started": 2, "in_progress": 2, "complete": 1, "on_hold": 1, "cancelled": 0, "transferred": 0}
    assert found["by_standing"] == {"upcoming": 1, "due_soon": 1, "overdue": 1, "done": 1, "exempt": 1, "unscheduled": 1}
    counts = {"actions": 6, "open": 4, "overdue": 1, "due_soon": 1, "done": 1}
    assert found["by_lead"] == [{"lead": one["id"], "name": one["name"], "kind": one["kind"], **counts} for one in (lead, member)]


def test_what_is_due_within_30_days_is_told(api, alice, make):
    plan = make.plan()
    recommendation = make.recommendation(plan)
    made = {days: make.action(recommendation, timescale=words(days)) for days in (31, 30, 1, 0, -1)}
    done = make.action(recommendation, timescale=words(3))
    api.patch(f"/v1/actions/{done['id']}/deadlines/{done['deadlines'][0]['id']}", alice, if_match="*",
              json={"done_on": str(TODAY)})
    make.action(recommendation, timescale=words(3), status="complete")
    found = read(api, alice, plan)
    assert [one["action"] for one in found["due_in_30_days"]] == [made[days]["id"] for days in (0, 1, 30)]


def test_slips_are_told_with_the_first_words(api, alice, make):
    plan = make.plan()
    recommendation = make.recommendation(plan)
    late, early = (make.action(recommendation, timescale="March 2022") for _ in range(2))
    for text in ("April 2022", "June 2022", "May 2022"):
        api.post(f"/v1/actions/{late['id']}/timescales", alice, json={"text": text, "reason": "Cabinet agreed"})
    api.post(f"/v1/actions/{early['id']}/timescales", alice, json={"text": "February 2022", "reason": "Cabinet agreed"})
    slip, = read(api, alice, plan)["slips"]
    assert (slip["action"], slip["slips"], slip["days"]) == (late["id"], 2, 61)
    assert (slip["original"], slip["current"], slip["original_due_on"], slip["due_on"]) == \
        ("March 2022", "May 2022", "2022-03-31", "2022-05-31")


def test_its_tag_holds_while_nothing_changes(api, alice, make):
    plan = make.plan()
    path = f"/v1/plans/{plan['slug']}/progress"
    tag = api.get(path, alice).headers["ETag"]
    assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 304
    make.action(make.recommendation(plan))
    assert api.get(path, alice, headers={"If-None-Match": tag}).status_code == 200


def test_outside_the_keys_plans_there_is_none(api, make):
    key = make.key_for(plans=[make.plan()["id"]])["token"]
    assert api.get(f"/v1/plans/{make.plan()['slug']}/progress", key).status_code == 404
