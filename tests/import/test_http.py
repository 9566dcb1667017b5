"""POST /v1/imports: the file is the body; a preview, a plan, or every fault at once."""
from datetime import date

import pytest

from support import programs
from support.people import create_key

SEED = (programs.ROOT / "tests" / "data" / "plans" / "st-helens-2021.txt").read_bytes()
NEW = {"organisation": "St Helens Borough Council", "slug": "st-helens"}
CSV = b"No,Recommendation,Action,Lead,Timescale\n1,A,One,Clerk,Q3 2024\n,,Two,Clerk,Within six months\n"


@pytest.fixture
def api(start_api):
    return start_api()


@pytest.fixture
def post(api, alice):
    def run(body, status, kind="text/plain", key=alice, **query):
        answer = api.post("/v1/imports", key, data=body, params=query, headers={"Content-Type": kind} if kind else {})
        assert answer.status_code == status, answer.text
        return answer
    return run


def faults(answer):
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def test_preview_then_plan(database, api, alice, post):
    preview = post(SEED, 200, dry_run="true", **NEW).json()
    assert preview["plan"]["state"] == "new" and len(preview["recommendations"]) == 7
    assert database.value("SELECT count(*) FROM plan") == 0
    made = post(SEED, 201, **NEW)
    assert made.headers["Location"] == "/v1/plans/" + str(made.json()["plan"]["id"])
    assert made.json()["plan"]["slug"] == "st-helens"
    assert made.json()["recommendations"] == preview["recommendations"]
    assert api.get(made.headers["Location"], alice).json()["slug"] == "st-helens"
    assert database.value("SELECT array_agg(DISTINCT actor) FROM change WHERE resource <> 'api_key'") == [alice.name]
    # every row that was made is on record, as it is
    for table in ("plan", "recommendation", "action", "timescale", "deadline", "lead"):
        assert database.value(f"""SELECT count(*) FROM {table} t JOIN change c ON c.resource = '{table}'
            AND c.resource_id = t.id AND c.verb = 'created' AND c.after - 'salt' = to_jsonb(t)""") == \
            database.value(f"SELECT count(*) FROM {table}")
    assert database.value("SELECT count(*) FROM change WHERE resource = 'assignment'") == \
        database.value("SELECT count(*) FROM assignment")


def test_columns_responses_and_progress(database, post):
    body = b"No,Recommendation,Response,Action,When,Revised date,Update,Cost\n1,A,Reject,None,,,,\n2,B,,Do it,May 2022,June 2022,Moving,5\n"
    made = post(body, 201, "text/csv", title="T", **NEW).json()
    assert made["columns"] == [{"heading": heading, "read_as": meaning} for heading, meaning in (
        ("No", "number"), ("Recommendation", "recommendation"), ("Response", "response"), ("Action", "action"),
        ("When", "timescale"), ("Revised date", "revised_timescale"), ("Update", "note"), ("Cost", None))]
    assert [one["response"] for one in made["recommendations"]] == ["declined", "accepted"]
    action = made["recommendations"][1]["actions"][0]
    assert action["note"] == "Moving" and action["original_timescale"]["due_on"] == "2022-05-31"
    assert {"column_left_out", "no_response"} <= {doubt["code"] for doubt in made["doubts"]}
    assert database.value("SELECT count(*) FROM timescale") == 2


def test_again(database, post):
    post(SEED, 201, **NEW)
    before = database.value("SELECT count(*) FROM change")
    again = post(SEED, 201, plan="st-helens").json()
    assert {a["state"] for r in again["recommendations"] for a in r["actions"]} == {"unchanged"}
    assert database.value("SELECT count(*) FROM change") == before
    post(SEED.replace(b"March 2022", b"May 2022"), 201, plan="st-helens")
    assert database.value("SELECT count(*) FROM timescale WHERE reason = 're-imported' AND current AND slips = 1") > 0
    assert database.value("SELECT count(*) FROM action") == 24


def test_every_fault_has_a_place(database, post):
    long = "x" * 60
    body = f"No,Recommendation,Action,Lead,Time/scale\n1,A,One,Clerk,May 2022\n1,B,Two,Clerk,{'y' * 2001}\n{long},C,x,,\n"
    found = faults(post(body.encode(), 422, "text/csv", dry_run="true", **NEW, title="T"))
    assert found == [("/rows/3/No", "number_repeated")]
    body = body.replace("1,B", "2,B").replace("Time/scale", "Timescale/s")
    found = faults(post(body.encode(), 422, "text/csv", **NEW, title="T"))
    assert ("/rows/3/Timescale~1s", "text_too_long") in found and ("/rows/4/No", "text_too_long") in found
    assert faults(post(b"nothing", 422)) == [("", "no_table")]
    assert faults(post(b"", 422)) == [("", "empty_file")]
    assert faults(post(CSV, 422, "text/csv")) == [("?title", "title_missing"), ("?organisation", "organisation_missing")]
    post(CSV, 201, "text/csv", title="T", **NEW)
    assert faults(post(CSV, 422, "text/csv", title="T", **NEW)) == [("?slug", "slug_taken")]
    database.execute("UPDATE plan SET adopted_on = '2021-12-01'")
    assert faults(post(CSV.replace(b",A,", b",B,"), 422, "text/csv", plan="st-helens")) == [("/rows/2", "plan_adopted")]
    assert database.value("SELECT count(*) FROM plan") == 1


def test_what_is_refused(api, alice, bob, post):
    post(CSV, 415, "application/pdf", **NEW)
    post(CSV, 422, "application/json", **NEW)
    post(CSV, 415, None, **NEW)
    post(CSV, 400, "text/csv", nonsense="1")
    post(CSV, 400, "text/csv", dry_run="yes")
    post(CSV, 404, "text/csv", plan="nope")
    post(CSV, 403, "text/csv", key=bob, **NEW)
    post(CSV, 401, "text/csv", key="gt_live_nonsense", **NEW)
    post(b"x" * (16 * 1024 * 1024 + 1), 413, **NEW)
    assert api.post("/v1/plans", alice, data=b"x" * (1024 * 1024 + 1),
                    headers={"Content-Type": "application/json"}).status_code == 413
    assert faults(post(b"x" * (16 * 1024 * 1024), 422, **NEW)) == [("/rows/1", "cell_too_long")]


def test_a_key_of_one_plan(database, api, carol, post):
    post(CSV, 201, "text/csv", title="T", **NEW)
    plan = database.value("SELECT id FROM plan")
    limited = api.post("/v1/keys", carol, json={"name": "x", "role": "editor", "plans": [plan]}).json()["token"]
    post(CSV, 201, "text/csv", key=limited, plan="st-helens")
    post(CSV, 403, "text/csv", key=limited, title="T", organisation="O")
    post(CSV.replace(b"Clerk", b"Mayor"), 200, "text/csv", key=limited, plan="st-helens", dry_run="true")
    post(CSV.replace(b"Clerk", b"Mayor"), 403, "text/csv", key=limited, plan="st-helens")


def test_the_plan_says_how_its_timescales_are_read(database, api, alice, post):
    plan = api.post("/v1/plans", alice, json={"title": "T", "slug": "calendar", "organisation": "O",
                                              "quarter_basis": "calendar", "relative_to": "2024-01-01"}).json()
    post(CSV, 201, "text/csv", plan="calendar")
    due = "SELECT due_on FROM timescale t JOIN action a ON a.id = t.action_id WHERE t.current AND a.reference = %s"
    assert database.value(due, ("1.1",)) == date(2024, 9, 30)
    assert database.value(due, ("1.2",)) == date(2024, 7, 1)
    recommendation = database.value("SELECT id FROM recommendation")
    made = api.post(f"/v1/recommendations/{recommendation}/actions", alice,
                    json={"description": "Three", "timescale": "Q3 2024"}).json()
    assert made["timescale"]["due_on"] == "2024-09-30"
    revised = api.post(f"/v1/actions/{made['id']}/timescales", alice, json={"text": "Q2 2024", "reason": "agreed"})
    assert revised.json()["timescale"]["due_on"] == "2024-06-30"
    assert api.post("/v1/actions/999/timescales", alice, json={"text": "Q2 2024", "reason": "x"}).status_code == 404
    assert api.post("/v1/recommendations/999/actions", alice,
                    json={"description": "x", "timescale": "Q2 2024"}).status_code == 404
    api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", json={"quarter_basis": "financial"})
    post(CSV.replace(b"Q3", b"Q4"), 201, "text/csv", plan="calendar")
    assert database.value(due, ("1.1",)) == date(2025, 3, 31)
