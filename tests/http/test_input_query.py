"""Queries: each parameter known, once, and what it must be; nothing is ignored"""
import pytest


@pytest.mark.parametrize("query", [
    "%", "%z", "%zz", "q=%", "q=%0", "q=%00", "q=a%00b", "%00=a", "q=%ff", "q=%c0%af", "q=%ed%a0%80", "q=%F4%90%80%80",
    "q=%u0041", "limit=1&limit=1", "limit=1&limit=2", "limit=1&%6cimit=1", "q=a&q=a", "limit=1,2", "limit=%31%2C2",
    "limit[]=1", "limit[0]=1", "limit", "limit=", "=1", "=", "Limit=1", "LIMIT=1", "limit%20=1", "limit=1;q=x",
    "a=1&b=2&c=3", "x", "limit=0", "limit=-1", "limit=101", "limit=1e1", "limit=1.0", "limit=+1", "limit=%2B1", "limit=0x1",
    "limit=%201", "limit=1%20", "limit=1%00", "limit=１", "limit=99999999999999999999", "limit=NaN", "limit=null",
    "limit=true", "standing=OVERDUE", "standing=overdue,done", "standing=", "standing=overdue%00", "plan=%2e%2e",
    "plan='%20OR%201=1", "lead=1%20OR%201=1", "lead=0", "lead=-1", "lead=1.0", "lead=9999999999999999999",
    "due_before=2027-02-30", "due_before=now", "due_before=infinity", "updated_since=2022-03-31",
    "updated_since=2022-03-31T08:30:00+01:00", "q=", "q=%20", "q=%0a", "q=%E2%80%AEx", "cursor=", "cursor=x", "cursor=djE6",
    "access_token=x", "&".join(f"p{n}=1" for n in range(33)), "q=" + "a" * 201], ids=lambda query: query[:30])
def test_a_query_that_could_be_misread_is_400(get_raw, query):
    answer = get_raw(f"/v1/actions?{query}")
    assert (answer.status, answer.json()["code"] in ("bad_request", "bad_parameter")) == (400, True)


@pytest.mark.parametrize("query", ["", "&", "&&", "limit=1&", "&limit=1", "%6cimit=1", "limit=%31", "q=a+b", "q=a%20b",
                                   "q=caf%C3%A9", "limit=007", "q=%26", "q=a=b", "q=%3D", "q=%2500", "plan=no-such-plan"])
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


def test_every_wrong_parameter_is_told_at_once(api, alice):
    answer = api.get("/v1/actions?limit=0&standing=late&nonsense=1&lead=x&due_before=soon", alice)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {
        ("?limit", "out_of_range"), ("?standing", "unknown_value"), ("?nonsense", "unknown_parameter"),
        ("?lead", "out_of_range"), ("?due_before", "bad_date")}


@pytest.mark.parametrize("query", ["dry_run=true", "access_token=x", "limit=1"])
def test_a_parameter_of_another_call_is_400_on_a_write_too(api, alice, changes, query):
    answer = api.post(f"/v1/plans?{query}", alice, json={"title": "a", "organisation": "b"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")
    assert changes.new() == []
