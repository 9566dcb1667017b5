"""Tokens: only a whole live key in the one right place is one, and no answer tells more than that"""
import statistics
import time


def token_matrix(token):
    body = token[len("gt_live_"):]
    other = "A" if token[20] != "A" else "B"
    return [None, "", "Bearer", "Bearer ", f"Basic {token}", f"Token {token}", f"Digest {token}", token, f"Bearer{token}",
            f"Bearer={token}", f"Bearer:{token}", f"Bearer gt_test_{body}", f"Bearer {body}", f"Bearer GT_LIVE_{body}",
            f"Bearer {token[:-1]}", f"Bearer {token}x", f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
            f"Bearer {token[:20]}{other}{token[21:]}", f"Bearer {token[:20]}{token[21:]}", f"Bearer {token.lower()}",
            f"Bearer {token.upper()}", f"Bearer {token} x", f"Bearer {token};", f"Bearer \t{token}", f"Bearer\t{token}",
            f'Bearer "{token}"', f"Bearer {token[::-1]}", f"Bearer %67{token[1:]}", "Bearer null", "Bearer undefined",
            "Bearer " + "A" * 10240, "Bearer " + token + "A" * 10240, "Bearer gt_live_" + "0" * 49,
            "Bearer gt_live_" + "0" * 43 + "ÄÄÄ", "Bearer " + "ŵ" * 57, "Bearer ' OR 1=1 --"]


def test_only_a_whole_live_key_is_one(api, alice):
    plain = api.get("/v1/plans")
    assert plain.headers["WWW-Authenticate"] == "Bearer"
    for value in token_matrix(alice.token):
        answer = api.get("/v1/plans", headers={} if value is None else {"Authorization": value.encode("utf-8")})
        assert answer.status_code == 401, value
        assert {**answer.json(), "request_id": ""} == {**plain.json(), "request_id": ""}
        assert set(answer.headers) == set(plain.headers)
    for value in (f"bearer  {alice.token}", f"BEARER {alice.token}"):
        assert api.get("/v1/plans", headers={"Authorization": value}).status_code == 200


def test_a_checksum_that_is_wrong_asks_nothing_of_the_database(start_api, alice, database):
    api = start_api(GT_STATEMENT_TIMEOUT_MS=1000)
    holder = database.connect()
    holder.autocommit = False
    holder.cursor().execute("LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE")
    try:
        for value in token_matrix(alice.token):
            begin = time.monotonic()
            answer = api.get("/v1/plans", headers={} if value is None else {"Authorization": value.encode("utf-8")})
            assert answer.status_code == 401
            assert time.monotonic() - begin < 0.9
    finally:
        holder.rollback()
        holder.close()


def test_two_authorizations_are_one_too_many(get_raw, bob):
    answer = get_raw("/v1/plans", f"Authorization: Bearer {bob.token}")
    assert (answer.status, answer.headers["Connection"]) == (400, "close")


def test_a_key_is_never_taken_from_the_address(api, alice):
    for name in ("access_token", "key", "token", "Authorization", "api_key", "bearer"):
        assert api.get(f"/v1/plans?{name}={alice.token}").status_code == 401
    assert api.post("/v1/plans", data=f"access_token={alice.token}",
                    headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code == 401


def test_a_key_that_never_was_takes_as_long_as_one_that_was_revoked(api, carol, make, token_of):
    key = make.key_for()
    assert api.get("/v1/plans", key["token"]).status_code == 200
    api.delete(f"/v1/keys/{key['id']}", carol, if_match="*")
    times = {"unknown": [], "revoked": []}
    for n in range(150):
        for what, token in (("unknown", token_of(f"{n:043d}")), ("revoked", key["token"])):
            begin = time.perf_counter()
            assert api.get("/v1/plans", token).status_code == 401
            times[what].append(time.perf_counter() - begin)
    ratio = statistics.median(times["unknown"]) / statistics.median(times["revoked"])
    assert 0.8 < ratio < 1.25
