"""A day on which far more is owed than usual is held until a person decides: a wrongly dated import of 5,000 rows bothers nobody."""

import json

import pytest

from support.oracle_mail import reminders_in, said
from support.oracle_small import DAY_AFTER, DUE, MINUS_1, MINUS_7, MONDAY, ROADS, Crowd, small

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")


@pytest.fixture
def flood(database):
    """A crowd of n posts with one action each, nobody having approved anything."""
    def make(n, actions=1):
        crowd = Crowd(database, n)
        crowd.sql("DELETE FROM held_day")
        for k in range(2, actions + 1):  # more actions of the same posts
            crowd.sql("""
                WITH a AS (INSERT INTO action (plan_id, recommendation_id, reference, description)
                           SELECT plan_id, id, number || '.' || %s, 'Deed' FROM recommendation RETURNING id, recommendation_id),
                     t AS (INSERT INTO timescale (action_id, revision, text, kind, due_on, confidence, reading)
                           SELECT id, 1, 'March 2022', 'month', '2022-03-31', 'certain', '{}' FROM a RETURNING id, action_id),
                     s AS (INSERT INTO assignment (action_id, lead_id, role)
                           SELECT a.id, l.id, 'lead' FROM a JOIN recommendation r ON r.id = a.recommendation_id
                           JOIN lead l ON l.name = 'Post ' || r.number)
                INSERT INTO deadline (action_id, timescale_id, position, due_on)
                SELECT action_id, id, 1, '2022-03-31' FROM t""", k)
        return crowd
    return make


def held(crowd):
    return crowd.sql("SELECT day::text, reminders, people, usual, most, decision FROM held_day ORDER BY day")


def states(crowd):
    return dict(crowd.sql("SELECT state::text, count(*) FROM reminder GROUP BY 1"))


def errors(done):
    return [line for line in map(json.loads, done.stderr.splitlines()) if line["level"] == "error"]


def test_five_thousand_rows_of_a_wrong_date_are_held(flood, notifier, mail):
    crowd = flood(20, 250)
    for _ in range(2):
        [told] = errors(notifier.once(MINUS_7))
        assert "approve" in told["event"]
        assert (told["day"], told["reminders"], told["people"]) == ("2022-03-24", "5000", "20")
    assert mail.accepted == [] and states(crowd) == {} and crowd.one("SELECT count(*) FROM message") == 0
    assert held(crowd) == [("2022-03-24", 5000, 20, 0, 200, None)]
    assert crowd.sql("SELECT value FROM metric_list() WHERE name = 'goldenthread_reminders_held'") == [("5000",)]


def test_two_hundred_are_not(flood, notifier, mail):
    crowd = flood(20, 10)
    assert errors(notifier.once(MINUS_7)) == []
    assert states(crowd) == {"sent": 200} and held(crowd) == [] and len(mail.accepted) == 20


def test_what_is_mended_needs_no_decision(flood, notifier, mail):
    crowd = flood(3, 100)
    notifier.once(MINUS_7)
    crowd.sql("UPDATE action SET status = 'cancelled' WHERE reference NOT LIKE '%%.1'")
    assert errors(notifier.once(MINUS_7)) == []
    assert states(crowd) == {"sent": 3} and held(crowd) == []


def test_a_person_approves_it(flood, notifier, mail):
    crowd = flood(3, 100)
    notifier.once(MINUS_7)
    assert notifier.run("approve").stdout == "2022-03-24: 300 reminders to 3 people\n"
    assert errors(notifier.once(MINUS_7)) == []
    assert states(crowd) == {"sent": 300} and len(mail.accepted) == 3
    assert crowd.sql("SELECT verb, resource, resource_id, after->>'decision' FROM change WHERE resource = 'held_day'") == \
        [("updated", "held_day", 20220324, "approved")]


def test_an_approval_is_for_that_day_and_about_as_many(flood, notifier, mail):
    crowd = flood(3, 100)
    notifier.once(MINUS_7)
    notifier.run("approve", "--day", "2022-03-24")
    crowd.sql("DELETE FROM reminder; UPDATE held_day SET reminders = 50")
    notifier.once(MINUS_7)
    assert held(crowd)[0][5] is None, "far more than was seen: held again"
    assert errors(notifier.once(DAY_AFTER))[0]["day"] == "2022-03-25"


def test_the_day_after_can_be_approved_in_the_evening(flood, notifier, mail):
    crowd = flood(3, 100)
    notifier.once(MINUS_7)
    notifier.run("approve", "--day", "2022-03-25")
    assert errors(notifier.once(DAY_AFTER)) == []
    assert states(crowd) == {"sent": 300}


def test_a_person_rejects_it(flood, notifier, mail):
    """Nobody is told of what was owed; the next stage comes as usual, and is itself held."""
    crowd = flood(3, 100)
    notifier.once(MINUS_7)
    assert "300 reminders" in notifier.run("approve", "--reject").stdout
    notifier.once(MINUS_7)
    assert mail.accepted == [] and states(crowd) == {"suppressed": 300}
    notifier.once(MONDAY)
    assert states(crowd) == {"suppressed": 300}
    [told] = errors(notifier.once(MINUS_1))
    assert told["day"] == "2022-03-30"


def test_five_times_the_usual_day_is_no_flood(flood, notifier, mail):
    crowd = flood(3, 100)
    crowd.sql("""INSERT INTO reminder (deadline_id, offset_days, lead_id, audience, stage_day, day, state)
                 SELECT d.id, -100 - k, l.id, 'lead', date '2022-03-01' + k, date '2022-03-01' + k, 'failed'
                 FROM generate_series(1, 10) k, (SELECT id FROM deadline ORDER BY id LIMIT 20) d,
                      (SELECT id FROM lead ORDER BY id LIMIT 3) l""")
    notifier.once(MINUS_7)  # 60 a day: up to 300
    assert states(crowd)["sent"] == 300 and held(crowd) == []


def test_the_forecast_still_shows_what_is_held(flood, notifier, api, bob):
    flood(3, 100)
    notifier.once(MINUS_7)
    items = api.get("/v1/reminders/forecast?from=2022-03-24&to=2022-03-24", bob).json()["items"]
    assert len(items) == 300


@pytest.mark.parametrize("options,status", [((), 1), (("--day", "2022-03-24"), 1), (("--day", "tomorrow"), 2)])
def test_without_a_held_day_there_is_nothing_to_decide(database, notifier, options, status):
    notifier.run("approve", *options, status=status)


# ---- after an outage ----

def test_after_three_days_over_a_month_end_one_email_says_what_is_so_by_then(database, notifier, mail):
    """Down from 30 March to 1 April, back on Monday 4 April: -1, 0 and +1 have passed unsaid, and stay so."""
    live = small(database)
    notifier.once(MINUS_7)
    mail.mails.clear()
    notifier.once("2022-04-04T07:30:00Z")
    notifier.once("2022-04-04T12:00:00Z")
    [received] = mail.to("roads@example.org")
    assert reminders_in(received.text) == [("1.1", said(DUE)), ("1.2", said(DUE))]
    assert "Was due on 31 March 2022, 4 days ago" in " ".join(received.text.split())
    offsets = {row.offset_days for row in live.ledger() if row.lead == ROADS}
    assert offsets == {-7, 1}
