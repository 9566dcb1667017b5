"""POST /v1/plans/{plan}/recommendations"""
BODY = {"number": "R4", "text": "Develop a clear narrative\nfor the place"}


def test_it_adds_one_to_the_plan(api, alice, plan):
    answer = api.post(f"/v1/plans/{plan['slug']}/recommendations", alice, json=BODY)
    assert answer.status_code == 201
    made = answer.json()
    assert made == {**BODY, "id": made["id"], "plan": plan["slug"], "plan_id": plan["id"], "response": "accepted",
                    "actions": 0, "version": 1, "created_at": made["created_at"], "updated_at": made["created_at"]}
    assert answer.headers["Location"] == f"/v1/recommendations/{made['id']}"
    assert api.get(answer.headers["Location"], alice).json() == made


def test_a_number_comes_once_in_a_plan_but_may_come_in_another(api, alice, make, plan):
    path = f"/v1/plans/{plan['id']}/recommendations"
    assert api.post(path, alice, json=BODY).status_code == 201
    answer = api.post(path, alice, json={**BODY, "text": "Another"})
    assert (answer.status_code, answer.json()["code"]) == (409, "number_taken")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/number"]
    assert api.post(f"/v1/plans/{make.plan()['id']}/recommendations", alice, json=BODY).status_code == 201


def test_lines_that_end_as_on_windows_are_kept_as_lines(api, alice, plan):
    made = api.post(f"/v1/plans/{plan['id']}/recommendations", alice,
                    json={**BODY, "text": "one\r\ntwo\rthree\n\r\nfour\\r\\n"})
    assert made.json()["text"] == "one\ntwo\nthree\n\nfour\\r\\n"


def test_a_text_is_kept_to_the_letter(api, alice, plan):
    text = "Croeso i Ynys Môn – “clear” 2025⁄26 \\ / \" \t👩‍👩‍👧 \U0010ffff " + "ŵ" * 19900
    made = api.post(f"/v1/plans/{plan['id']}/recommendations", alice, json={**BODY, "text": text}).json()
    assert api.get(f"/v1/recommendations/{made['id']}", alice).json()["text"] == text


def test_it_counts_characters_and_not_bytes(api, alice, plan):
    path = f"/v1/plans/{plan['id']}/recommendations"
    assert api.post(path, alice, json={**BODY, "text": "ŵ" * 20000}).status_code == 201
    assert api.post(path, alice, json={**BODY, "number": "2", "text": "ŵ" * 20001}).status_code == 422


def test_outside_the_keys_plans_there_is_no_plan(api, make, limited, plan):
    assert api.post(f"/v1/plans/{make.plan()['id']}/recommendations", limited(plan), json=BODY).status_code == 404
    assert api.post(f"/v1/plans/{plan['id']}/recommendations", limited(plan), json=BODY).status_code == 201


def test_it_is_on_record(api, alice, plan, changes):
    api.post(f"/v1/plans/{plan['id']}/recommendations", alice, json=BODY, headers={"X-Request-Id": "r.1"})
    row, = changes.expect(("created", "recommendation"), actor="alice", request_id="r.1")
    assert (row["plan_id"], row["after"]["number"]) == (plan["id"], "R4")
