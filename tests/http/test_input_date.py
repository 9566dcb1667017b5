"""Days and moments: those that exist, written as they must be"""
import json
from datetime import datetime, timedelta, timezone

import pytest

BODY = {"title": "A plan", "organisation": "A council"}

NO_DAYS = [
    "2027-02-30", "2027-02-29", "2100-02-29", "2027-04-31", "2027-13-01", "2027-00-10", "2027-01-00", "2027-01-32",
    "2027-2-3", "27-02-03", "2027-02-3", "2027/02/03", "2027.02.03", "20270203", "2027-W05-3", "2027-034", "2027-02",
    "now", "today", "tomorrow", "yesterday", "epoch", "infinity", "-infinity", "allballs", "0000-01-01", "-2027-02-03",
    "+2027-02-03", "10000-01-01", "1899-12-31", "2201-01-01", "2027-02-03T00:00:00Z", "2027-02-03 ", " 2027-02-03",
    "2027-02-03\n", "2027-02-03\u0000", "2027-02-03 BC", "03/02/2027", "3 Feb 2027", "February 3, 2027", "",
    "２０２７-02-03", "2027\u201302\u201303"]


@pytest.mark.parametrize("day", NO_DAYS, ids=ascii)
def test_a_day_is_a_day_that_exists(post, changes, day):
    answer = post(json.dumps({**BODY, "adopted_on": day}))
    if "\0" in day:
        assert answer.status_code == 400
    else:
        assert answer.status_code == 422
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/adopted_on", "bad_date")]
    assert changes.new() == []


@pytest.mark.parametrize("day", [20270203, 1.5, True, ["2027-02-03"], {"day": "2027-02-03"}], ids=str)
def test_a_day_is_a_text(post, day):
    assert [one["code"] for one in post(json.dumps({**BODY, "adopted_on": day})).json()["errors"]] == ["wrong_type"]


@pytest.mark.parametrize("day", ["2024-02-29", "2000-02-29", "1900-01-01", "2200-12-31", "2027-12-31"])
def test_a_day_is_kept_as_it_is(post, day):
    answer = post(json.dumps({**BODY, "adopted_on": day}))
    assert (answer.status_code, answer.json()["adopted_on"]) == (201, day)


NO_MOMENTS = [
    "2090-02-30T00:00:00Z", "2090-01-01T24:00:00Z", "2090-01-01T23:60:00Z", "2090-01-01T23:59:60Z", "2090-01-01T1:00:00Z",
    "2090-01-01T00:00Z", "2090-01-01T00:00:00", "2090-01-01 00:00:00Z", "2090-01-01t00:00:00", "2090-01-01T00:00:00+99:99",
    "2090-01-01T00:00:00+15:00", "2090-01-01T00:00:00+01:60", "2090-01-01T00:00:00+0100", "2090-01-01T00:00:00+01",
    "2090-01-01T00:00:00 Z", "2090-01-01T00:00:00.Z", "2090-01-01T00:00:00.1234567890Z", "2090-01-01T00:00:00,5Z",
    "2090-01-01T00:00:00Europe/London", "2090-01-01T00:00:00ZZ", "20900101T000000Z", "2090-01-01", "now", "tomorrow",
    "infinity", "epoch", "", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "4070908800"]


@pytest.mark.parametrize("moment", NO_MOMENTS, ids=ascii)
def test_a_moment_is_one_that_exists(api, carol, changes, moment):
    answer = api.post("/v1/keys", carol, json={"name": "x", "role": "reader", "expires_at": moment})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/expires_at", "bad_instant")]
    assert changes.new() == []


@pytest.mark.parametrize("moment,kept", [
    ("2090-01-01T00:00:00Z", "2090-01-01T00:00:00.000Z"), ("2090-01-01t00:00:00z", "2090-01-01T00:00:00.000Z"),
    ("2090-06-30T23:00:00+01:00", "2090-06-30T22:00:00.000Z"), ("2090-01-01T00:00:00-14:00", "2090-01-01T14:00:00.000Z"),
    ("2090-01-01T00:00:00.123456789Z", "2090-01-01T00:00:00.123Z"),
    ("2090-02-28T23:59:59+00:00", "2090-02-28T23:59:59.000Z"), ("2096-02-29T12:00:00Z", "2096-02-29T12:00:00.000Z")])
def test_a_moment_leaves_in_utc(api, carol, moment, kept):
    answer = api.post("/v1/keys", carol, json={"name": "x", "role": "reader", "expires_at": moment})
    assert (answer.status_code, answer.json()["expires_at"]) == (201, kept)


def test_a_key_must_end_in_the_future(api, carol):
    ago = (datetime.now(timezone.utc) - timedelta(seconds=1)).isoformat(timespec="seconds")
    answer = api.post("/v1/keys", carol, json={"name": "x", "role": "reader", "expires_at": ago})
    assert (answer.status_code, answer.json()["code"]) == (422, "in_the_past")


@pytest.mark.parametrize("time", ["8:30", "08:60", "24:00", "08:30:00", "0830", "08.30", "8am", "", "noon", " 08:30", "０８:30"])
def test_a_time_of_day_has_four_digits(post, time):
    answer = post(json.dumps({**BODY, "send_at": time}))
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/send_at", "bad_time")]
