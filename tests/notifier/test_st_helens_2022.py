"""The published plan of St Helens, reminded as it should have been in 2022.

(a) one day, against a table written by hand; (b) a whole year, against the oracle; (c) when mail leaves.
"""

import datetime
import json
import random
from zoneinfo import ZoneInfo

import pytest

from support import oracle, oracle_mail, oracle_st_helens, oracle_world, programs
from support.mail import mail_folder
from support.oracle_st_helens import ASSISTANT, CHIEF, CORPORATE, FINANCE, PLACE, PROGRAMME, RECOVERY
from support.seed import SLUG

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
LONDON = ZoneInfo("Europe/London")
TABLE = json.loads((programs.ROOT / "tests/data/reminders/st-helens-2022-03-24.json").read_text(encoding="utf-8"))
THAT_DAY = datetime.date(2022, 3, 24)
EXPECTED = programs.ROOT / "tests/data/plans/st-helens-2021.expected.json"


def date(text):
    return datetime.date.fromisoformat(text)


def ledger_entries(database):
    return [(row.action, row.due_on, row.label, row.lead, row.offset_days, row.day, row.audience, row.state)
            for row in oracle_world.read_ledger(database.connect())]


# ---------------------------------------------------------------------------- (a) one day

@pytest.fixture
def plain_server(tmp_path):
    server = oracle_mail.PlainServer(tmp_path / "maildir")
    yield server
    server.stop()


def published_words():
    plan = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return {action["reference"]: action["description"]
            for recommendation in plan["recommendations"] for action in recommendation["actions"]}


def expect_message(message, told):
    wanted = [(one["action"], oracle_mail.said(date(one["due_on"]))) for one in told["reminders"]]
    text = oracle_mail.text_of(message)
    assert message["X-RcptTo"] == told["to"], "one recipient a message"
    assert message["To"].addresses[0].display_name == told["name"]
    assert oracle_mail.reminders_in(text) == wanted
    assert told["post"] in text
    flat = " ".join(text.replace("\n> ", "\n").split())
    ours = {one["action"] for one in told["reminders"]}
    for reference, words in published_words().items():
        assert (words in flat) == (reference in ours), f"the published words of {reference}, to {told['to']}"


def test_24_march_as_written_by_hand(database, st_helens, notifier, plain_server):
    notifier.once("2022-03-24T08:30:00Z", GT_MAIL_URL=plain_server.url)
    messages = {message["X-RcptTo"]: message for message in plain_server.messages()}
    assert len(plain_server.messages()) == len(messages), "one message a person"
    assert set(messages) == {told["to"] for told in TABLE["messages"]}
    for told in TABLE["messages"]:
        expect_message(messages[told["to"]], told)
    assert sorted(ledger_entries(database), key=str) == sorted(
        [(one["action"], date(one["due_on"]), one["label"], told["post"], one["offset_days"], THAT_DAY,
          one["role"], "sent") for told in TABLE["messages"] for one in told["reminders"]], key=str)


def test_a_second_run_gives_none(database, st_helens, notifier, plain_server):
    notifier.once("2022-03-24T08:30:00Z", GT_MAIL_URL=plain_server.url)
    first, before = len(plain_server.messages()), ledger_entries(database)
    assert first == len(TABLE["messages"])
    for at in ("2022-03-24T08:30:00Z", "2022-03-24T12:00:00Z", "2022-03-24T17:59:59Z"):
        notifier.once(at, GT_MAIL_URL=plain_server.url)
    assert len(plain_server.messages()) == first
    assert ledger_entries(database) == before


# ---------------------------------------------------------------------------- (b) a year

def history(live):
    """What the council did in 2022, each in the morning before the notifier ran."""
    return {
        "2022-01-10": [lambda: live.status(SLUG, "7.1", "in_progress")],
        "2022-01-24": [lambda: live.update(SLUG, "7.1", ASSISTANT, date("2022-01-21"))],
        "2022-02-01": [lambda: live.status(SLUG, "7.1", "complete")],
        "2022-02-14": [lambda: live.save_lead(RECOVERY, away=(date("2022-02-14"), date("2022-03-04"))),
                       lambda: live.close_council(date("2022-02-25"))],
        "2022-03-01": [lambda: live.deadline_done(SLUG, "7.2", 0, date("2022-02-28"))],
        "2022-03-10": [lambda: live.revise(SLUG, "1.3", [(date("2022-06-30"), None)]),
                       lambda: live.status(SLUG, "2.1", "on_hold")],
        "2022-03-25": [lambda: live.status(SLUG, "1.1", "complete"), lambda: live.status(SLUG, "1.2", "cancelled")],
        "2022-04-04": [lambda: live.status(SLUG, "2.1", "in_progress")],
        "2022-04-05": [lambda: live.save_lead(CORPORATE, email=None),
                       lambda: live.revise(SLUG, "2.2", [(date("2022-05-02"), "Forums"), (date("2022-09-19"), None)])],
        "2022-04-19": [lambda: live.save_lead(ASSISTANT, deputy=CORPORATE,
                                              away=(date("2022-04-19"), date("2022-05-06")))],
        "2022-05-03": [lambda: live.reassign(SLUG, "5.1", {CORPORATE: "lead", FINANCE: "cabinet_member",
                                                           PLACE: "support"}),
                       lambda: live.save_lead(CORPORATE, email="new.director@example.org")],
        "2022-05-20": [lambda: live.plan(SLUG, owner=None)],
        "2022-06-06": [lambda: live.plan(SLUG, owner=PROGRAMME),
                       lambda: live.save_ladder(SLUG, [*oracle.DEFAULT_LADDER, (3, "support", 14)])],
        "2022-07-01": [lambda: live.status(SLUG, "5.2", "transferred"),
                       lambda: live.save_lead(CHIEF, deputy=PROGRAMME, away=(date("2022-07-01"), date("2022-07-29")))],
        "2022-09-20": [lambda: live.revise(SLUG, "4.1", [(date("2022-10-03"), None)]),
                       lambda: live.plan(SLUG, state="closed")],
        "2022-10-10": [lambda: live.plan(SLUG, state="active")],
        "2022-11-28": [lambda: live.status(SLUG, "4.10", "complete"), lambda: live.save_lead(PLACE, manager=None)],
        "2022-12-23": [lambda: live.close_council(date("2022-12-29"))],
    }


def local(day, time):
    return datetime.datetime.combine(day, time, LONDON).isoformat()


def test_every_day_of_2022(database, st_helens, notifier, tmp_path):
    """Each working day's mail and ledger are the oracle's; on days off (one in four is tried) there is neither."""
    rng = random.Random(2022)
    folder = tmp_path / "mail"
    live = oracle_world.World(database.connect(), oracle_st_helens.world(), load=False)
    judge, changes = oracle.Oracle(live.data), history(live)
    seen = set()
    day = datetime.date(2022, 1, 1)
    while day.year == 2022:
        for change in changes.pop(day.isoformat(), ()):
            change()
        off = not judge.calendar(live.data["plans"][SLUG]).works(day)
        if off and rng.random() > 0.25:
            day += oracle.DAY
            continue
        time = datetime.time(rng.randint(9, 17), rng.randint(0, 59)) if rng.random() < 0.5 else datetime.time(8, 30)
        notifier.once(local(day, time), GT_MAIL_URL=f"file://{folder}")
        wanted = judge.run(day)
        new = {path.name for path in folder.glob("*.eml")} - seen
        assert len(new) == len({row.lead for row in wanted if row.state == "sent"}), day
        assert not (off and new), day
        seen |= new
        day += oracle.DAY
    assert not changes, "the history was told to its end"
    ours = {(*row.entry(), row.revision, row.stage_day, row.state, row.to) for row in judge.rows.values()}
    theirs = {(*row.entry(), row.revision, row.stage_day, row.state, row.to) for row in live.ledger()}
    print(f"seed 2022; {len(ours)} rows, {len(seen)} emails")
    assert theirs == ours
    assert {row.state for row in judge.rows.values()} == {"sent", "suppressed"}
    assert live.summaries() == {(row.lead, *row.month, row.day, row.state) for row in judge.summaries.values()}
    emails = {(row.lead, row.day) for row in [*judge.rows.values(), *judge.summaries.values()] if row.state == "sent"}
    assert len(mail_folder(folder)) == len(emails), "never two on one day"


# ---------------------------------------------------------------------------- (c) when mail leaves

DAYS_OFF = {
    "2022-03-26T10:00:00Z": "a Saturday",
    "2022-03-27T10:00:00Z": "a Sunday, on which the clocks go forward",
    "2022-04-15T09:00:00Z": "Good Friday",
    "2022-04-18T09:00:00Z": "Easter Monday",
    "2022-06-02T09:00:00Z": "the spring bank holiday, moved for the jubilee",
    "2022-06-03T09:00:00Z": "the Platinum Jubilee",
    "2022-09-19T09:00:00Z": "the state funeral",
    "2022-10-30T10:00:00Z": "a Sunday, on which the clocks go back",
    "2022-12-27T09:00:00Z": "the substitute for Christmas Day",
    "2022-02-25T09:00:00Z": "a closure of the council",
}
TOO_EARLY_OR_LATE = {
    "2022-03-24T00:00:00Z": "midnight",
    "2022-03-24T08:29:59Z": "a second before half past eight",
    "2022-03-24T18:00:00Z": "six in the evening",
    "2022-03-24T23:59:59Z": "late",
    "2022-03-25T07:30:00Z": "half past seven in winter, the last working day before the clocks go forward",
    "2022-03-28T07:29:59Z": "a second before half past eight in summer",
    "2022-03-28T17:00:00Z": "six in the evening in summer",
    "2022-07-01T17:30:00Z": "half past six in summer, though half past five in UTC",
    "2022-10-31T07:30:00Z": "half past seven again, the first working day after the clocks went back",
    "2022-10-28T17:00:00+00:00": "six in the evening, the last working day of summer time",
}
LEAVES = {
    "2022-03-24T08:30:00Z": "half past eight in winter",
    "2022-03-24T17:59:59Z": "the last second",
    "2022-03-25T08:30:00Z": "the last working day of winter time",
    "2022-03-28T07:30:00Z": "the first working day of summer time",
    "2022-03-28T16:59:59Z": "the last second in summer",
    "2022-03-28T09:30:00+02:00": "the same half past eight, said in another zone",
    "2022-10-28T07:30:00Z": "the last working day of summer time",
    "2022-10-31T08:30:00Z": "the first working day of winter time",
}


def test_nothing_leaves_on_days_off_or_out_of_hours(database, st_helens, notifier, mail):
    live = oracle_world.World(database.connect(), oracle_st_helens.world(), load=False)
    live.close_council(date("2022-02-25"))
    for at, what in {**DAYS_OFF, **TOO_EARLY_OR_LATE}.items():
        notifier.once(at)
        assert ledger_entries(database) == [], f"{at}, {what}"
        assert database.value("SELECT count(*) FROM message") == 0, f"{at}, {what}"
    assert mail.mails == []
    for at in ("2022-03-24T08:29:59Z", "2022-09-19T09:00:00Z"):
        assert notifier.once(at, "--dry-run").stdout == "", at


def test_mail_leaves_from_half_past_eight_to_six_local(database, st_helens, notifier, mail):
    for at, what in LEAVES.items():
        database.execute("TRUNCATE attempt, reminder, summary, webhook_notice, message")
        notifier.once(at)
        assert len(mail.accepted) >= 6, f"{at}, {what}"
        mail.mails.clear()


def test_a_plan_has_its_own_hour(database, st_helens, notifier, mail):
    database.execute("UPDATE plan SET send_at = '14:15'")
    notifier.once("2022-03-24T14:14:59Z")
    assert mail.mails == []
    notifier.once("2022-03-24T14:15:00Z")
    assert len(mail.accepted) == 6


def test_what_was_planned_does_not_leave_out_of_hours(database, st_helens, notifier, mail):
    """A message that is waiting (here: nobody could send it) waits for the next window."""
    assert database.value("SELECT reminder_plan('2022-03-24T17:59:00Z')", role="gt_notifier") == 18
    for at in ("2022-03-24T18:00:00Z", "2022-03-25T08:00:00Z", "2022-03-26T10:00:00Z"):
        notifier.once(at)
    assert mail.mails == []
    notifier.once("2022-03-28T08:00:00Z")
    assert len(mail.accepted) == 6
