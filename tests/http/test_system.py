"""GET /livez, GET /readyz, GET /openapi.json, and what every answer has"""
import re

from support.postgres import older_schema


def test_it_lives_and_is_ready(api):
    assert (api.get("/livez").status_code, api.get("/livez").json()) == (200, {"status": "live"})
    assert (api.get("/readyz").status_code, api.get("/readyz").json()) == (200, {"status": "ready"})
    assert api.head("/livez").status_code == 200


def test_it_is_not_ready_over_tables_that_are_too_old(api, database):
    with older_schema(database) as name:
        answer = api.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "schema_mismatch")
        assert name in answer.json()["detail"]
        assert answer.headers["Retry-After"]
        assert api.get("/livez").status_code == 200
    assert api.get("/readyz").status_code == 200


def test_the_document_needs_no_key_and_is_openapi_3_1(api):
    answer = api.get("/openapi.json")
    assert (answer.json()["openapi"], answer.headers["Content-Type"]) == ("3.1.0", "application/json")
    assert api.head("/openapi.json").headers["Content-Length"] == str(len(answer.content))


def test_a_callers_request_id_comes_back_and_is_in_the_log(api, bob):
    for given in ("dash.board_7-x", "a" * 64):
        answer = api.get("/v1/plans/none-such", bob, headers={"X-Request-Id": given})
        assert answer.headers["X-Request-Id"] == answer.json()["request_id"] == given
        assert [one["status"] for one in api.log_events() if one.get("request") == given] == ["404"]


def test_a_request_id_that_is_none_is_replaced(api):
    for given in ("", "a" * 65, "a b", "ä", "a;b", "<b>"):
        answer = api.get("/livez", headers={"X-Request-Id": given.encode("utf-8")})
        assert re.fullmatch(r"[0-9a-f][0-9a-f-]+", answer.headers["X-Request-Id"])


def test_two_calls_have_two_request_ids(api):
    assert len({api.get("/livez").headers["X-Request-Id"] for _ in range(20)}) == 20


def test_it_does_not_say_what_it_is_made_of(api):
    for path in ("/livez", "/nothing"):
        headers = api.get(path).headers
        assert not {"Server", "X-Powered-By", "Via"} & set(headers)


def test_the_log_names_routes_and_never_tokens_or_addresses(api, alice):
    api.post("/v1/leads", alice, json={"name": "Logged", "email": "secret.person@council.example"})
    api.get("/v1/actions?q=secretwords", alice)
    log = api.process.output()
    assert alice.token not in log and "secret.person" not in log and "secretwords" not in log
    assert any(one.get("route") == "/v1/leads" and one["status"] == "201" for one in api.log_events())
