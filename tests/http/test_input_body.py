"""Bodies: how long, in which pieces, and what is JSON as this service reads it"""
import json
from pathlib import Path

import pytest

from support import programs

BODY = {"title": "A plan", "organisation": "A council"}
JSON = {"Content-Type": "application/json"}
MIB = 1024 * 1024


def padded(size):
    text = json.dumps(BODY)
    return text[:-1] + " " * (size - len(text)) + "}"


# ---- how long ----

@pytest.mark.parametrize("size,status", [(MIB - 1, 201), (MIB, 201), (MIB + 1, 413), (3 * MIB, 413)])
def test_a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_not(post, changes, size, status):
    answer = post(padded(size))
    assert answer.status_code == status
    if status == 413:
        assert (answer.json()["code"], answer.headers["Connection"]) == ("too_large", "close")
        assert changes.new() == []


def test_a_long_body_in_pieces_is_not_cut_to_something_shorter(api, alice, changes):
    def pieces():
        yield json.dumps(BODY).encode()
        for _ in range(48):
            yield b" " * 65536
    assert api.post("/v1/plans", alice, data=pieces(), headers=JSON).status_code == 413
    assert changes.new() == []


def test_a_short_body_in_pieces_is_taken(api, alice):
    whole = json.dumps(BODY).encode()
    assert api.post("/v1/plans", alice, data=iter([whole[:1], whole[1:20], whole[20:]]), headers=JSON).status_code == 201


def resident_mib(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024


SANITIZED = b"__asan_init" in Path(programs.program("goldenthread-api")).read_bytes()


@pytest.mark.skipif(SANITIZED, reason="AddressSanitizer copies the whole body for each piece: run it on the release build")
def test_a_body_without_end_takes_no_memory_without_end(start_api, changes):
    """The body is read before anybody asks for the key: 16 MiB are kept of it, the longest that any call takes."""
    api = start_api()
    before = resident_mib(api.process)

    def pieces():
        for _ in range(10 * 1024):
            yield b" " * MIB
    answer = api.post("/v1/plans", data=pieces(), headers=JSON, timeout=300)
    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert resident_mib(api.process) - before < 40
    assert changes.new() == []


def test_a_body_that_stops_half_way_does_nothing(api, alice, changes):
    head = (f"POST /v1/plans HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {alice.token}\r\n"
            "Content-Type: application/json\r\n")
    whole = json.dumps(BODY)
    for framing, part in [("Content-Length: 5000\r\n\r\n", whole), (f"Content-Length: {len(whole)}\r\n\r\n", whole[:-1]),
                          ("Transfer-Encoding: chunked\r\n\r\n", f"{len(whole):x}\r\n{whole}\r\n")]:
        with api.wire() as wire:
            wire.send((head + framing + part).encode())
    assert api.get("/livez").status_code == 200
    assert changes.new() == []


# ---- what is JSON ----

def nested(depth):
    return '{"title":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


SYNTAX = [
    "", " ", "\n", "{", "}", "{}{}", "{} x", "{},", "[]", "null", "true", "false", "1", '"{}"', "NaN", "{'title':'a'}",
    '{"title":"a",}', "{title:1}", '{"title":"a" "organisation":"b"}', '{"title":NaN}', '{"title":Infinity}',
    '{"title":-Infinity}', '{"title":01}', '{"title":+1}', '{"title":.5}', '{"title":1.}', '{"title":0x1}',
    '{"title":1_000}', '{"title":"a\nb"}', '{"title":"a\tb"}', '{"title":"\\x41"}', '{"title":"\\u12"}', '{"title":"\\"}',
    '{"title":undefined}', "// x\n{}", "/* x */{}", "# x\n{}", '{"title":True}', "title=a&organisation=b", "---\ntitle: a"]
ENCODING = [
    "\ufeff{}", '{"title":"a"}\0', '\0{"title":"a"}', '{"title":"a\0b"}', '{"title":"a\\u0000b"}', '{"a\\u0000b":1}',
    '{"a\0b":1}', '{"title":"\\ud800"}', '{"title":"\\udc00\\ud800"}', '{"title":"\\ud800x"}', '{"\\ud800":1}',
    '{"title":"\ud800"}', b'{"title":"\xff"}', b'{"title":"\xc0\xaf"}', b'{"title":"\xe0\x80\xaf"}',
    b'{"title":"\xed\xa0\x80"}', b'{"title":"\xf4\x90\x80\x80"}', b'{"title":"\xe2\x82"}', b'{"\xff":1}', b'{"\xc0\xaf":1}',
    b'{"title":"\x80"}', '{}'.encode("utf-16"), '{}'.encode("utf-16-le"), '{}'.encode("utf-32")]
TWICE = [
    '{"title":"a","title":"b","organisation":"c"}', '{"title":"a","\\u0074itle":"b","organisation":"c"}',
    '{"title":"a","organisation":"b","x":{"y":1,"y":2}}', '{"title":"a","title":"a","organisation":"c"}']
NUMBERS = ['{"title":9223372036854775808}', '{"title":-9223372036854775809}', '{"title":1e309}', '{"title":-1e309}']
DEPTH = [nested(33), nested(2048), nested(2049), nested(100000), '{"a":' * 33 + "1" + "}" * 33]


@pytest.mark.parametrize("data", SYNTAX + ENCODING + TWICE + NUMBERS + DEPTH, ids=lambda data: repr(data)[:40])
def test_what_is_not_json_as_we_read_it_is_400(post, changes, data):
    answer = post(data)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert changes.new() == []


@pytest.mark.parametrize("data", [nested(32), '{"a":' * 32 + "1" + "}" * 32])
def test_thirty_two_levels_are_json_and_no_plan(post, data):
    assert post(data).status_code == 422


@pytest.mark.parametrize("space", [" ", "\n\t\r "])
def test_space_around_it_is_nothing(post, space):
    assert post(f"{space}{json.dumps(BODY)}{space}").status_code == 201


def test_escapes_are_the_letters_that_they_stand_for(post):
    answer = post('{"\\u0074itle":"\\u0041 \\ud83d\\ude00 pl\\u00e2n","organisation":"\\/"}')
    assert (answer.status_code, answer.json()["title"], answer.json()["organisation"]) == (201, "A \U0001f600 plân", "/")


@pytest.mark.parametrize("count", [3000, 60000])
def test_very_many_keys_are_refused_and_the_first_are_named(post, count):
    answer = post(json.dumps({f"f{n}": n for n in range(count)}))
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 100)


def test_a_million_keys_are_too_many_bytes(post):
    assert post(json.dumps({f"f{n}": n for n in range(1000000)})).status_code == 413


# ---- every fault at once ----

def test_all_faults_are_told_at_once_each_at_its_place(post, changes):
    answer = post(json.dumps({"title": None, "organisation": 7, "slug": "A B", "adopted_on": "2027-02-30", "state": "open",
                              "published": "yes", "send_at": "8:30", "source_url": "ftp://x", "id": 4, "version": 1,
                              "a/b~c": 1}))
    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("/title", "not_nullable"), ("/organisation", "wrong_type"), ("/slug", "bad_slug"), ("/adopted_on", "bad_date"),
        ("/state", "unknown_value"), ("/published", "wrong_type"), ("/send_at", "bad_time"), ("/source_url", "bad_url"),
        ("/id", "unknown_field"), ("/version", "unknown_field"), ("/a~1b~0c", "unknown_field")}
    assert changes.new() == []


def test_faults_inside_of_lists_are_told_at_their_index(api, alice, recommendation):
    answer = api.post(f"/v1/recommendations/{recommendation['id']}/actions", alice, json={
        "description": "Do it", "leads": [{"lead": 1}, {"role": "boss"}, 7, {"lead": 0, "x": 1}]})
    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} >= {
        ("/leads/1/lead", "required"), ("/leads/1/role", "unknown_value"), ("/leads/2", "wrong_type"),
        ("/leads/3/lead", "out_of_range"), ("/leads/3/x", "unknown_field")}
