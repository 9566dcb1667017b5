"""GET /v1/changes"""
import json
from types import SimpleNamespace

import pytest

from support import programs


@pytest.fixture
def feed(api, bob):
    """Asks for a page; gives the answer's JSON."""
    def page(key=bob, status=200, **query):
        answer = api.get("/v1/changes", key, params=query)
        assert answer.status_code == status, answer.text
        return answer.json()
    return page


@pytest.fixture
def latest(feed):
    """The end of the feed as it is now."""
    def place(key=None):
        found = feed(**({"key": key} if key else {}), after="latest")
        assert found["items"] == []
        return found["next_after"]
    return place


@pytest.fixture
def follow(feed):
    """Everything after a place, by the feed's own cursors."""
    def walk(after, **query):
        found = []
        while after:
            page = feed(after=after, **query)
            found += page["items"]
            after = page["next_cursor"]
        return SimpleNamespace(items=found, place=page["next_after"],
                               what=[(one["verb"], one["resource"]) for one in found])
    return walk


def test_it_says_who_changed_what(api, alice, recommendation, database, feed, latest):
    before = latest()
    path = f"/v1/recommendations/{recommendation['id']}"
    api.patch(path, alice, if_match="*", json={"response": "declined"}, headers={"X-Request-Id": "call-1"})
    one, = feed(after=before)["items"]
    key = database.value("SELECT id FROM api_key WHERE name = 'alice'")
    seq = int(before.split(":")[0]) + 1
    row = {"id": recommendation["id"], "plan_id": recommendation["plan_id"], "number": recommendation["number"],
           "text": recommendation["text"], "position": 1}
    assert {**one, "at": "", "before": "", "after": "", "hash": ""} == {
        "seq": seq, "at": "", "actor": "alice", "key": key, "request_id": "call-1", "verb": "updated",
        "resource": "recommendation", "resource_id": recommendation["id"], "plan": recommendation["plan"],
        "plan_id": recommendation["plan_id"], "before": "", "after": "", "redaction": None, "hash": ""}
    assert {**one["before"], **row, "response": "accepted", "version": 1} == one["before"]
    assert {**one["after"], **row, "response": "declined", "version": 2} == one["after"]
    assert one["at"] >= recommendation["created_at"]


def test_a_write_is_in_the_very_next_answer(make, feed, latest):
    """Whoever writes and then reads finds it, again and again."""
    place = latest()
    for _ in range(10):
        made = make.lead()
        page = feed(after=place)
        assert [one["resource_id"] for one in page["items"]] == [made["id"]]
        place = page["next_after"]


def test_the_end_is_a_place_to_come_back_to(make, feed, latest):
    place = latest()
    assert feed(after=place) == {"items": [], "next_cursor": None, "next_after": place}
    made = make.lead()
    page = feed(after=place)
    assert [one["resource_id"] for one in page["items"]] == [made["id"]]
    assert page["next_cursor"] is None and page["next_after"] != place
    assert feed(after=page["next_after"])["items"] == []


def test_an_item_is_a_place_as_well(make, feed, latest):
    place = latest()
    made = [make.lead()["id"] for _ in range(3)]
    first = feed(after=place, limit=1)
    one = first["items"][0]
    assert first["next_after"] == f"{one['seq']}:{one['hash']}"
    assert [item["resource_id"] for item in feed(after=f"{one['seq']}:{one['hash']}")["items"]] == made[1:]


def test_it_pages_without_gaps_while_others_write(api, bob, make, latest):
    place = latest()
    made = [make.lead()["id"] for _ in range(5)]
    url, seen = f"/v1/changes?after={place}&limit=2", []
    for count in (2, 2, 2, 1):
        answer = api.get(url, bob)
        page = answer.json()
        seen += page["items"]
        assert len(page["items"]) == count
        assert ("Link" in answer.headers) == (page["next_cursor"] is not None) == (count == 2)
        if page["next_cursor"]:
            assert page["next_cursor"] == page["next_after"]
            assert answer.links["next"]["url"] == f"{api.url}/v1/changes?limit=2&after={page['next_after']}"
            url = answer.links["next"]["url"][len(api.url):]
        if len(seen) == 4:
            made += [make.lead()["id"], make.lead()["id"]]
    assert [one["resource_id"] for one in seen] == made
    assert [one["seq"] for one in seen] == list(range(seen[0]["seq"], seen[0]["seq"] + 7))


def test_it_begins_at_the_beginning(feed, follow, carol, action):
    page = feed(carol, limit=3)
    assert [one["seq"] for one in page["items"]] == [1, 2, 3]
    items = follow(f"0:{'0' * 64}", key=carol).items
    assert items[:3] == page["items"]
    assert [one["seq"] for one in items] == list(range(1, len(items) + 1))


# ---- filters ----

@pytest.fixture
def busy(make, latest, api, carol):
    """A plan with everything that hangs on one, another plan, and what belongs to none."""
    place = latest()
    plan = make.plan()
    lead = make.lead()
    action = make.action(make.recommendation(plan), timescale="March 2022", leads=[{"lead": lead["id"]}])
    other = make.action(timescale="April 2022")
    path = f"/v1/actions/{action['id']}"
    for call in (
            api.post(f"{path}/updates", carol, json={"note": "Begun"}),
            api.post(f"{path}/timescales", carol, json={"text": "May 2022", "reason": "Late"}),
            api.put(f"{path}/leads/{make.lead()['id']}", carol, if_match="*", json={"role": "support"}),
            api.delete(f"{path}/leads/{lead['id']}", carol, if_match="*"),
            api.put(f"/v1/plans/{plan['id']}/ladder", carol, if_match="*",
                    json={"stages": [{"offset_days": -3, "audience": ["lead"]}]}),
            api.put(f"/v1/plans/{plan['id']}/ladder", carol, if_match="*",
                    json={"stages": [{"offset_days": -1, "audience": ["lead"]}]}),
            api.put("/v1/ladder", carol, if_match="*", json={"stages": [{"offset_days": 0, "audience": ["lead"]}]})):
        assert call.status_code in (200, 201, 204), call.text
    make.key_for()
    make.webhook()
    return SimpleNamespace(place=place, plan=plan, action=action, other=other)


# What belongs to the plan of "busy", in order.
OF_THE_PLAN = [
    ("created", "plan"), ("created", "recommendation"), ("created", "action"), ("created", "timescale"),
    ("created", "deadline"), ("created", "assignment"),
    ("created", "update"), ("updated", "action"),
    ("updated", "timescale"), ("updated", "deadline"), ("created", "timescale"), ("created", "deadline"),
    ("updated", "action"),
    ("created", "assignment"), ("updated", "action"), ("deleted", "assignment"), ("updated", "action"),
    ("created", "ladder"), ("created", "ladder_stage"),
    ("updated", "ladder"), ("deleted", "ladder_stage"), ("created", "ladder_stage")]


@pytest.mark.parametrize("by", ["id", "slug"])
def test_a_plan_has_all_that_hangs_on_it(follow, busy, by):
    found = follow(busy.place, plan=busy.plan[by], limit=3)
    assert found.what == OF_THE_PLAN
    assert {(one["plan"], one["plan_id"]) for one in found.items} == {(busy.plan["slug"], busy.plan["id"])}
    rest = follow(busy.place)
    others = [one for one in rest.items if one["plan_id"] != busy.plan["id"]]
    assert {one["plan_id"] for one in others} == {None, busy.other["plan_id"]}
    assert {one["resource"] for one in others if one["plan_id"] is None} == {"lead", "ladder", "ladder_stage"}


def test_a_kind_of_thing(follow, busy):
    assert follow(busy.place, resource="assignment").what == [what for what in OF_THE_PLAN if what[1] == "assignment"]
    assert follow(busy.place, resource="closure").what == []
    both = follow(busy.place, resource="ladder_stage", plan=busy.plan["slug"])
    assert both.what == [what for what in OF_THE_PLAN if what[1] == "ladder_stage"]


def test_a_filter_changes_nothing_about_the_places(follow, busy, feed):
    whole = follow(busy.place)
    for query in ({"plan": "no-such-plan"}, {"plan": busy.plan["id"]}, {"resource": "closure"}, {}):
        assert follow(busy.place, limit=4, **query).place == whole.place
    assert feed(after=whole.place, plan=busy.plan["id"])["items"] == []


def test_a_filter_that_fits_little_costs_little(feed, follow, latest, database, make):
    """10,000 changes are looked at in one call; the page may be empty while there is more."""
    place = latest()
    database.execute("INSERT INTO change (actor, verb, resource, resource_id, after)"
                     " SELECT 'bulk', 'created', 'lead', n, '{}' FROM generate_series(1, 10500) n")
    while database.value("SELECT change_seal(10000)"):
        pass
    plan = make.plan()
    page = feed(after=place, resource="plan")
    assert page["items"] == [] and page["next_cursor"] == page["next_after"]
    assert int(page["next_after"].split(":")[0]) == int(place.split(":")[0]) + 10000
    assert [one["resource_id"] for one in follow(place, resource="plan").items] == [plan["id"]]


def test_there_is_more_as_long_as_sealing_has_work(feed, follow, latest, database):
    place = latest()
    database.execute("INSERT INTO change (actor, verb, resource, resource_id, after)"
                     " SELECT 'bulk', 'created', 'lead', n, '{}' FROM generate_series(1, 2500) n")
    assert feed(after=place, resource="closure")["next_cursor"]
    assert len(follow(place, limit=100).items) == 2500


def test_the_kinds_are_those_of_the_record(api, contract, database):
    """Whoever puts another table on record adds its name to the filter and to the document."""
    on_record = set(database.column("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'b_created'"))
    on_record.add("message")  # only what people do to it (record_message)
    assert set(contract.document["components"]["schemas"]["Recorded"]["enum"]) == on_record


# ---- who sees what ----

def test_a_key_for_some_plans_sees_what_belongs_to_them(follow, busy, limited):
    for role in ("reader", "editor", "admin"):
        assert follow(busy.place, key=limited(busy.plan, role=role)).what == OF_THE_PLAN


@pytest.mark.parametrize("resource", ["api_key", "webhook", "webhook_secret"])
def test_what_only_admins_read_is_for_admins_of_every_plan(follow, busy, alice, bob, carol, limited, resource):
    assert ("created", resource) in follow(busy.place, key=carol).what
    for key in (alice, bob, limited(busy.plan, role="admin")):
        assert resource not in {one for _, one in follow(busy.place, key=key).what}
        assert follow(busy.place, key=key, resource=resource).items == []


def test_no_digest_and_no_token_is_in_it(api, follow, latest, make, carol, database):
    place = latest()
    made = make.key_for()
    api.get("/v1/plans", made["token"])  # its first use is noted, and no change
    api.delete(f"/v1/keys/{made['id']}", carol, if_match="*")
    found = follow(place, key=carol)
    assert found.what == [("created", "api_key"), ("updated", "api_key")]
    text = json.dumps(found.items)
    digest = bytes(database.value("SELECT digest FROM api_key WHERE id = %s", (made["id"],))).hex()
    assert made["token"][12:] not in text and digest not in text and "digest" not in text


def test_no_secret_of_a_webhook_is_in_it(follow, latest, make, carol):
    place = latest()
    made = make.webhook(url="https://hooks.example.org/T0/B1/password")
    text = json.dumps(follow(place, key=carol).items)
    assert "hooks.example.org" in text and "password" not in text and '"secret"' not in text
    assert made["secret"].removeprefix("whsec_") not in text


def test_a_lead_is_recorded_with_its_holder(make, follow, latest):
    place = latest()
    make.lead(holder="Robin Jones", email="robin@example.org")
    one, = follow(place).items
    assert (one["before"], one["after"]["holder"], one["after"]["email"]) == (None, "Robin Jones", "robin@example.org")


# ---- places that are gone ----

def test_a_place_that_the_record_does_not_hold_is_gone(feed, latest, make):
    """As after a restore: the record ends earlier, or went on otherwise."""
    make.lead()
    seq, hash_ = latest().split(":")
    for after in (f"{int(seq) + 1000}:{hash_}", f"{seq}:{'0' * 64}", f"{int(seq) - 1}:{hash_}", f"0:{hash_}"):
        problem = feed(after=after, status=410)
        assert problem["code"] == "place_gone"
        assert [one["pointer"] for one in problem["errors"]] == ["?after"]


def test_a_place_is_a_head_to_verify_against(latest, database):
    settings = {"GT_DATABASE_URL": database.url("gt_api"), "GT_LOG_FORMAT": "text"}
    said = programs.run("goldenthread-api", "verify-changes", "--head", latest(), settings=settings)
    assert f"head {latest()}\n" in said.stdout


def test_head_gives_no_body(api, bob):
    answer = api.request("HEAD", "/v1/changes", bob)
    assert answer.status_code == 200 and not answer.content
