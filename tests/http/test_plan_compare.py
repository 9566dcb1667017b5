"""GET /v1/plans/{plan}/compare"""
import pytest


@pytest.fixture
def snapshot(api, alice, plan):
    def make_snapshot(name):
        return api.post(f"/v1/plans/{plan['id']}/snapshots", alice, json={"name": name}).json()
    return make_snapshot


@pytest.fixture
def compare(api, bob, plan):
    def get(**params):
        answer = api.get(f"/v1/plans/{plan['slug']}/compare", bob, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()
    return get


def words(comparison):
    return {one["reference"]: one["changes"] for one in comparison["items"]}


def test_a_report_between_two_cabinets(api, alice, compare, snapshot, plan, make):
    one, two = make.recommendation(plan), make.recommendation(plan)
    lead, other = make.lead(), make.lead()
    edits = {
        "completed": ("PATCH", "", {"status": "complete"}), "slipped": ("POST", "/timescales", "June 2090"),
        "brought_forward": ("POST", "/timescales", "June 2080"), "undated": ("POST", "/timescales", "Ongoing"),
        "moved": ("PATCH", "", {"recommendation": two["id"]}), "status_changed": ("PATCH", "", {"status": "in_progress"}),
        "progressed": ("PATCH", "", {"percent": 40}), "reworded": ("PATCH", "", {"description": "In other words"}),
        "leads_changed": ("PUT", f"/leads/{other['id']}", {"role": "lead"}),
        "became_overdue": ("POST", "/timescales", "June 2020")}
    made = {word: make.action(one, reference=word, timescale="March 2085", leads=[{"lead": lead["id"]}]) for word in edits}
    made["unchanged"] = make.action(one, reference="unchanged", timescale="March 2085")
    done = make.action(one, reference="reopened", status="complete")
    bare = make.action(one, reference="dated", timescale="TBC")
    before = snapshot("First")
    for word, (method, path, body) in edits.items():
        body = {"text": body, "reason": "Agreed"} if isinstance(body, str) else body
        answer = api.request(method, f"/v1/actions/{made[word]['id']}{path}", alice, json=body,
                             if_match=None if method == "POST" else "*")
        assert answer.status_code < 300, answer.text
    api.patch(f"/v1/actions/{done['id']}", alice, json={"status": "in_progress"}, if_match="*")
    api.post(f"/v1/actions/{bare['id']}/timescales", alice, json={"text": "May 2084", "reason": "Agreed"})
    make.action(two, reference="added")
    found = compare(**{"from": before["id"]})
    assert words(found) == {**{word: [word] for word in edits}, "reopened": ["reopened"], "dated": ["dated"],
                            "added": ["added"], "became_overdue": ["brought_forward", "became_overdue"]}
    assert found["changes"] == {"removed": 0, "brought_forward": 2,
                                **{word: 1 for word in [*edits, "reopened", "dated", "added"] if word != "brought_forward"}}
    assert found["from"]["snapshot"] == {"id": before["id"], "name": "First"}
    assert (found["from"]["actions"], found["to"]["actions"]) == (13, 14)
    assert (found["from"]["by_status"]["complete"], found["to"]["by_status"]["complete"]) == (1, 1)
    slipped, = [one for one in found["items"] if one["reference"] == "slipped"]
    assert slipped["slip_days"] == 5 * 365 + 1 + 91  # 31 March 2085 to 30 June 2090, with 2088 a leap year
    assert (slipped["before"]["timescale"], slipped["after"]["timescale"]) == ("March 2085", "June 2090")
    assert (slipped["before"]["slips"], slipped["after"]["slips"]) == (0, 1)
    added, = [one for one in found["items"] if one["reference"] == "added"]
    assert added["before"] is None and added["after"]["status"] == "not_started"


def test_two_snapshots_and_no_later_moment(api, alice, compare, snapshot, action):
    first = snapshot("First")
    api.patch(f"/v1/actions/{action['id']}", alice, json={"percent": 1}, if_match="*")
    second = snapshot("Second")
    api.patch(f"/v1/actions/{action['id']}", alice, json={"percent": 2}, if_match="*")
    percents = [(one["before"]["percent"], one["after"]["percent"])
                for to in ({"to": second["id"]}, {}) for one in compare(**{"from": first["id"]}, **to)["items"]]
    assert percents == [(None, 1), (None, 2)]
    assert compare(**{"from": second["id"], "to": second["id"]})["items"] == []


def test_from_before_there_was_a_plan_everything_is_added(compare, action):
    found = compare(**{"from": "2021-12-01"})
    assert found["from"]["actions"] == 0 and words(found) == {action["reference"]: ["added"]}


def test_the_tag_holds_until_something_changes(api, bob, alice, plan, action):
    path = f"/v1/plans/{plan['id']}/compare?from=2021-12-01"
    tag = api.get(path, bob).headers["ETag"]
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 304
    api.patch(f"/v1/actions/{action['id']}", alice, json={"percent": 1}, if_match="*")
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("query,pointer,code", [
    ("", "?from", "required"), ("from=999999", "?from", "unknown_snapshot"), ("from=yesterday", "?from", "bad_moment"),
    ("from=2150-01-01", "?from", "bad_parameter"), ("from=2150-01-01T00:00:00Z", "?from", "bad_parameter"),
    ("from=2021-12-02&to=2021-12-01", "?to", "bad_parameter"), ("from=2021-02-30", "?from", "bad_moment"),
    ("from=2021-12-01&to=2150-01-01", "?to", "bad_parameter")])
def test_it_refuses(api, bob, plan, query, pointer, code):
    answer = api.get(f"/v1/plans/{plan['id']}/compare?{query}", bob)
    assert answer.status_code == 400
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


def test_a_snapshot_of_another_plan_is_none_of_this_one(api, alice, bob, plan, make):
    other = api.post(f"/v1/plans/{make.plan()['id']}/snapshots", alice, json={"name": "x"}).json()
    answer = api.get(f"/v1/plans/{plan['id']}/compare?from={other['id']}", bob)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_snapshot")


def test_it_is_404_outside_the_keys_plans(api, limited, plan, make):
    assert api.get(f"/v1/plans/{plan['id']}/compare?from=2021-12-01", limited(make.plan())).status_code == 404
