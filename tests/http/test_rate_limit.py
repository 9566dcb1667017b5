"""How many calls a key may make: the headers, 429, and who is not slowed by whom"""
import re
import threading
import time

import pytest

from support import programs

UNLIMITED = ["/livez", "/readyz", "/metrics", "/openapi.json", "/docs", "/errors", "/errors/rate_limited"]


@pytest.fixture
def limited_to(start_api):
    """A server with this limit. One that is good has never called there."""
    return lambda calls: start_api(GT_RATE_LIMIT=calls)


def quota(answer):
    """What RateLimit says: calls left, and seconds until all are back."""
    return tuple(int(one) for one in re.fullmatch(r'"default";r=(\d+);t=(\d+)', answer.headers["RateLimit"]).groups())


def use_up(api, key, calls):
    for left in reversed(range(calls)):
        answer = api.get("/v1/timescales/read?text=TBC", key)
        assert answer.status_code == 200
        assert answer.headers["RateLimit-Policy"] == f'"default";q={calls};w=60'
        assert quota(answer)[0] >= left


def test_each_answer_tells_what_is_left(limited_to, alice, bob):
    api = limited_to(10)  # one comes back every six seconds
    answers = [api.get("/v1/plans", alice), api.get("/v1/plans/0", alice), api.get("/v1/plans?x=1", alice),
               api.post("/v1/plans", alice, json={}), api.post("/v1/keys", alice, json={}),
               api.patch("/v1/plans/1", alice, json={}), api.get("/v1/plans", alice, headers={"Accept": "image/png"}),
               api.head("/v1/plans", alice)]
    assert [one.status_code for one in answers] == [200, 404, 400, 422, 403, 428, 406, 200]
    assert [quota(one)[0] for one in answers] == [9, 8, 7, 6, 5, 4, 3, 2]
    for left, whole_in_s in map(quota, answers):
        assert 6 * (9 - left) < whole_in_s <= 6 * (10 - left)
    assert quota(api.get("/v1/plans", bob))[0] == 9


def test_one_call_too_many_is_429_and_retry_after_is_true(limited_to, alice, bob, changes):
    api = limited_to(60)
    use_up(api, alice, 60)
    answer = api.post("/v1/plans", alice, json={"title": "T", "slug": "t-t", "organisation": "O"})
    while answer.status_code != 429:  # a slow machine gave some calls back meanwhile
        answer = api.get("/v1/timescales/read?text=TBC", alice)
    assert answer.json()["code"] == "rate_limited"
    assert quota(answer)[0] == 0
    assert answer.headers["Retry-After"] == "1"
    assert api.get("/v1/plans", bob).status_code == 200
    time.sleep(int(answer.headers["Retry-After"]))
    assert api.get("/v1/plans", alice).status_code == 200


def test_a_refused_write_did_nothing(limited_to, alice, changes):
    api = limited_to(1)
    use_up(api, alice, 1)
    answer = api.post("/v1/leads", alice, json={"name": "Nobody"})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert changes.new() == []


def test_without_a_limit_nothing_is_told(limited_to, alice):
    api = limited_to(0)
    for _ in range(50):
        answer = api.get("/v1/plans", alice)
        assert answer.status_code == 200
        assert not {"RateLimit", "RateLimit-Policy"} & set(answer.headers)


def test_what_needs_no_key_has_no_limit(limited_to, alice):
    api = limited_to(1)
    for path in UNLIMITED * 5:
        answer = api.get(path, alice)
        assert answer.status_code == 200
        assert "RateLimit" not in answer.headers


def test_only_a_sane_limit_is_a_setting():
    for value in ("-1", "1000001", "many", "1.5"):
        done = programs.run("goldenthread-api", "check-config", status=1,
                            settings={"GT_DATABASE_URL": "postgresql:///x", "GT_RATE_LIMIT": value})
        assert "GT_RATE_LIMIT" in done.stderr


@pytest.fixture
def locked(database):
    """Nobody can read the table of keys: whatever asks it waits."""
    def lock():
        holder.cursor().execute("LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE")
    holder = database.connect()
    holder.autocommit = False
    yield lock
    holder.rollback()
    holder.close()


@pytest.mark.allow_log("^57014 ")
def test_429_asks_the_database_nothing(start_api, locked, alice):
    api = start_api(GT_RATE_LIMIT=1, GT_STATEMENT_TIMEOUT_MS=1500)
    use_up(api, alice, 1)
    locked()
    for _ in range(20):
        begin = time.monotonic()
        assert api.get("/v1/plans", alice).status_code == 429
        assert time.monotonic() - begin < 1
    assert api.get("/v1/plans", alice.token + "x").status_code == 401
    assert api.get("/v1/plans").status_code == 401


# ---- keys that nobody has ----

STRANGERS = 600  # calls a minute, shared by all of them


@pytest.fixture(scope="session")
def made_up(token_of):
    """Tokens that look like keys, each another."""
    return lambda count: [token_of(f"{n:043d}") for n in range(count)]


def test_made_up_keys_are_soon_refused_unseen_and_good_ones_never(limited_to, made_up, alice, make):
    api = limited_to(1000)
    assert api.get("/v1/plans", alice).status_code == 200
    begin = time.monotonic()
    codes = [api.get("/v1/plans", token).status_code for token in made_up(STRANGERS + 300)]
    looked_up = codes.count(401)
    assert set(codes) == {401, 429}
    assert looked_up <= STRANGERS + 10 * (time.monotonic() - begin) + 1
    answer = api.get("/v1/plans", alice)
    assert (answer.status_code, quota(answer)[0] > 900) == (200, True)


def test_a_new_key_gets_in_while_made_up_keys_keep_coming(limited_to, made_up, alice, make):
    api = limited_to(1000)
    stop, tokens = threading.Event(), made_up(3000)

    def flood():
        for token in tokens:
            if stop.is_set():
                return
            api.request("GET", "/v1/plans", token)
    for token in tokens[:STRANGERS + 50]:
        api.get("/v1/plans", token)
    crowd = [threading.Thread(target=flood) for _ in range(2)]
    for one in crowd:
        one.start()
    try:
        token = make.key_for()["token"]
        answer = api.get("/v1/plans", token)
        for _ in range(3):
            if answer.status_code == 429:
                time.sleep(int(answer.headers["Retry-After"]))
                answer = api.get("/v1/plans", token)
        assert answer.status_code == 200
    finally:
        stop.set()
        for one in crowd:
            one.join()


def test_a_revoked_key_is_refused_like_one_that_never_was(limited_to, made_up, carol, make):
    api = limited_to(1000)
    key = make.key_for()
    assert "RateLimit" in api.get("/v1/plans", key["token"]).headers
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*")
    gone, unknown = api.get("/v1/plans", key["token"]), api.get("/v1/plans", made_up(1)[0])
    assert (gone.status_code, unknown.status_code) == (401, 401)
    assert {**gone.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert set(gone.headers) == set(unknown.headers)


def test_one_key_at_ten_times_its_limit_does_not_slow_another(limited_to, alice, bob):
    api = limited_to(300)
    stop, refused = threading.Event(), []

    def flood():
        with api.wire() as wire:
            request = f"GET /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n\r\n".encode()
            while not stop.is_set():
                wire.send(request)
                refused.append(wire.answer().status == 429)
                time.sleep(0.02)  # 50 a second: ten times the limit
    use_up(api, alice, 300)
    crowd = threading.Thread(target=flood)
    crowd.start()
    try:
        programs.wait_until(lambda: any(refused), "the limit is reached", 60)
        slowest = 0
        for _ in range(100):
            begin = time.monotonic()
            assert api.get("/v1/plans", bob).status_code == 200
            slowest = max(slowest, time.monotonic() - begin)
    finally:
        stop.set()
        crowd.join()
    assert slowest < 1
