"""GET /v1/actions/{id}"""
import json


def test_it_shows_the_action_with_all_that_hangs_on_it(api, bob, make, recommendation, lead):
    made = make.action(recommendation, timescale="March 2022", leads=[{"lead": lead["id"]}])
    answer = api.get(f"/v1/actions/{made['id']}", bob)
    assert (answer.status_code, answer.json(), answer.headers["ETag"]) == (200, made, '"1"')


def test_it_says_304_while_nothing_changed(api, alice, action):
    path = f"/v1/actions/{action['id']}"
    assert api.get(path, alice, headers={"If-None-Match": '"1"'}).status_code == 304
    assert api.head(path, alice, headers={"If-None-Match": '"1"'}).status_code == 304
    api.patch(path, alice, if_match='"1"', json={"percent": 10})
    assert api.get(path, alice, headers={"If-None-Match": '"1"'}).json()["percent"] == 10


def test_a_copy_whose_standing_aged_is_sent_again(api, alice, database, make, recommendation):
    made = make.action(recommendation, timescale="March 2022")
    path = f"/v1/actions/{made['id']}"
    assert api.get(path, alice, headers={"If-None-Match": '"1"'}).status_code == 304
    # As if its version were made in January 2022, when it was upcoming.
    database.rows("SET session_replication_role = replica;"
                  f"UPDATE action SET updated_at = '2022-01-10' WHERE id = {made['id']}")
    answer = api.get(path, alice, headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.json()["standing"]) == (200, "overdue")


def test_it_shows_a_leads_new_name_and_kind(api, alice, make, recommendation, lead):
    made = make.action(recommendation, leads=[{"lead": lead["id"]}])
    path = f"/v1/actions/{made['id']}"
    api.patch(f"/v1/leads/{lead['id']}", alice, if_match="*", json={"name": "Renamed Director 1", "kind": "team"})
    answer = api.get(path, alice, headers={"If-None-Match": '"1"'})
    assert answer.json()["leads"] == [{"id": lead["id"], "name": "Renamed Director 1", "kind": "team", "role": "lead"}]


def test_words_that_look_like_json_do_no_harm(api, bob, make, recommendation):
    words = '"},{"standing":"done"}]} \\ \\" {{}} '
    made = make.action(recommendation, description=words + "x", reference='}"{', timescale='March 2022 "}{')
    read = api.get(f"/v1/actions/{made['id']}", bob).json()
    assert (read["description"], read["reference"], read["timescale"]["text"]) == (words + "x", '}"{', 'March 2022 "}{')


def test_outside_the_keys_plans_there_is_none(api, make, limited, plan, action):
    other = make.action()
    key = limited(plan, role="reader")
    assert api.get(f"/v1/actions/{action['id']}", key).status_code == 200
    assert api.get(f"/v1/actions/{other['id']}", key).status_code == 404


def test_a_row_that_the_import_wrote_reads_like_any_other(api, bob, database, plan, recommendation):
    doubt = {"code": "split_row", "detail": "Joined", "row": 3, "column": None}
    number = database.value("INSERT INTO action (plan_id, recommendation_id, reference, description, doubts)"
                            " VALUES (%s, %s, '9.9', 'By hand', %s) RETURNING id",
                            (plan["id"], recommendation["id"], json.dumps([doubt])))
    read = api.get(f"/v1/actions/{number}", bob).json()
    assert read["doubts"] == [doubt]
