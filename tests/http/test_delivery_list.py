"""GET /v1/webhooks/{id}/deliveries"""
import pytest

STATES = ("queued", "leased", "retry", "sent", "failed")


@pytest.fixture
def tested(make, api, carol):
    """A webhook and a number of deliveries to it."""
    def make_some(count):
        made = make.webhook()
        ids = [api.post(f"/v1/webhooks/{made['id']}/test", carol).json()["id"] for _ in range(count)]
        return f"/v1/webhooks/{made['id']}/deliveries", ids
    return make_some


def test_it_shows_each_try_and_what_was_answered(tested, api, carol, database):
    path, (one,) = tested(1)
    database.execute("UPDATE delivery SET state = 'retry', attempts = 2, uncertain = 1, last_error = 'answered 500',"
                     " next_at = '2022-03-24T08:35:00Z' WHERE id = %s", (one,))
    database.execute("INSERT INTO delivery_attempt VALUES"
                     " (%s, 1, '2022-03-24T08:30:00Z', '2022-03-24T08:30:10Z', 'uncertain', 10000, 28, NULL, 'no answer', NULL),"
                     " (%s, 2, '2022-03-24T08:30:15Z', '2022-03-24T08:30:15.5Z', 'retry', 500, 0, 500, 'answered 500', 'oh\\n')",
                     (one, one))
    found, = api.get(path, carol).json()["items"]
    assert (found["state"], found["attempts"], found["uncertain"], found["next_at"], found["last_error"]) == (
        "retry", 2, 1, "2022-03-24T08:35:00.000Z", "answered 500")
    assert found["tries"] == [
        {"n": 1, "started_at": "2022-03-24T08:30:00.000Z", "finished_at": "2022-03-24T08:30:10.000Z", "duration_ms": 10000,
         "outcome": "uncertain", "curl_code": 28, "reply_code": None, "detail": "no answer", "answer": None},
        {"n": 2, "started_at": "2022-03-24T08:30:15.000Z", "finished_at": "2022-03-24T08:30:15.500Z", "duration_ms": 500,
         "outcome": "retry", "curl_code": 0, "reply_code": 500, "detail": "answered 500", "answer": "oh\\n"}]


def test_it_finds_by_state(tested, api, carol, database):
    path, ids = tested(5)
    for one, state in zip(ids, STATES):
        lease = ", lease_token = 1, lease_until = now()" if state == "leased" else ""
        database.execute(f"UPDATE delivery SET state = '{state}'{lease} WHERE id = %s", (one,))
    for one, state in zip(ids, STATES):
        found, = api.get(f"{path}?state={state}", carol).json()["items"]
        assert found["id"] == one and (found["next_at"] is not None) == (state in ("queued", "retry"))


def test_it_pages(tested, pages, carol):
    path, ids = tested(5)
    assert [[one["id"] for one in page] for page in pages(path, carol, 2)] == [ids[:2], ids[2:4], ids[4:]]


def test_there_must_be_such_a_webhook(api, carol, tested, limited, plan):
    assert api.get("/v1/webhooks/999999/deliveries", carol).status_code == 404
    path, _ = tested(1)
    assert api.get(path, limited(plan, role="admin")).status_code == 404
