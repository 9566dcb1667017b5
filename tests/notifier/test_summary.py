"""On the first working day of the month a cabinet member gets a summary of their portfolio instead of reminders."""

import datetime
import json

import pytest

from support.oracle_small import MEMBER, PARKS, ROADS, SLUG, due_again, only_action, plan_only, small, states

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
MARCH_31 = "2022-03-31T07:30:00Z"
FIRST = "2022-04-01T07:30:00Z"  # a Friday, and 1 day after DUE
MONDAY_4 = "2022-04-04T07:30:00Z"
TUESDAY_5 = "2022-04-05T07:30:00Z"
MAY_3 = "2022-05-03T07:30:00Z"  # after the bank holiday of 2 May
CLLR = "cllr.bus@example.org"


def day(text):
    return datetime.date.fromisoformat(text[:10])


def due_on(text):
    """The member is to hear of action 1.1 on the day of its deadline, which is that day; nobody else of anything."""
    def change(data):
        only_action(data)
        data["ladders"][SLUG] = [(0, "cabinet_member", None)]
        data["plans"][SLUG]["actions"]["1.1"]["deadlines"][0]["due_on"] = day(text)
    return change


def summaries(live):
    """[(lead, day, state, reason of its message)] of the ledger; the state is its message's where it has one."""
    return live.sql("SELECT l.name, s.day::text, coalesce(m.state::text, s.state::text) FROM summary s"
                    " JOIN lead l ON l.id = s.lead_id LEFT JOIN message m ON m.id = s.message_id ORDER BY s.day, l.name")


def words(mail):
    return " ".join(mail.text.split())


def test_it_is_sent_on_the_first_working_day_and_once(database, notifier, mail):
    live = small(database)
    for at in (MARCH_31, FIRST, "2022-04-01T12:00:00Z", MONDAY_4, "2022-04-28T07:30:00Z"):
        notifier.once(at)
        if at == MARCH_31:
            assert mail.to(CLLR) == []
    [received] = [one for one in mail.to(CLLR) if "Summary" in one.message["Subject"]]
    assert received.message["Subject"] == "Summary for April 2022: 2 open actions, 2 overdue"
    assert received.message["Reply-To"] == "Flo Gantt <office@example.org>"
    assert summaries(live) == [(MEMBER, "2022-04-01", "sent")]
    assert "Was due yesterday, Thursday 31 March 2022" in received.text and "Led by Head of Roads" in received.text
    mail.mails.clear()
    notifier.once(MAY_3)
    [received] = mail.to(CLLR)
    assert "Summary for May 2022" in received.message["Subject"]


def test_the_first_of_january_is_the_fourth(database, notifier, mail):
    """2022 began on a Saturday; the Monday was a bank holiday."""
    small(database)
    for at in ("2022-01-01T09:00:00Z", "2022-01-03T09:00:00Z"):
        notifier.once(at)
        assert mail.to(CLLR) == []
    notifier.once("2022-01-04T09:00:00Z")
    assert "Summary for January 2022" in mail.to(CLLR)[0].message["Subject"]


def test_the_member_is_not_chased_on_that_day_but_on_the_next(database, notifier, mail):
    live = small(database, due_on(FIRST))
    notifier.once(FIRST)
    assert [one.message["Subject"] for one in mail.to(CLLR)] == ["Summary for April 2022: 1 open action, 1 due this month"]
    assert states(live) == {}
    notifier.once(MONDAY_4)
    assert mail.to(CLLR)[1].message["Subject"].startswith("Action 1.1 is overdue")
    assert states(live) == {("1.1", "2022-04-01", MEMBER, 0): "sent"}


def test_others_are_reminded_on_that_day_as_usual(database, notifier, mail):
    live = small(database)
    notifier.once(FIRST)
    assert [one.recipients for one in mail.accepted if "Summary" not in one.message["Subject"]] == [["roads@example.org"]]
    assert states(live)["1.1", "2022-03-31", ROADS, 1] == "sent"


# ---- when the notifier did not look ----

def test_after_an_outage_over_the_first_working_day_it_goes_on_the_first_day_of_running(database, notifier, mail):
    live = small(database, due_on(MONDAY_4))
    notifier.once(MARCH_31)
    notifier.once("2022-04-02T09:00:00Z")  # a Saturday
    assert mail.to(CLLR) == []
    notifier.once(MONDAY_4)
    assert [one.message["Subject"][:7] for one in mail.to(CLLR)] == ["Summary"], "and no reminder on its day"
    notifier.once(TUESDAY_5)
    assert summaries(live) == [(MEMBER, "2022-04-04", "sent")]
    assert len(mail.to(CLLR)) == 2 and states(live) == {("1.1", "2022-04-04", MEMBER, 0): "sent"}


def test_a_notifier_that_begins_in_the_middle_of_a_month_has_missed_nothing(database, notifier, mail):
    live = small(database)
    notifier.once(MONDAY_4)
    assert mail.to(CLLR) == [] and summaries(live) == []


def test_nor_has_a_plan_that_began_then(database, notifier, mail):
    live = small(database)
    live.plan(SLUG, state="draft")
    for at in (MARCH_31, MONDAY_4):
        notifier.once(at)
    live.plan(SLUG, state="active")
    notifier.once(TUESDAY_5)
    assert mail.to(CLLR) == []


def test_nor_has_somebody_who_came_then(database, notifier, mail):
    live = small(database)
    live.reassign(SLUG, "1.1", {ROADS: "lead"})
    live.reassign(SLUG, "1.2", {ROADS: "lead"})
    notifier.once(FIRST)
    live.reassign(SLUG, "1.1", {ROADS: "lead", MEMBER: "cabinet_member"})
    notifier.once(MONDAY_4)
    assert mail.to(CLLR) == []
    notifier.once(MAY_3)
    assert "May 2022: 1 open action" in mail.to(CLLR)[0].message["Subject"]


def test_what_could_not_leave_goes_on_the_next_day_in_its_terms(database, notifier, mail):
    live = small(database)
    mail.refuse("mail", "450 4.3.0 later")
    notifier.once(FIRST)
    assert summaries(live) == [(MEMBER, "2022-04-01", "retry")]
    mail.behave()
    due_again(live)
    notifier.once(MONDAY_4)
    [received] = mail.to(CLLR)
    assert "on 4 April 2022" in words(received) and "Was due on 31 March 2022, 4 days ago" in received.text
    assert summaries(live) == [(MEMBER, "2022-04-04", "sent")]
    assert dict(live.sql("SELECT day::text, state::text FROM message WHERE kind = 'summary'")) == \
        {"2022-04-01": "cancelled", "2022-04-04": "sent"}


def test_one_that_may_have_arrived_is_sent_again_as_it_was(database, notifier, mail):
    live = small(database)
    mail.drop("body", match=CLLR, times=1)
    notifier.once(FIRST)
    live.status(SLUG, "1.1", "complete")
    due_again(live)
    notifier.once(MONDAY_4)
    copies = [one.bytes for one in mail.mails if one.recipients == [CLLR]]
    assert len(copies) == 2 and copies[0] == copies[1]
    assert summaries(live) == [(MEMBER, "2022-04-01", "sent")]


# ---- whose portfolio, and what is in it ----

def test_a_lead_of_that_kind_who_leads_has_a_portfolio_too(database, notifier, mail):
    live = small(database, only_action)
    live.sql("UPDATE lead SET kind = 'cabinet_member' WHERE name = %s", ROADS)
    notifier.once(FIRST)
    [received] = mail.to("roads@example.org")
    assert received.message["Subject"] == "Summary for April 2022: 1 open action, 1 overdue"
    assert summaries(live) == [(MEMBER, "2022-04-01", "sent"), (ROADS, "2022-04-01", "sent")]


@pytest.mark.parametrize("change", ["closed", "draft", "complete", "transferred"])
def test_with_nothing_open_there_is_no_email(database, notifier, mail, change):
    live = small(database)
    if change in ("closed", "draft"):
        live.plan(SLUG, state=change)
    else:
        for reference in ("1.1", "1.2"):
            live.status(SLUG, reference, change)
    notifier.once(FIRST)
    assert mail.accepted == [] and summaries(live) == []


def portfolio(data):
    """Eight actions: two overdue, one this month, one later, two unreadable, one ongoing, one on hold."""
    plan = data["plans"][SLUG]
    one = plan["actions"]["1.1"]
    due = {"1.1": "2022-03-31", "1.2": "2022-02-28", "1.3": "2022-04-29", "1.4": "2022-05-01", "1.5": None, "1.6": None,
           "1.7": None, "1.8": "2022-01-31"}
    plan["actions"] = {reference: {**one, "description": f"Deed {reference}.", "deadlines": [
        {"revision": 1, "label": None, "due_on": day(on)}] if on else []} for reference, on in due.items()}
    plan["actions"]["1.8"]["status"] = "on_hold"


def test_it_says_what_stands_how(database, notifier, mail):
    live = small(database, portfolio)
    for reference, kind, confidence, text in (("1.5", "unknown", "unreadable", "TBC"),
                                              ("1.7", "ongoing", "certain", "Ongoing")):
        live.sql("INSERT INTO timescale (action_id, revision, text, kind, confidence, reading)"
                 " VALUES (%s, 1, %s, %s, %s, '{}')", live.action_ids[SLUG, reference], text, kind, confidence)
    notifier.once(FIRST)
    [received] = mail.to(CLLR)
    text = received.text.replace("\r\n", "\n")
    assert "- 2 overdue\n- 1 due this month\n- 2 with no date that could be read\n- 1 due later\n" \
        "- 1 without a due date\n- 1 on hold\n- none completed since 1 March 2022\n" in text
    order = [text.index(f"Action {reference}\n") for reference in ("1.2", "1.1", "1.3", "1.5", "1.6", "1.4", "1.7", "1.8")]
    assert order == sorted(order)
    assert "Published timescale: “TBC”" in text and "Published timescale: “Ongoing”" in text
    for line in ("1.2", "Deed 1.5.", "2 overdue", "Published timescale: “TBC”", "On hold"):
        assert line in received.html


def test_what_was_completed_since_the_last_one_is_counted_once(database, notifier, mail):
    live = small(database, portfolio)
    done = "UPDATE action SET status = 'complete', completed_on = %s WHERE reference = %s"
    live.sql(done, "2022-02-28", "1.1")
    live.sql(done, "2022-03-01", "1.2")
    live.sql(done, "2022-04-01", "1.3")  # the day itself is told by the next
    notifier.once(FIRST)
    live.sql(done, "2022-04-20", "1.4")
    notifier.once(MAY_3)
    first, second = mail.to(CLLR)
    assert "1 completed since 1 March 2022" in first.text
    assert "2 completed since 1 April 2022" in second.text


def test_a_very_large_portfolio_is_cut_and_counted(database, notifier, mail):
    def many(data):
        plan = data["plans"][SLUG]
        data["plans"] = {f"plan-{n}": {**plan, "title": f"Plan number {n}",
                                       "actions": {f"{n}.{m}": plan["actions"]["1.1"] for m in range(60)}} for n in range(2)}
        data["ladders"][None] = [(300, "lead", None)]
    small(database, many)
    notifier.once(FIRST)
    [received] = mail.to(CLLR)
    assert received.message["Subject"] == "Summary for April 2022: 120 open actions, 120 overdue"
    assert received.text.count("\nAction ") == 50 and "and 70 more open actions" in received.text
    assert "Plan: Plan number 0" in received.text


# ---- to whom ----

def test_without_an_address_it_goes_to_whoever_stands_in(database, notifier, mail):
    live = small(database)
    live.save_lead(MEMBER, email=None, deputy=PARKS)
    notifier.once(FIRST)
    [received] = mail.to("parks@example.org")
    assert "This is for Councillor Em Bus (Cabinet Member for Transport)" in words(received)
    assert "This is the portfolio of Cabinet Member for Transport" in words(received)


def test_the_owner_of_a_plan_stands_in_last(database, notifier, mail):
    live = small(database)
    live.save_lead(MEMBER, email=None)
    notifier.once(FIRST)
    [received] = [one for one in mail.to("office@example.org") if "Summary" in one.message["Subject"]]
    assert "as the owner of the plan" in words(received) and received.message["Reply-To"] is None


def nobody(live):
    live.save_lead(MEMBER, email=None)
    live.plan(SLUG, owner=None)


def test_that_nobody_can_be_reached_is_on_record_and_in_coverage(database, notifier, mail, api, bob):
    live = small(database)
    nobody(live)
    [item] = [item for item in dry_run(notifier, FIRST) if item["stage"] == "summary"]
    assert item["via"] is None and item["to"] is None
    notifier.once(FIRST)
    assert summaries(live) == [(MEMBER, "2022-04-01", "unroutable")]
    assert [one for one in dry_run(notifier, MONDAY_4) if one["stage"] == "summary"] == [], "once is enough"
    assert live.one("SELECT state FROM json_to_recordset(plan_coverage_summaries(%s, %s)) x (state text)",
                    live.plan_ids[SLUG], MONDAY_4) == "unroutable"
    assert api.get(f"/v1/plans/{SLUG}/coverage", bob).json()["summaries"][0]["fix"]
    live.save_lead(MEMBER, email=CLLR)
    notifier.once(TUESDAY_5)
    assert summaries(live) == [(MEMBER, "2022-04-05", "sent")] and len(mail.to(CLLR)) == 1


def test_it_waits_for_somebody_who_is_away(database, notifier, mail):
    live = small(database)
    nobody(live)
    live.save_lead(MEMBER, email=CLLR, away=(day(FIRST), day(MONDAY_4)))
    told = forecast(live, FIRST, "2022-04-01", "2022-04-30")
    assert [(item["day"], item["to"]) for item in told if item["stage"] == "summary"] == \
        [("2022-04-01", None), ("2022-04-05", CLLR)]
    for at in (FIRST, MONDAY_4):
        notifier.once(at)
        assert mail.to(CLLR) == []
    notifier.once(TUESDAY_5)
    assert "on 5 April 2022" in words(mail.to(CLLR)[0])
    assert summaries(live) == [(MEMBER, "2022-04-05", "sent")]


# ---- just before sending ----

def test_what_was_closed_meanwhile_is_not_in_it(database, notifier, mail):
    live = small(database)
    plan_only(live, FIRST)
    live.status(SLUG, "1.1", "complete")
    notifier.once(FIRST)
    assert mail.to(CLLR)[0].message["Subject"] == "Summary for April 2022: 1 open action, 1 overdue"


def test_with_nothing_left_it_is_cancelled(database, notifier, mail):
    live = small(database)
    plan_only(live, FIRST)
    for reference in ("1.1", "1.2"):
        live.reassign(SLUG, reference, {ROADS: "lead"})
    notifier.once(FIRST)
    assert mail.to(CLLR) == []
    assert live.sql("SELECT state::text, reason FROM message WHERE kind = 'summary'") == [("cancelled", "nothing left to say")]


def test_a_text_that_nobody_has_is_written_anew_when_the_portfolio_changes(database, notifier, mail):
    live = small(database)
    mail.refuse("rcpt", "450 4.2.1 later", match=CLLR)
    notifier.once(FIRST)
    mail.behave()
    live.status(SLUG, "1.1", "complete")
    due_again(live)
    notifier.once("2022-04-01T12:00:00Z")
    assert mail.to(CLLR)[0].message["Subject"] == "Summary for April 2022: 1 open action, 1 overdue"


def test_else_the_same_bytes_go_again(database, notifier, mail):
    live = small(database)
    mail.refuse("body", "450 4.2.1 later", match=CLLR)
    notifier.once(FIRST)
    mail.behave()
    due_again(live)
    notifier.once("2022-04-01T12:00:00Z")
    copies = [one.bytes for one in mail.mails if one.recipients == [CLLR]]
    assert len(copies) == 2 and copies[0] == copies[1]


def test_a_new_holder_gets_their_own(database, notifier, mail):
    live = small(database)
    mail.refuse("rcpt", "450 4.2.1 later", match=CLLR)
    notifier.once(FIRST)
    live.save_lead(MEMBER, holder="Councillor Gwen Tram", email="cllr.tram@example.org")
    due_again(live)
    notifier.once("2022-04-01T12:00:00Z")
    [received] = mail.to("cllr.tram@example.org")
    assert "Dear Councillor Gwen Tram" in received.text
    assert summaries(live) == [(MEMBER, "2022-04-01", "sent")]


def test_an_address_that_is_nobodys_hands_it_on(database, notifier, mail):
    live = small(database)
    mail.refuse("rcpt", "550 5.1.1 no such user", match=CLLR)
    notifier.once(FIRST)
    assert [one for one in mail.to("office@example.org") if "Summary" in one.message["Subject"]]
    assert summaries(live) == [(MEMBER, "2022-04-01", "sent")]


# ---- what is told of it ----

def dry_run(notifier, at):
    return [json.loads(line) for line in notifier.once(at, "--dry-run").stdout.splitlines()]


def forecast(live, at, first, last):
    return [item for item, in live.sql(
        "SELECT body FROM reminder_forecast(ARRAY(SELECT s FROM plans_sending_from(%s, %s, %s) s))", at, first, last)]


def test_the_dry_run_and_the_forecast_say_it(database, notifier, mail):
    live = small(database)
    [item] = [item for item in dry_run(notifier, FIRST) if item["stage"] == "summary"]
    assert item == {"day": "2022-04-01", "lead": live.lead_ids[MEMBER], "lead_name": MEMBER, "role": "cabinet_member",
                    "via": live.lead_ids[MEMBER], "to": CLLR, "action": None, "reference": None, "deadline": None,
                    "due_on": None, "offset_days": None, "stage": "summary",
                    "why": "the summary of April 2022; you are the cabinet member for 2 open actions"}
    told = [item["day"] for item in forecast(live, MARCH_31, "2022-03-31", "2022-06-30") if item["stage"] == "summary"]
    assert told == ["2022-04-01", "2022-05-03", "2022-06-01"]
    notifier.once(FIRST)
    assert [item for item in dry_run(notifier, "2022-04-01T12:00:00Z") if item["stage"] == "summary"] == []


def test_the_api_says_it(database, notifier, api, bob):
    live = small(database)
    notifier.once(FIRST)
    [message] = [one for one in api.get("/v1/messages", bob).json()["items"] if one["kind"] == "summary"]
    assert message["lead"] == live.lead_ids[MEMBER] and message["state"] == "sent" and message["reminders"] == []
    today = datetime.date.today()
    query = {"from": str(today), "to": str(today + datetime.timedelta(days=70))}
    items = api.get("/v1/reminders/forecast", bob, params=query).json()["items"]
    assert sum(item["stage"] == "summary" for item in items) >= 2
    [told] = api.get(f"/v1/plans/{SLUG}/coverage", bob).json()["summaries"]
    assert told["state"] == "scheduled" and told["via"] == live.lead_ids[MEMBER] and told["why"] is None


# ---- several plans ----

def second_plan(data, **how):
    actions = data["plans"][SLUG]["actions"]
    data["plans"]["other"] = {**data["plans"][SLUG], "title": "Another plan", "actions": {"2.1": actions.pop("1.2")}, **how}


def test_one_summary_covers_plans_of_two_nations(database, notifier, mail):
    """In Scotland the second of January is a holiday too."""
    live = small(database, lambda data: second_plan(data, division="scotland"))
    for at in ("2023-01-03T09:00:00Z", "2023-01-04T09:00:00Z"):
        notifier.once(at)
    [received] = [one for one in mail.to(CLLR) if "Summary" in one.message["Subject"]]
    assert "2 open actions" in received.message["Subject"]
    assert summaries(live) == [(MEMBER, "2023-01-03", "sent")]


def test_reminders_of_a_plan_that_sends_earlier_wait_for_the_day_after_too(database, notifier, mail):
    """The member owns a plan that sends at 8:30; the portfolio is in another, which sends at two."""
    def change(data):
        second_plan(data, send_at=datetime.time(14))
        data["plans"][SLUG]["owner"] = MEMBER
        data["plans"][SLUG]["actions"]["1.1"]["assignments"] = {ROADS: "lead"}
        data["ladders"][None] = [(1, "plan_owner", None)]
    live = small(database, change)
    notifier.once(FIRST)
    assert mail.to(CLLR) == []
    notifier.once("2022-04-01T13:30:00Z")
    assert [one.message["Subject"][:7] for one in mail.to(CLLR)] == ["Summary"]
    notifier.once(MONDAY_4)
    assert states(live)["1.1", "2022-03-31", MEMBER, 1] == "sent"


# ---- a flood ----

def flood(data):
    """201 actions instead of one."""
    plan = data["plans"][SLUG]
    plan["actions"] = {f"1.{m}": plan["actions"]["1.1"] for m in range(201)}


def test_a_held_day_holds_them_and_the_next_one_sends_them(database, notifier, mail):
    live = small(database, flood)
    notifier.once(FIRST)
    assert mail.accepted == [] and summaries(live) == []
    assert live.sql("SELECT reminders, people FROM held_day") == [(202, 2)], "a summary counts as one"
    live.sql("UPDATE action SET status = 'complete' WHERE reference NOT IN ('1.1', '1.2')")
    notifier.once(MONDAY_4)
    assert summaries(live) == [(MEMBER, "2022-04-04", "sent")]


def test_a_person_who_rejects_the_day_rejects_them(database, notifier, mail):
    live = small(database, flood)
    notifier.once(FIRST)
    notifier.run("approve", "--reject")
    notifier.once(FIRST)
    assert summaries(live) == [(MEMBER, "2022-04-01", "suppressed")]
    live.sql("UPDATE action SET status = 'complete' WHERE reference NOT IN ('1.1', '1.2')")
    notifier.once(MONDAY_4)
    assert mail.to(CLLR) == []
