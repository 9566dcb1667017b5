"""GET /v1/plans/{plan}/calendar.ics"""
import datetime
import json
import subprocess

import icalendar
import pytest

from support import programs, seed

NASTY = ["Gwella’r ffordd: ŵ, ŷ; Â\\ n", "🏗️ Build 👩🏽‍💻 skills, now", "Line one\nLine two\nBEGIN:VEVENT", "ŵ" * 500, "🏗" * 300, "x" * 2000,
         "\"quoted\": yes; no", "a\\nb \\, c"]


@pytest.fixture(scope="module")
def helens(database):
    return seed.st_helens(database)


def fetch(api, key, plan):
    answer = api.get(f"/v1/plans/{plan['id']}/calendar.ics", key)
    assert answer.status_code == 200
    return answer


def events(answer):
    """The events by their UID, as icalendar reads them; the bytes are checked on the way."""
    for line in answer.content.split(b"\r\n"):
        assert len(line) <= 75 and b"\n" not in line and b"\r" not in line
        line.decode("utf-8")
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH") and not calendar.errors
    found = calendar.walk("VEVENT")
    for one in found:
        assert one["DTEND"].dt - one["DTSTART"].dt == datetime.timedelta(days=1)
        assert one["TRANSP"] == "TRANSPARENT" and not one.errors
    assert len({one["UID"] for one in found}) == len(found)
    return {str(one["UID"]): one for one in found}


def by_javascript(answer):
    done = subprocess.run(["node", programs.ROOT / "tests" / "support" / "read_calendar.mjs"], input=answer.content,
                          capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


def days(answer):
    return sorted((str(one["DTSTART"].dt), str(one["STATUS"]), int(one["SEQUENCE"])) for one in events(answer).values())


def test_it_is_a_calendar_with_a_name_and_a_tag(api, bob, make):
    plan = make.plan(title="Cynllun, gweithredu; 2022 \\ ŵ")
    answer = fetch(api, bob, plan)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{plan["slug"]}.ics"'
    assert str(icalendar.Calendar.from_ical(answer.content)["X-WR-CALNAME"]) == plan["title"]
    # ical.js gives the texts of properties that it does not know as they are written.
    assert by_javascript(answer) == {"name": "Cynllun\\, gweithredu\\; 2022 \\\\ ŵ", "events": []}
    path = f"/v1/plans/{plan['slug']}/calendar.ics"
    assert api.get(path, bob, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert api.head(path, bob).headers["Content-Length"] == str(len(answer.content))
    key = make.key_for(plans=[make.plan()["id"]])["token"]
    assert api.get(path, key).status_code == 404


def test_every_deadline_of_st_helens_is_in_it(api, bob, helens):
    answer = fetch(api, bob, {"id": helens.plan_id})
    wanted = api.database.column("SELECT d.due_on FROM deadline d JOIN action a ON a.id = d.action_id"
                                 " WHERE a.plan_id = %s AND d.in_force", (helens.plan_id,))
    found = events(answer)
    assert sorted(one["DTSTART"].dt for one in found.values()) == sorted(wanted)
    reviews = [one for one in found.values() if " Review due: " in one["SUMMARY"]]
    assert [(str(one["SUMMARY"])[:15], str(one["DTSTART"].dt)) for one in reviews] == \
        [("7.1 Review due:", "2022-03-31"), ("7.2 Review due:", "2022-03-31")]
    assert fetch(api, bob, {"id": helens.plan_id}).content == answer.content


@pytest.mark.parametrize("text", NASTY)
def test_two_readers_see_the_same_words(api, bob, make, text):
    plan = make.plan()
    lead = make.lead()
    make.action(make.recommendation(plan), description=text, timescale="March 2022", leads=[{"lead": lead["id"]}])
    answer = fetch(api, bob, plan)
    one, = events(answer).values()
    other, = by_javascript(answer)["events"]
    assert other["description"].startswith(text + "\n\nStatus: Not started\n")
    if "\\n" not in text:  # icalendar 4 takes a backslash before an n for a line break
        assert other["description"] == str(one["DESCRIPTION"]) and other["summary"] == str(one["SUMMARY"])
    assert f"Lead: {lead['name']}" in other["description"]
    assert (other["starts"], other["ends"], other["all_day"]) == ("2022-03-31", "2022-04-01", True)
    assert (other["uid"], other["sequence"], other["transparency"]) == (one["UID"], 0, "TRANSPARENT")


def revise(api, key, action, text):
    answer = api.post(f"/v1/actions/{action['id']}/timescales", key, json={"text": text, "reason": "Cabinet agreed"})
    assert answer.status_code == 201
    return answer.json()


def test_a_deadline_keeps_its_uid_when_it_moves(api, alice, make):
    plan = make.plan()
    action = make.action(make.recommendation(plan), timescale="December 2021 Review – March 2022")
    before = events(fetch(api, alice, plan))
    revise(api, alice, action, "December 2021 Review – June 2022")
    after = events(fetch(api, alice, plan))
    assert set(after) == set(before)
    assert days(fetch(api, alice, plan)) == [("2021-12-31", "CONFIRMED", 0), ("2022-06-30", "CONFIRMED", 1)]
    revise(api, alice, action, "December 2021 Review – June 2022")
    assert days(fetch(api, alice, plan)) == [("2021-12-31", "CONFIRMED", 0), ("2022-06-30", "CONFIRMED", 1)]


def test_a_deadline_that_is_given_up_stays_as_cancelled(api, alice, make):
    plan = make.plan()
    action = make.action(make.recommendation(plan), timescale="December 2021 Review – March 2022")
    revise(api, alice, action, "31 January 2022")
    assert days(fetch(api, alice, plan)) == [("2022-01-31", "CONFIRMED", 1), ("2022-03-31", "CANCELLED", 1)]
    revise(api, alice, action, "Ongoing")
    assert days(fetch(api, alice, plan)) == [("2022-01-31", "CANCELLED", 2), ("2022-03-31", "CANCELLED", 1)]
    revise(api, alice, action, "December 2021 Review – March 2022")
    assert days(fetch(api, alice, plan)) == [("2021-12-31", "CONFIRMED", 3), ("2022-03-31", "CONFIRMED", 2)]


def test_an_action_that_is_called_off_takes_its_deadlines_along(api, alice, make):
    plan = make.plan()
    action = make.action(make.recommendation(plan), timescale="March 2022")
    path = f"/v1/actions/{action['id']}"
    for status, seen in (("in_progress", ("CONFIRMED", 0)), ("cancelled", ("CANCELLED", 1)), ("not_started", ("CONFIRMED", 2)),
                         ("complete", ("CONFIRMED", 2)), ("cancelled", ("CANCELLED", 3))):
        assert api.patch(path, alice, if_match="*", json={"status": status}).status_code == 200
        assert days(fetch(api, alice, plan)) == [("2022-03-31", *seen)]


def test_what_is_done_says_so(api, alice, make):
    plan = make.plan()
    action = make.action(make.recommendation(plan), reference="9.9", timescale="March 2022")
    deadline = action["deadlines"][0]["id"]
    api.patch(f"/v1/actions/{action['id']}/deadlines/{deadline}", alice, if_match="*", json={"done_on": "2022-03-01"})
    one, = events(fetch(api, alice, plan)).values()
    assert str(one["SUMMARY"]).startswith("9.9 done: ") and one["SEQUENCE"] == 0
    stamp = api.get(f"/v1/actions/{action['id']}", alice).json()["updated_at"]
    assert one["DTSTAMP"].dt.strftime("%Y-%m-%dT%H:%M:%S") == stamp[:19]
