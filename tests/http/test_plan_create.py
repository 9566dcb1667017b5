"""POST /v1/plans"""
import pytest

BODY = {"title": "LGA Peer Review Revisit action plan", "organisation": "St Helens Borough Council"}


def test_it_makes_a_plan_with_the_usual_settings(api, alice):
    answer = api.post("/v1/plans", alice, json={**BODY, "slug": "usual"})
    assert answer.status_code == 201
    plan = answer.json()
    assert {name: plan[name] for name in plan if name not in ("id", "created_at", "updated_at")} == {
        **BODY, "slug": "usual", "source_url": None, "adopted_on": None, "owner": None, "state": "draft",
        "published": False, "time_zone": "Europe/London", "division": "england-and-wales",
        "quarter_basis": "financial", "relative_to": None, "send_at": "08:30", "updates_every_days": None,
        "version": 1}
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/v1/plans/{plan['id']}"
    assert api.get(answer.headers["Location"], alice).json() == plan


def test_it_keeps_everything_that_it_is_given(api, alice, lead):
    body = {**BODY, "slug": "all-of-it", "source_url": "https://council.example/plan.pdf", "adopted_on": "2021-12-01",
            "owner": lead["id"], "state": "active", "published": True, "time_zone": "Europe/Dublin",
            "division": "northern-ireland", "quarter_basis": "calendar", "relative_to": "2021-12-02",
            "send_at": "17:59", "updates_every_days": 366}
    plan = api.post("/v1/plans", alice, json=body).json()
    assert {name: plan[name] for name in body} == body


def test_it_takes_the_title_for_a_slug_and_counts_on(api, alice):
    slugs = [api.post("/v1/plans", alice,
                      json={**BODY, "title": "Children's Services: Improvement Plan"}).json()["slug"]
             for _ in range(3)]
    assert slugs == ["children-s-services-improvement-plan" + end for end in ("", "-2", "-3")]


@pytest.mark.parametrize("title,slug", [("2021", "plan-2021"), ("Ḁ!", "plan"), ("x" * 500, "x" * 70),
                                        ("a" * 69 + " b", "a" * 69)])
def test_a_slug_is_made_of_any_title(api, alice, title, slug):
    assert api.post("/v1/plans", alice, json={**BODY, "title": title}).json()["slug"] == slug


def test_it_refuses_a_slug_that_is_taken(api, alice, plan):
    answer = api.post("/v1/plans", alice, json={**BODY, "slug": plan["slug"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/slug"]


@pytest.mark.parametrize("field,value,code", [
    ("slug", "2021", "bad_slug"), ("slug", "a--b", "bad_slug"), ("slug", "-a", "bad_slug"), ("slug", "A", "bad_slug"),
    ("slug", "a" * 81, "bad_slug"), ("owner", 999999, "unknown_lead"),
    ("time_zone", "Europe/Paris2", "unknown_time_zone"),
    ("updates_every_days", 0, "out_of_range"), ("updates_every_days", 367, "out_of_range"),
    ("updates_every_days", "30", "wrong_type"), ("send_at", "07:59", "invalid"), ("send_at", "18:00", "invalid"), ("send_at", "8:30", "bad_time"),
    ("send_at", "24:00", "bad_time"), ("division", "wales", "unknown_value"),
    ("source_url", "ftp://x.example/", "bad_url"),
])
def test_it_refuses_what_a_plan_cannot_have(api, alice, field, value, code):
    answer = api.post("/v1/plans", alice, json={**BODY, field: value})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(f"/{field}", code)]


def test_it_names_every_fault_at_once(api, alice):
    answer = api.post("/v1/plans", alice, json={"title": "", "state": "open", "adopted_on": "2021-02-30", "id": 5})
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/title", "too_short"), ("/organisation", "required"), ("/state", "unknown_value"),
        ("/adopted_on", "bad_date"),
        ("/id", "unknown_field")}


def test_a_key_for_some_plans_cannot_add_one(api, limited, plan):
    assert api.post("/v1/plans", limited(plan), json=BODY).status_code == 403


def test_it_is_on_record(api, alice, changes):
    plan = api.post("/v1/plans", alice, json=BODY, headers={"X-Request-Id": "make-1"}).json()
    row, = changes.expect(("created", "plan"), actor="alice", request_id="make-1")
    assert (row["resource_id"], row["plan_id"], row["before"]) == (plan["id"], plan["id"], None)
    assert row["after"]["title"] == BODY["title"]
