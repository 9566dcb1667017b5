"""Paths and methods: one way to write each address, and one answer for each method"""
import pytest

from contract import routes

PATHS = [
    ("//v1/plans", 400), ("/v1//plans", 400), ("/v1/plans/", 400), ("/v1/plans//", 400), ("/v1%2Fplans", 400),
    ("/v1/plans%2f1", 400), ("/v1/../v1/plans", 400), ("/v1/./plans", 400), ("/v1/%2e%2e/plans", 400), ("/v1/%2E/plans", 400),
    ("/v1/plans/..", 400), ("/v1/plans/.", 400), ("/v1/plans/.%2e", 400), ("/../etc/passwd", 400), ("/v1/plans%00", 400),
    ("/v1/plans/%00", 400), ("/v1/plans/1%00", 400), ("/v1/plans/%ff", 400), ("/v1/plans/%c0%ae%c0%ae", 400),
    ("/v1/plans/%", 400), ("/v1/plans/%z", 400), ("/v1/plans/%zz", 400), ("/v1/plans/%4", 400), ("/v1/plans\x01", 400),
    ("/v1/plans\x7f", 400), ("/v1/plans/\x0b", 400), ("*", 400), ("v1/plans", 400), ("http://x/v1/plans", 400),
    ("/v1/plans/" + "a" * 4096, 400), ("/v1/Plans", 404), ("/V1/plans", 404), ("/v1/PLANS", 404), ("/v2/plans", 404),
    ("/v1", 404), ("/", 404), ("/v1/plans/1/2/3", 404), ("/v1/plans;x=1", 404), ("/v1/plans.json", 404), ("/v1/plans#x", 404),
    ("/v1/plans/%73t", 404), ("/v1/plans/ŵ", 404), ("/v1/plans/%C5%B5", 404), ("/v1/plans/%2573t", 404), ("/livez%20", 404),
    ("/livez;", 404), ("/v1/plans/1%20", 404), ("/v1/plans/%E2%80%AEx", 404), ("/v1\\plans", 404), ("/v1/plans\\..", 404),
    ("/.git/config", 404), ("/.env", 404), ("/favicon.ico", 404), ("/v1/plans/" + "a" * 2000, 404)]


@pytest.mark.parametrize("path,status", PATHS, ids=lambda value: repr(value)[:40])
def test_an_address_that_could_be_misread_is_refused(get_raw, path, status):
    answer = get_raw(path)
    assert answer.status == status
    if status == 400:
        assert answer.headers["Connection"] == "close"


def test_a_segment_written_in_escapes_is_the_same(api, alice, plan):
    escaped = "".join(f"%{ord(letter):02x}" for letter in plan["slug"])
    assert api.get(f"/v1/plans/{escaped}", alice).json() == plan


@pytest.mark.parametrize("size", [20 * 1024, 40 * 1024, 1024 * 1024])
def test_a_very_long_address_ends_the_connection_or_is_refused(api, size):
    answer = api.raw_request(b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer is None or answer.status in (400, 414, 431)
    assert api.get("/livez").status_code == 200


# ---- the method ----

UNKNOWN = ["get", "Get", "gET", "FOO", "PROPFIND", "LINK", "SEARCH", "QUERY", "M-SEARCH", "GETX", "XGET", "PATCHY"]


@pytest.mark.parametrize("method", UNKNOWN)
@pytest.mark.parametrize("path", ["/v1/plans", "/livez", "/no-such-thing"])
def test_a_method_that_nothing_here_knows_is_501(api, method, path):
    answer = api.raw_request(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (answer.status, answer.json()["code"]) == (501, "unknown_method")


@pytest.mark.parametrize("method", ["G\u00cbT", "GE T", "G\tET", "", "\x01"])
def test_what_is_no_method_is_refused(api, method):
    answer = api.raw_request(f"{method} /v1/plans HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer is None or answer.status in (400, 501)
    assert api.get("/livez").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
@pytest.mark.parametrize("path", ["/v1/plans", "/v1/keys", "/livez"])
def test_trace_and_connect_are_never_taken(api, alice, method, path):
    answer = api.raw_request(f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
                             "X-Secret: abc\r\n\r\n".encode(), method)
    assert answer.status == 405
    assert answer.headers["Allow"] and b"abc" not in answer.body and alice.token.encode() not in answer.body


def allowed(path):
    methods = {one["method"] for one in routes() if one["path"] == path}
    return methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())


@pytest.mark.parametrize("path", ["/v1/plans", "/v1/keys", "/v1/ladder", "/livez", "/v1/imports", "/errors"])
def test_options_names_the_methods_without_a_key(api, path):
    answer = api.options(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["Allow"].split(", ")) == allowed(path)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("path", ["/v1/plans", "/v1/ladder", "/livez", "/v1/imports"])
def test_another_method_is_405_with_those_that_are_taken(api, alice, path):
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - allowed(path):
        answer = api.request(method, path, alice, **({"json": {}} if method in ("POST", "PUT", "PATCH") else {}))
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == allowed(path)
        if method != "HEAD":
            assert answer.json()["code"] == "method_not_allowed"


def test_nothing_is_at_an_unknown_address_whatever_the_method(api):
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        assert api.request(method, "/v1/nothing").status_code == 404


def test_a_preflight_of_a_browser_gets_no_permission(api):
    answer = api.options("/v1/plans", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert not [name for name in api.get("/v1/plans", headers={"Origin": "https://evil.example"}).headers
                if name.lower().startswith("access-control")]


def test_options_of_the_whole_service(api):
    answer = api.raw_request(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.status == 204
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} == set(answer.headers["Allow"].split(", "))
    for method in ("GET", "DELETE", "TRACE"):
        answer = api.raw_request(f"{method} * HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert answer.status == 400


def test_head_of_every_read_answers_as_get_does(api, carol, plan):
    """Status and headers; the lengths of both, where the moment is not in it, are in test_gzip.py."""
    for one in routes():
        if one["method"] != "GET":
            continue
        path = one["path"].replace("{plan}", plan["slug"]).replace("{code}", "invalid").replace("{id}", "999999999")
        got, head = api.get(path, carol), api.head(path, carol)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert set(head.headers) == set(got.headers), path
