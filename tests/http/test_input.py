"""Input that no honest client sends: what is refused, with which status, and that it leaves nothing behind."""
import json

import pytest

BODY = {"title": "A plan", "organisation": "A council"}
JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024
SETTINGS = {"GT_IDLE_TIMEOUT_SECONDS": 2}  # libmicrohttpd waits that long on codings that it does not know


@pytest.fixture
def post(api, alice):
    """Posts these very bytes as a plan."""
    def send(data, key=alice, **headers):
        data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return api.post("/v1/plans", key, data=data, headers={**JSON, **headers})
    return send


@pytest.fixture
def get_raw(api, alice):
    """GET of a target that no client library would send as it is."""
    def send(target, *headers):
        head = [f"GET {target} HTTP/1.1", "Host: x", f"Authorization: Bearer {alice.token}", *headers]
        return api.raw_request(("\r\n".join(head) + "\r\n\r\n").encode())
    return send


# ---- how long ----

def padded(size):
    text = json.dumps(BODY)
    return text[:-1] + " " * (size - len(text)) + "}"


def test_a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not(post):
    assert post(padded(MIB)).status_code == 201
    answer = post(padded(MIB + 1))
    assert (answer.status_code, answer.json()["code"], answer.headers["Connection"]) == (413, "too_large", "close")


def test_a_long_body_in_pieces_is_not_cut_to_something_shorter(api, alice):
    def pieces():
        yield json.dumps(BODY).encode()
        for _ in range(48):
            yield b" " * 65536
    assert api.post("/v1/plans", alice, data=pieces(), headers=JSON).status_code == 413


def test_a_short_body_in_pieces_is_taken(api, alice):
    whole = json.dumps(BODY).encode()
    assert api.post("/v1/plans", alice, data=iter([whole[:1], whole[1:20], whole[20:]]),
                    headers=JSON).status_code == 201


# ---- what is JSON ----

def nested(depth):
    return '{"title":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


@pytest.mark.parametrize("data", [
    "", " ", "\n", "{", "}", "{}{}", "{} x", "[]", "null", "true", "1", '"{}"', "NaN", "{'title':'a'}",
    '{"title":"a",}', "{title:1}",
    '{"title":"a" "organisation":"b"}', '{"title":NaN}', '{"title":Infinity}', '{"title":01}', '{"title":+1}',
    '{"title":.5}',
    '{"title":1.}', '{"title":0x1}', '{"title":"a\nb"}', '{"title":"a\tb"}', '{"title":"\\x41"}', '{"title":"\\u12"}',
    "// x\n{}",
    "\ufeff{}", '{"title":"a"}\0', '{"title":"a\0b"}', '{"title":"a\\u0000b"}', '{"a\\u0000b":1}',
    '{"title":"\\ud800"}',
    '{"title":"\\udc00\\ud800"}', '{"title":"\\ud800x"}', '{"title":"\ud800"}', b'{"title":"\xff"}',
    b'{"title":"\xc0\xaf"}',
    b'{"title":"\xed\xa0\x80"}', b'{"title":"\xf4\x90\x80\x80"}', b'{"title":"\xe2\x82"}', b'{"\xff":1}',
    '{}'.encode("utf-16"),
    '{"title":"a","title":"b","organisation":"c"}', '{"title":"a","\\u0074itle":"b","organisation":"c"}',
    '{"title":"a","organisation":"b","x":{"y":1,"y":2}}', '{"title":9223372036854775808}', '{"title":1e309}',
    '{"title":-1e309}',
    nested(33), nested(2049), nested(100000)], ids=lambda data: repr(data)[:40])
def test_what_is_not_json_as_we_read_it_is_400(post, data):
    answer = post(data)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("data,code", [
    (nested(32), "wrong_type"), ('{"title":1}', "wrong_type"), ('{"title":1.0}', "wrong_type"),
    ('{"title":true}', "wrong_type"),
    ('{"title":["a"]}', "wrong_type"), ('{"title":{"a":1}}', "wrong_type"), ('{"title":null}', "not_nullable"),
    ('{"title":""}', "too_short"),
    ('{"title":" "}', "outer_space"), ('{"title":"a "}', "outer_space"), ('{"title":"a\\nb"}', "bad_character"),
    ('{"title":"a\\r\\nBcc: x"}', "bad_character"), ('{"title":"a\\u0007"}', "bad_character"),
    ('{"title":"a\\u007f"}', "bad_character"),
    ('{"title":"a\\u0085b"}', "bad_character"), ('{"title":"a\\u2028b"}', "bad_character"),
    ('{"title":"a\u202eb"}', "bad_character"),
    ('{"title":"a\u2066b"}', "bad_character"), ('{"title":"a\ufffe"}', "bad_character"),
    (json.dumps({"title": "ŵ" * 501}), "too_long"),
    (json.dumps({"title": "👩‍👧" * 167}), "too_long")], ids=lambda data: repr(data)[:40])
def test_what_is_json_but_no_title_is_422(post, data, code):
    answer = post(data)
    assert answer.status_code == 422
    assert ("/title", code) in [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize("title", ["ŵ" * 500, "👩‍👩‍👧‍👦 Families", "e\u0301", "\u00e9", "a\u00a0b", "x\u200dy",
                                   "\U0010ffff", "0", "null", "'; DROP TABLE plan; --",
                                   "=1+1", "<script>alert(1)</script>", "../../etc/passwd", "%00", "\\u0000"])
def test_a_title_is_stored_to_the_letter(post, title):
    answer = post(json.dumps({**BODY, "title": title}))
    assert (answer.status_code, answer.json()["title"]) == (201, title)


@pytest.mark.parametrize("number", ["1.0", "1e0", "-0.0", "1e-400", '"1"', "true", "-1", "101", "9223372036854775807",
                                    "-9223372036854775808"])
def test_a_number_is_never_bent_into_another(api, alice, action, number):
    answer = api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", data=f'{{"percent":{number}}}'.encode(),
                       headers=JSON)
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/percent"]


def test_minus_zero_is_zero(api, alice, action):
    assert api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", data=b'{"percent":-0}',
                     headers=JSON).json()["percent"] == 0


@pytest.mark.parametrize("day", ["2027-02-30", "2027-02-29", "2027-13-01", "2027-00-10", "2027-2-3", "27-02-03",
                                 "now", "today", "tomorrow", "epoch",
                                 "infinity", "-infinity", "0000-01-01", "10000-01-01", "1899-12-31", "2201-01-01",
                                 "2027-02-03T00:00:00Z",
                                 "2027-02-03 ", "03/02/2027", "20270203", "2027-W05-3", "", "２０２７-02-03", 20270203])
def test_a_day_is_a_day_that_exists(post, day):
    answer = post(json.dumps({**BODY, "adopted_on": day}))
    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/adopted_on"]


@pytest.mark.parametrize("body", ['{"title":null}', '{"state":null}', '{"slug":null}', '{"title":{"a":null}}',
                                  '{"owner":{}}', '{"id":1}',
                                  '{"version":9}', '{"":1}', json.dumps({"x" * 1000: 1}),
                                  json.dumps({f"f{n}": n for n in range(3000)}),
                                  json.dumps({"owner": [1] * 10000})], ids=lambda body: body[:30])
def test_a_merge_patch_cannot_clear_or_invent(api, alice, plan, body):
    answer = api.patch(f"/v1/plans/{plan['id']}", alice, if_match="*", data=body.encode(),
                       headers={"Content-Type": "application/merge-patch+json"})
    assert answer.status_code == 422
    assert 1 <= len(answer.json()["errors"]) <= 100
    assert api.get(f"/v1/plans/{plan['id']}", alice).json() == plan


# ---- who ----

def token_matrix(token):
    body = token[len("gt_live_"):]
    return [None, "", "Bearer", "Bearer ", f"Basic {token}", f"Token {token}", token, f"Bearer{token}",
            f"Bearer gt_test_{body}", f"Bearer {body}",
            f"Bearer {token[:-1]}", f"Bearer {token}x", f"Bearer {token} ",
            f"Bearer {token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
            f"Bearer {token[:20]}{'A' if token[20] != 'A' else 'B'}{token[21:]}", f"Bearer {token.lower()}",
            f"Bearer {token} x",
            f"Bearer \t{token}", "Bearer " + "A" * 10240, "Bearer " + token + "A" * 10240, f"Bearer %67{token[1:]}",
            "Bearer null",
            f'Bearer "{token}"', "Bearer gt_live_" + "0" * 49, "Bearer gt_live_" + "0" * 43 + "ÄÄÄ"]


def test_only_a_whole_live_key_is_one(api, alice, contract):
    plain = api.get("/v1/plans")
    for value in token_matrix(alice.token):
        if value is not None and value.endswith(" ") and value.strip() == f"Bearer {alice.token}":
            continue  # HTTP itself takes spaces at the end of a header away
        answer = api.get("/v1/plans", headers={} if value is None else {"Authorization": value.encode("utf-8")})
        assert answer.status_code == 401, value
        assert {**answer.json(), "request_id": ""} == {**plain.json(), "request_id": ""}
    assert api.get("/v1/plans", headers={"Authorization": f"bearer  {alice.token}"}).status_code == 200


def test_two_authorizations_are_one_too_many(get_raw, bob):
    answer = get_raw("/v1/plans", f"Authorization: Bearer {bob.token}")
    assert (answer.status, answer.headers["Connection"]) == (400, "close")


def test_a_key_is_never_taken_from_the_address(api, alice):
    for name in ("access_token", "key", "token", "Authorization"):
        assert api.get(f"/v1/plans?{name}={alice.token}").status_code == 401


# ---- the address ----

@pytest.mark.parametrize("query", ["%", "%z", "%zz", "q=%", "q=%0", "q=%00", "q=%ff", "q=%c0%af", "q=%ed%a0%80",
                                   "limit=1&limit=1", "limit=1&%6cimit=1",
                                   "limit=1,2", "limit=%31%2C2", "limit[]=1", "limit", "=1", "q=a&q=a", "Limit=1",
                                   "limit=1;q=x", "a=1&b=2&c=3",
                                   "&".join(f"p{n}=1" for n in range(33))])
def test_a_query_that_could_be_misread_is_400(get_raw, query):
    assert get_raw(f"/v1/actions?{query}").status == 400


@pytest.mark.parametrize("query", ["", "&", "&&", "limit=1&", "%6cimit=1", "limit=%31", "q=a+b", "q=a%20b",
                                   "q=caf%C3%A9", "limit=007"])
def test_a_query_written_another_way_is_the_same(api, alice, query):
    assert api.get(f"/v1/actions?{query}", alice).status_code == 200


@pytest.mark.parametrize("count", [33, 200, 700])
def test_more_parameters_than_any_call_has_are_400(api, alice, count):
    query = "&".join(f"p{n}=" for n in range(count))
    assert api.get(f"/v1/actions?{query}", alice).status_code == 400


def test_thousands_of_parameters_are_answered_and_leave_nothing_behind(api):
    """More than libmicrohttpd has memory for: the leak that this once was is seen when the program stops."""
    query = "&".join("a=1" for _ in range(3000))
    answer = api.raw_request(f"GET /v1/plans?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert answer.status == 400


@pytest.mark.parametrize("path,status", [
    ("//v1/plans", 400), ("/v1//plans", 400), ("/v1/plans/", 400), ("/v1/plans//", 400), ("/v1%2Fplans", 400),
    ("/v1/plans%2f1", 400),
    ("/v1/../v1/plans", 400), ("/v1/./plans", 400), ("/v1/%2e%2e/plans", 400), ("/v1/%2E/plans", 400),
    ("/v1/plans/..", 400),
    ("/v1/plans%00", 400), ("/v1/plans/%00", 400), ("/v1/plans/%ff", 400), ("/v1/plans/%", 400),
    ("/v1/plans/%zz", 400), ("/v1/plans\x01", 400),
    ("/v1/plans\x7f", 400), ("/v1/Plans", 404), ("/V1/plans", 404), ("/v2/plans", 404), ("/v1", 404), ("/", 404),
    ("/v1/plans/1/2/3", 404),
    ("/v1/plans;x=1", 404), ("/v1/plans.json", 404), ("/v1/plans/%73t", 404), ("/v1/plans/ŵ", 404),
    ("/v1/plans/%C5%B5", 404), ("/livez%20", 404),
    ("*", 400), ("v1/plans", 400), ("http://x/v1/plans", 400), ("/v1/plans#x", 404), ("/v1/plans/" + "a" * 4096, 400)],
    ids=lambda value: repr(value)[:40])
def test_an_address_that_could_be_misread_is_refused(get_raw, path, status):
    assert get_raw(path).status == status


def test_a_segment_written_in_escapes_is_the_same(api, alice, plan):
    escaped = "".join(f"%{ord(letter):02x}" for letter in plan["slug"])
    assert api.get(f"/v1/plans/{escaped}", alice).json() == plan


@pytest.mark.parametrize("size", [20 * 1024, 40 * 1024])
def test_a_very_long_address_ends_the_connection_or_is_refused(api, size):
    answer = api.raw_request(b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer is None or answer.status in (400, 414, 431)


# ---- the method ----

@pytest.mark.parametrize("method,status", [("get", 501), ("FOO", 501), ("G\u00cbT", None), ("PROPFIND", 501),
                                           ("TRACE", 405), ("CONNECT", 405),
                                           ("OPTIONS", 204), ("HEAD", 401), ("GET", 401)])
def test_each_method_has_its_answer(api, method, status):
    answer = api.raw_request(f"{method} /v1/plans HTTP/1.1\r\nHost: x\r\n\r\n".encode(), method=method)
    if status is None:
        assert answer is None or answer.status in (400, 501)
    else:
        assert answer.status == status


def test_options_of_the_whole_service(api):
    answer = api.raw_request(b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.status == 204
    assert {"GET", "PATCH", "DELETE"} <= set(answer.headers["Allow"].split(", "))


# ---- two readings of one request ----

@pytest.fixture
def hidden(alice):
    """A request that must never be carried out."""
    body = json.dumps({"name": "smuggled"})
    return (f"POST /v1/leads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}").encode()


@pytest.fixture
def all_answers(api):
    """Sends the bytes, closes that half, and gives every answer until the server closes."""
    def send(data, method="GET"):
        answers = []
        with api.wire(timeout=20) as wire:
            wire.send(data)
            wire.half_close()
            while (answer := wire.answer(method)) is not None:
                answers.append(answer)
        return answers
    return send


def test_what_is_properly_pipelined_is_carried_out(all_answers, hidden, changes, api, alice):
    answers = all_answers(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n" + hidden)
    assert [answer.status for answer in answers] == [200, 201]
    changes.expect(("created", "lead"), actor="alice")
    assert api.post("/v1/leads", alice, json={"name": "smuggled"}).status_code == 409


SHAPES = {
    "content-length and chunked": ("POST /v1/leads", "Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
    "chunked and content-length": ("POST /v1/leads", "Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n"),
    "two lengths, the first short": ("POST /v1/leads", "Content-Length: 0\r\nContent-Length: 250", ""),
    "two lengths, the first long": ("POST /v1/leads", "Content-Length: 2\r\nContent-Length: 0", "{}"),
    "the same length twice": ("POST /v1/leads", "Content-Length: 2\r\nContent-Length: 2", "{}"),
    "a list of lengths": ("POST /v1/leads", "Content-Length: 2, 2", "{}"),
    "a length with a sign": ("POST /v1/leads", "Content-Length: +2", "{}"),
    "a negative length": ("POST /v1/leads", "Content-Length: -1", ""),
    "a length in hexadecimal": ("POST /v1/leads", "Content-Length: 0x2", "{}"),
    "a length with a fraction": ("POST /v1/leads", "Content-Length: 2.0", "{}"),
    "a length with a gap": ("POST /v1/leads", "Content-Length: 2 2", "{}"),
    "an empty length": ("POST /v1/leads", "Content-Length:", ""),
    "a length past 64 bits": ("POST /v1/leads", "Content-Length: 18446744073709551618", "{}"),
    "a space before the colon": ("POST /v1/leads", "Transfer-Encoding : chunked", "0\r\n\r\n"),
    "a tab before the colon": ("POST /v1/leads", "Transfer-Encoding\t: chunked", "0\r\n\r\n"),
    "a space before the length's colon": ("POST /v1/leads", "Content-Length : 2", "{}"),
    "a folded coding": ("POST /v1/leads", "Transfer-Encoding:\r\n chunked", "0\r\n\r\n"),
    "a coding folded into another header": ("POST /v1/leads", "X-A: b\r\n Transfer-Encoding: chunked", "0\r\n\r\n"),
    "a folded length": ("POST /v1/leads", "Content-Length:\r\n 2", "{}"),
    "another coding": ("POST /v1/leads", "Transfer-Encoding: identity", ""),
    "two codings in one line": ("POST /v1/leads", "Transfer-Encoding: gzip, chunked", "0\r\n\r\n"),
    "two codings in two lines": ("POST /v1/leads", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                                 "0\r\n\r\n"),
    "chunked twice": ("POST /v1/leads", "Transfer-Encoding: chunked, chunked", "0\r\n\r\n"),
    "a coding in quotes": ("POST /v1/leads", 'Transfer-Encoding: "chunked"', "0\r\n\r\n"),
    "a coding with a control character": ("POST /v1/leads", "Transfer-Encoding: \x0bchunked", "0\r\n\r\n"),
    "a body of GET": ("GET /v1/leads", "Content-Length: 2", "{}"),
    "a body of GET in chunks": ("GET /v1/leads", "Transfer-Encoding: chunked", "0\r\n\r\n"),
    "a body of HEAD": ("HEAD /v1/leads", "Content-Length: 2", "{}"),
    "a body of DELETE": ("DELETE /v1/keys/1", "Content-Length: 2", "{}"),
    "a body of OPTIONS": ("OPTIONS /v1/leads", "Content-Length: 2", "{}"),
    "two hosts": ("GET /livez", "Host: y", ""),
    "two hosts in one line": ("GET /livez", "X-A: b\r\nHost: x, y", ""),
    "a header name with a space": ("GET /livez", "X Y: z", ""),
    "a header name in brackets": ("GET /livez", "(X): z", ""),
    "a header name outside ASCII": ("GET /livez", "X-\xc4: z", ""),
    "a header value that is not UTF-8": ("GET /livez", "X-A: \xff", ""),
    "two content types": ("POST /v1/leads",
                          "Content-Length: 2\r\nContent-Type: application/json\r\nContent-Type: text/plain", "{}"),
    "two request ids": ("GET /livez", "X-Request-Id: a\r\nX-Request-Id: b", ""),
    "an absolute address": ("GET http://x/livez", "X-A: b", ""),
    "a chunk size in another base": ("POST /v1/leads", "Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n"),
    "a chunk size past 64 bits": ("POST /v1/leads", "Transfer-Encoding: chunked",
                                  "10000000000000002\r\n{}\r\n0\r\n\r\n"),
    "a negative chunk size": ("POST /v1/leads", "Transfer-Encoding: chunked", "-1\r\n{}\r\n0\r\n\r\n"),
    "a chunk longer than its size": ("POST /v1/leads", "Transfer-Encoding: chunked", "1\r\n{}\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_request_behind_a_doubtful_one_is_never_carried_out(shape, all_answers, hidden, changes, alice):
    line, headers, body = SHAPES[shape]
    head = f"{line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n{headers}\r\n\r\n"
    data = (head + body).encode("latin-1")
    answers = all_answers(data + hidden, line.split()[0])
    assert len(answers) <= 1
    for answer in answers:
        assert answer.status in (400, 413, 501, 505), answer.body
        # libmicrohttpd's own refusals close without saying so.
        assert answer.headers.get("Connection") == "close" or "X-Request-Id" not in answer.headers
    assert changes.new() == []


@pytest.mark.parametrize("head",
                         ["GET /livez HTTP/1.1", "GET /livez HTTP/1.1\r\nHost:", "GET /livez HTTP/1.1\r\nHost: \t",
                                  "GET /livez", "GET  /livez  HTTP/1.1\r\nHost: x", "GET /livez HTTP/2.0\r\nHost: x",
                          "GET /livez HTTP/9.9\r\nHost: x",
                                  "GET /livez HTTP/1.1 x\r\nHost: x", "GET\t/livez\tHTTP/1.1\r\nHost: x",
                          "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
                                  "GET /livez HTTP/1.1\r\nHost: x\r\nno colon here", "PRI * HTTP/2.0"],
                         ids=lambda head: repr(head)[:40])
def test_what_is_hardly_http_gets_a_refusal_or_none_and_harms_nothing(all_answers, hidden, changes, api, head):
    for answer in all_answers(head.encode("latin-1") + b"\r\n\r\n" + hidden)[:1]:
        assert answer.status >= 400
    assert changes.new() == []
    assert api.get("/livez").status_code == 200


def test_headers_of_32_kib_are_refused_and_the_server_lives_on(api):
    for size in (31 * 1024, 64 * 1024, 1024 * 1024):
        answer = api.raw_request(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * size + b"\r\n\r\n")
        assert answer is None or answer.status in (200, 413, 431)
    assert api.get("/livez").status_code == 200


def test_a_request_that_is_cut_off_does_nothing(api, hidden, changes):
    for length in (1, 30, len(hidden) - 30, len(hidden) - 1):
        with api.wire() as wire:
            wire.send(hidden[:length])
    assert api.get("/livez").status_code == 200
    assert changes.new() == []
