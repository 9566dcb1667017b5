"""Answers in gzip: when, and what tells of it"""
import gzip
from concurrent.futures import ThreadPoolExecutor

import pytest

SETTINGS = {"proxy": None}  # which would unpack what is looked at here
LONG = "Refresh the brochure of the borough. " * 60
OWN = {"date", "x-request-id", "ratelimit"}  # what differs between two answers of the same


@pytest.fixture
def long_action(make, recommendation):
    return make.action(recommendation, description=LONG)


@pytest.fixture
def raw_get(api, alice):
    """The answer as it comes over the wire, nothing unpacked."""
    def get(path, accept="gzip", method="GET", **headers):
        lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Authorization: Bearer {alice.token}", "Connection: close"]
        lines += [f"Accept-Encoding: {accept}"] if accept is not None else []
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return api.raw_request("\r\n".join([*lines, "", ""]).encode(), method)
    return get


def headers_of(answer):
    return {name.lower(): value for name, value in answer.headers.items() if name.lower() not in OWN}


def test_a_long_answer_comes_in_gzip_and_is_the_same(raw_get, long_action):
    path = f"/v1/actions/{long_action['id']}"
    plain, packed = raw_get(path, None), raw_get(path)
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    assert (packed.headers["Content-Encoding"], plain.headers["Content-Encoding"]) == ("gzip", None)
    assert (packed.headers["ETag"], plain.headers["ETag"]) == ('"1-gzip"', '"1"')
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert int(packed.headers["Content-Length"]) == len(packed.body)


def test_a_short_answer_never_does(raw_get, plan):
    answer = raw_get(f"/v1/plans/{plan['id']}")
    assert len(answer.body) <= 1024
    assert (answer.headers["Content-Encoding"], answer.headers["ETag"]) == (None, '"1"')
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accept", ["gzip", "x-gzip", "*", "gzip;q=0.5, identity;q=0.2", "br, gzip;q=0.1"])
def test_a_client_that_prefers_gzip_gets_it(raw_get, long_action, accept):
    assert raw_get(f"/v1/actions/{long_action['id']}", accept).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "deflate", "gzip;q=0.5, identity", "gzip;q=x"])
def test_a_client_that_does_not_gets_it_plain(raw_get, long_action, accept):
    answer = raw_get(f"/v1/actions/{long_action['id']}", accept)
    assert answer.headers["Content-Encoding"] is None
    assert answer.json()["description"] == LONG


def test_a_client_that_refuses_the_plain_form_gets_gzip_even_of_little(raw_get, plan):
    answer = raw_get(f"/v1/plans/{plan['id']}", "gzip, identity;q=0")
    assert gzip.decompress(answer.body).startswith(b'{"id"')


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "br, identity;q=0"])
def test_a_client_that_refuses_both_is_told(raw_get, plan, accept):
    answer = raw_get(f"/v1/plans/{plan['id']}", accept)
    assert (answer.status, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("accept", [None, "gzip"])
def test_head_tells_what_get_would(raw_get, long_action, accept):
    for path in (f"/v1/actions/{long_action['id']}", "/v1/leads", "/openapi.json", "/docs", "/errors"):
        got, head = raw_get(path, accept), raw_get(path, accept, method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert headers_of(head) == headers_of(got)


@pytest.mark.parametrize("accept,current", [(None, '"1"'), ("gzip", '"1-gzip"')])
@pytest.mark.parametrize("known", ['"1"', '"1-gzip"', 'W/"1"', '"7", "1-gzip"', '"7","1"', "*"])
def test_either_form_is_known_and_304_tells_the_tag_of_the_answer_it_stands_for(raw_get, long_action, accept, current,
                                                                                known):
    for method in ("GET", "HEAD"):
        answer = raw_get(f"/v1/actions/{long_action['id']}", accept, method, If_None_Match=known)
        assert (answer.status, answer.body) == (304, b"")
        assert (answer.headers["ETag"], answer.headers["Vary"]) == (current, "Accept-Encoding")
        assert answer.headers["Content-Encoding"] is None


@pytest.mark.parametrize("known", ['"12"', '"11"', '"1-gzi"', '"-gzip"', '"1-gzip-gzip"', '"21"', "1", "", '"x"'])
def test_another_tag_is_not(raw_get, long_action, known):
    assert raw_get(f"/v1/actions/{long_action['id']}", If_None_Match=known).status == 200


def test_the_tag_of_the_gzip_form_names_the_version_that_is_changed(api, alice, long_action):
    path = f"/v1/actions/{long_action['id']}"
    answer = api.patch(path, alice, if_match='"1-gzip"', json={"percent": 10}, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["ETag"], answer.json()["version"]) == (200, '"2-gzip"', 2)
    assert api.patch(path, alice, if_match='"1-gzip"', json={"percent": 20}).status_code == 412
    assert api.patch(path, alice, if_match='"22-gzip"', json={"percent": 20}).status_code == 412
    assert api.patch(path, alice, if_match='"1", "2-gzip"', json={"percent": 20}).headers["ETag"] == '"3"'


@pytest.mark.parametrize("name,packed", [("export.csv", True), ("export.json", True), ("calendar.ics", True),
                                         ("export.xlsx", False)])
def test_files_are_packed_unless_they_are_already(raw_get, plan, name, packed):
    path = f"/v1/plans/{plan['id']}/{name}"
    plain, answer = raw_get(path, None), raw_get(path)
    assert (answer.headers["Content-Encoding"] == "gzip") == packed
    assert answer.headers["ETag"] == plain.headers["ETag"][:-1] + ('-gzip"' if packed else '"')
    assert (gzip.decompress(answer.body) if packed else answer.body) == plain.body
    for known in (plain.headers["ETag"], answer.headers["ETag"]):
        again = raw_get(path, If_None_Match=known)
        assert (again.status, again.headers["ETag"]) == (304, answer.headers["ETag"])


def test_a_long_refusal_is_packed_too(api, alice):
    answer = api.post("/v1/plans", alice, json={f"field_{n}": 1 for n in range(90)}, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (422, "gzip")
    assert len(answer.json()["errors"]) > 90


def test_many_at_once_do_not_mix(api, alice, make, recommendation):
    actions = [make.action(recommendation, description=f"{n} {LONG * (1 + n)}") for n in range(8)]

    def read(action):
        answer = api.get(f"/v1/actions/{action['id']}", alice, headers={"Accept-Encoding": "gzip"})
        return answer.headers["Content-Encoding"] == "gzip" and answer.json()["description"] == action["description"]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, actions * 20))
