"""Headers: the types of bodies and answers, conditions, and what may come only once"""
import pytest

JSON = {"Content-Type": "application/json"}
TABLE = b"Recommendation\tAction\tLead\tTimescale\n1. Grow\tDo it\tClerk\tMarch 2090\n"


# ---- the type of the body ----

@pytest.mark.parametrize("type_", [
    None, "", "text/plain", "text/json", "application/*", "*/*", "application/jsonx", "application/json5", "application/xml",
    "application/json, application/json", "application/json; charset=latin1", "application/json; charset=utf-16",
    "application/json; charset=", "application/json; v=2", "application/json; charset=utf-8; v=2",
    "application/merge-patch+json", "application/json-patch+json", "application/problem+json", "application/ld+json",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json\\", "json"])
def test_another_type_of_body_is_415(api, alice, type_, changes):
    answer = api.post("/v1/plans", alice, data=b'{"title":"a","organisation":"b"}',
                      headers={"Content-Type": type_} if type_ is not None else {})
    if type_ == "application/json, application/json":  # as two headers arrive
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    else:
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
    assert changes.new() == []


@pytest.mark.parametrize("type_", ["application/json", "APPLICATION/JSON", "application/json;charset=utf-8",
                                   "application/json; charset=UTF-8", 'application/json; charset="utf-8"',
                                   "application/json ;charset=utf-8", "application/json;"])
def test_json_in_utf_8_is_taken(api, alice, type_):
    assert api.post("/v1/plans", alice, data=b'{"title":"a","organisation":"b"}',
                    headers={"Content-Type": type_}).status_code == 201


@pytest.mark.parametrize("type_,status", [("application/merge-patch+json", 200), ("application/json", 200),
                                          ("application/json-patch+json", 415), ("text/plain", 415), (None, 415)])
def test_a_patch_may_come_as_a_merge_patch(api, alice, plan, type_, status):
    answer = api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", data=b'{"title":"b"}',
                       headers={"Content-Type": type_} if type_ else {})
    assert answer.status_code == status
    if status == 415:
        assert answer.headers["Accept-Patch"] == "application/merge-patch+json, application/json"


@pytest.mark.parametrize("coding,status", [("gzip", 415), ("deflate", 415), ("br", 415), ("identity, gzip", 415),
                                           ("GZIP", 415), ("identity", 201), ("Identity", 201)])
def test_a_packed_body_is_415(api, alice, coding, status):
    answer = api.post("/v1/plans", alice, data=b'{"title":"a","organisation":"b"}',
                      headers={**JSON, "Content-Encoding": coding})
    assert answer.status_code == status


@pytest.mark.parametrize("type_,status", [
    ("text/plain", 200), ("text/csv; charset=utf-8; header=present", 200), ("TEXT/PLAIN", 200), (None, 415), ("", 415),
    ("text/html", 415), ("application/pdf", 415), ("image/png", 415), ("application/x-www-form-urlencoded", 415)])
def test_a_file_has_one_of_its_types(api, alice, type_, status):
    answer = api.post("/v1/imports?dry_run=true&title=T&organisation=O", alice, data=TABLE,
                      headers={"Content-Type": type_} if type_ is not None else {})
    assert answer.status_code == status, answer.text


# ---- the type of the answer ----

@pytest.mark.parametrize("accept,status", [
    ("application/json", 200), ("application/*", 200), ("*/*", 200), ("", 200), (None, 200),
    ("application/problem+json", 200), ("text/html, application/json;q=0.1", 200), ("APPLICATION/JSON", 200),
    ("application/json;charset=utf-8", 200), ("*/*;q=0.001", 200), ("text/html", 406), ("image/*", 406), ("*/*;q=0", 406),
    ("*/*; q=0.000", 406), ("application/json;q=0", 406), ("application/json;q=0, application/*;q=0", 406),
    ("text/html;q=1, application/xml", 406), ("json", 406), ("*", 406), ("application/", 406)])
def test_an_answer_that_nobody_takes_is_406(api, alice, accept, status):
    answer = api.get("/v1/plans", alice, headers={"Accept": accept})
    assert answer.status_code == status
    if status == 406:
        assert answer.json()["code"] == "not_acceptable"


def test_406_does_nothing(api, alice, changes):
    assert api.post("/v1/plans", alice, json={"title": "a", "organisation": "b"},
                    headers={"Accept": "text/html"}).status_code == 406
    assert changes.new() == []


# ---- conditions ----

@pytest.mark.parametrize("if_match,status", [
    (None, 428), ('"1"', 200), ("*", 200), ('"7", "1"', 200), ('"7","1"', 200), ('"1" ,\t"7"', 200), ('"1-gzip"', 200),
    ('W/"1"', 412), ('W/"1", "7"', 412), ('"7"', 412), ('"0"', 412), ('"01"', 412), ('"11"', 412), ('""', 412), ('"x"', 412),
    ('"1.0"', 412), ('"-1"', 412), ('"1 "', 412), ('"9223372036854775808"', 412), ('"1"\u00e9', 400),
    ("1", 400), ("'1'", 400), ('"1', 400), ('1"', 400), ("W/1", 400), ('w/"1"', 400), ('"1" "7"', 400), ('*, "1"', 400),
    ('"1",', 400), (',"1"', 400), ("", 400), (",", 400), ('"' + "1" * 10240 + '"', 400), ('"7", ' * 2048 + '"1"', 400)],
    ids=lambda value: repr(value)[:30])
def test_a_change_says_which_version_it_means(api, alice, plan, if_match, status):
    headers = {} if if_match is None else {"If-Match": if_match.encode("utf-8")}
    answer = api.patch(f"/v1/plans/{plan['id']}", alice, json={"title": "Another"}, headers=headers)
    assert answer.status_code == status
    code = {428: "precondition_required", 412: "stale_version", 400: "bad_request"}.get(status)
    if code:
        assert answer.json()["code"] == code
        assert api.get(f"/v1/plans/{plan['id']}", alice).json()["title"] == plan["title"]


def test_a_list_of_versions_over_two_headers_is_one_list(api, alice, plan):
    body = b'{"title":"b"}'
    head = (f"PATCH /v1/plans/{plan['id']} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
            f'Content-Type: application/json\r\nContent-Length: {len(body)}\r\nIf-Match: "7"\r\nIf-Match: "1"\r\n\r\n')
    assert api.raw_request(head.encode() + body).status == 200


# ---- once, and in UTF-8 ----

@pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Host", "Idempotency-Key", "X-Request-Id"])
def test_a_header_that_comes_once_and_came_twice_is_400(get_raw, bob, name):
    value = {"Authorization": f"Bearer {bob.token}", "Host": "y"}.get(name, "a")
    more = [f"{name}: {value}"] * (1 if name in ("Authorization", "Host") else 2)
    answer = get_raw("/v1/plans", *more)
    assert (answer.status, answer.headers["Connection"]) == (400, "close")


@pytest.mark.parametrize("value,kept", [("a", True), ("A.b_c-9", True), ("x" * 64, True), ("x" * 65, False), ("", False),
                                        ("a b", False), ("a/b", False), ("ä", False), ("<b>", False), ("a;b", False)])
def test_a_request_id_is_taken_when_it_is_plain_and_made_otherwise(api, value, kept):
    told = api.get("/livez", headers={"X-Request-Id": value.encode()}).headers["X-Request-Id"]
    assert (told == value) == kept


def test_headers_of_32_kib_are_refused_and_the_server_lives_on(api):
    for size in (31 * 1024, 64 * 1024, 1024 * 1024):
        answer = api.raw_request(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * size + b"\r\n\r\n")
        assert answer is None or answer.status in (200, 413, 431)
    answer = api.raw_request(b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 3000 + b"\r\n")
    assert answer is None or answer.status in (413, 431)
    assert api.get("/livez").status_code == 200
