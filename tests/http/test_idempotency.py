"""Idempotency-Key on every POST: what is sent again happens once."""
import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

SETTINGS = {"GT_THREADS": 8}


@pytest.fixture
def post(api, alice):
    def send(body, key=None, path="/v1/plans", who=alice, **how):
        headers = {"Idempotency-Key": key} if key is not None else {}
        return api.post(path, who, json=body, headers=headers, **how)
    return send


@pytest.fixture
def name():
    return str(uuid.uuid4())


PLAN = {"title": "A plan", "organisation": "A council"}


def test_a_repetition_gets_the_first_answer_and_does_nothing(post, name, changes):
    first = post(PLAN, name)
    changes.expect(("created", "plan"), actor="alice")
    second = post(PLAN, name)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert [one.headers.get("Idempotency-Replayed") for one in (first, second)] == [None, "true"]
    assert [second.headers[one] for one in ("ETag", "Location")] == [first.headers[one] for one in ("ETag", "Location")]
    assert changes.new() == []


def test_the_stored_answer_stays_what_it_was(post, api, alice, name):
    first = post(PLAN, name)
    api.patch(first.headers["Location"], alice, json={"title": "Another title"}, if_match="*")
    assert post(PLAN, name).json() == first.json()


def test_another_body_is_refused(post, name, changes):
    post(PLAN, name)
    changes.new()
    answer = post({**PLAN, "title": "Another"}, name)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert changes.new() == []


def test_another_address_another_key_of_the_caller_and_a_refused_call_are_fresh(post, api, alice, carol, plan, name):
    body = {"number": "1", "text": "Words"}
    path = f"/v1/plans/{plan['id']}/recommendations"
    assert post({**body, "number": "x" * 41}, name, path).status_code == 422
    assert post(body, name, path).status_code == 201
    other = f"/v1/plans/{post(PLAN).json()['id']}/recommendations"
    assert post(body, name, other).headers.get("Idempotency-Replayed") is None
    again = post(body, name, path, who=carol)
    assert (again.status_code, again.json()["code"]) == (409, "number_taken")


def test_what_the_rules_refuse_is_not_kept(post, plan, make, name):
    body = {"number": "7", "text": "Words"}
    path = f"/v1/plans/{plan['id']}/recommendations"
    taken = make.recommendation(plan, number="7")
    assert post(body, name, path).status_code == 409
    assert taken and post({**body, "number": "8"}, name, path).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a b", "clé", '"', '"a"b"', "a\\b"])
def test_a_key_must_be_visible_ascii(post, key):
    answer = post(PLAN, key.encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_quoted_and_bare_are_the_same_key(post, name):
    assert post(PLAN, f'"{name}"').json() == post(PLAN, name).json()
    assert post(PLAN, "x" * 255).status_code == 201


def test_two_keys_at_once_are_refused(api, alice):
    with api.wire() as wire:
        body = json.dumps(PLAN)
        wire.send((f"POST /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\nIdempotency-Key: a\r\n"
                   f"Idempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode())
        assert wire.answer("POST").status == 400


def test_a_new_token_is_shown_again_and_stored_nowhere(api, carol, database, name):
    body = {"name": "dashboard", "role": "reader"}
    first, second = (api.post("/v1/keys", carol, json=body, headers={"Idempotency-Key": name}) for _ in range(2))
    assert first.json() == second.json() and second.headers["Idempotency-Replayed"] == "true"
    token = first.json()["token"]
    assert api.get("/v1/plans", token).status_code == 200
    assert database.value("SELECT count(*) FROM api_key WHERE prefix = %s", (token[:12],)) == 1
    kept = database.rows("SELECT * FROM idempotency WHERE idempotency_key = %s", (name,))
    assert len(kept) == 1 and token[12:] not in json.dumps(kept, default=str)
    other = api.post("/v1/keys", carol, json=body, headers={"Idempotency-Key": name + "x"}).json()["token"]
    assert other != token


def test_an_import_is_repeated_whole(api, alice, name):
    table = ("Recommendation\tAction\tLead\tTimescale\n1 Do better\tWrite a plan\tDirector of Plans\tMarch 2022\n").encode()
    send = {"headers": {"Idempotency-Key": name, "Content-Type": "text/plain"}, "data": table}
    path = "/v1/imports?title=Imported&organisation=A%20council"
    first, second = api.post(path, alice, **send), api.post(path, alice, **send)
    assert (first.status_code, second.status_code) == (201, 201), first.text
    assert first.json() == second.json() and second.headers["Idempotency-Replayed"] == "true"
    answer = api.post(path + "&slug=another", alice, **send)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_after_three_days_the_key_is_free(post, database, name):
    first = post(PLAN, name)
    database.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
    second = post(PLAN, name)
    assert second.json()["id"] != first.json()["id"]
    database.execute("UPDATE idempotency SET created_at = now() - interval '73 hours'")
    post(PLAN, str(uuid.uuid4()))
    assert database.value("SELECT count(*) FROM idempotency") == 1


def test_a_key_on_other_methods_means_nothing(api, alice, action):
    for _ in range(2):
        answer = api.patch(f"/v1/actions/{action['id']}", alice, json={"percent": 1}, if_match="*",
                           headers={"Idempotency-Key": "x"})
        assert answer.status_code == 200 and "Idempotency-Replayed" not in answer.headers


def test_a_wrong_key_and_too_low_a_role_are_told(api, bob, unknown_token, name):
    headers = {"Idempotency-Key": name}
    assert api.post("/v1/plans", unknown_token, json=PLAN, headers=headers).status_code == 401
    assert api.post("/v1/plans", bob, json=PLAN, headers=headers).status_code == 403


def test_while_the_first_is_not_over_the_others_wait(post, name, database):
    """The first call is held up by a lock of ours in the middle of its work."""
    holder = database.connect()
    holder.autocommit = False
    holder.cursor().execute("LOCK TABLE plan IN SHARE ROW EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, PLAN, name)
        watch = database.connect().cursor()
        while True:
            watch.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                          " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
            if watch.fetchone()[0]:
                break
        answer = post(PLAN, name)
        assert (answer.status_code, answer.json()["code"]) == (409, "still_running")
        assert int(answer.headers["Retry-After"]) > 0
        holder.rollback()
        made = first.result()
    assert made.status_code == 201
    assert post(PLAN, name).json() == made.json()


def test_five_hundred_clients_make_one_row(api, alice, database, name):
    """Each on a connection of its own, all at once: one row; the rest get its answer or are asked to wait."""
    headers = {"Idempotency-Key": name, "Authorization": f"Bearer {alice.token}"}
    body = {"title": f"Once {name}", "organisation": "A council"}

    def call(_):
        with requests.Session() as session:
            session.trust_env = False
            return session.post(f"{api.url}/v1/plans", json=body, headers=headers, timeout=60)
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(call, range(500)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in made) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"still_running"}
    assert database.value("SELECT count(*) FROM plan WHERE title = %s", (body["title"],)) == 1
    assert database.value("SELECT count(*) FROM change WHERE resource = 'plan' AND after->>'title' = %s",
                          (body["title"],)) == 1


def test_every_post_tells_of_it(contract):
    posts = [one for (method, _), one in contract.operations.items() if method == "POST" and one.node["x-role"] != "notify"]
    assert posts and [one.path for one in posts if "Idempotency-Key" not in one.names("header")] == []
    assert [one.path for one in posts if 409 not in one.responses] == []
