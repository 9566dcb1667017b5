"""GET /v1/actions/{id}/reminders"""
import pytest

AT = "2022-03-24T10:00:00Z"


@pytest.fixture
def people(make):
    """A lead with a manager, a cabinet member and the plan's owner, all with addresses."""
    manager = make.lead(email="manager@example.org")
    return {"lead": make.lead(email="lead@example.org", manager=manager["id"]), "manager": manager,
            "cabinet_member": make.lead(email="member@example.org", kind="cabinet_member"),
            "plan_owner": make.lead(email="owner@example.org")}


@pytest.fixture
def made(make, people):
    """An action of an active plan, with everybody who can hear of one."""
    plan = make.plan(state="active", owner=people["plan_owner"]["id"])
    return make.action(make.recommendation(plan), timescale="March 2022", leads=[
        {"lead": people["lead"]["id"]}, {"lead": people["cabinet_member"]["id"], "role": "cabinet_member"}])


@pytest.fixture
def read(api, bob):
    def get(action, at=AT):
        answer = api.get(f"/v1/actions/{action['id']}/reminders?at={at}", bob)
        assert answer.status_code == 200, answer.text
        return answer.json()
    return get


def test_it_tells_what_is_next_for_everybody_who_hears_of_it(read, made, people):
    told = read(made)
    assert (told["action"], told["reference"], told["sending_day"]) == (made["id"], made["reference"], "2022-03-24")
    rows = [(one["role"], one["lead"], one["state"], one["day"], one["stage"], one["to"]) for one in told["next"]]
    assert rows == [
        ("lead", people["lead"]["id"], "scheduled", "2022-03-24", "-7", "lead@example.org"),
        ("manager", people["manager"]["id"], "scheduled", "2022-04-14", "+14", "manager@example.org"),
        ("cabinet_member", people["cabinet_member"]["id"], "scheduled", "2022-04-28", "+28", "member@example.org"),
        ("plan_owner", people["plan_owner"]["id"], "scheduled", "2022-04-28", "+28", "owner@example.org")]
    assert told["next"][0]["why"] == f"7 days before 31 March 2022; you lead action {made['reference']}"


def test_it_tells_what_was_sent_and_what_was_not(read, made, people, outbox):
    lead = people["lead"]
    message = outbox.message(lead, message_id="<1@x>", to_name="Lisa", to_address="lisa@x.example",
                             via_lead_id=lead["id"], sent_at="2022-03-24T08:30:00Z")
    sent = outbox.reminder(made, lead, state="sent", message_id=message)
    gone = outbox.reminder(made, lead, day="2022-03-03", offset=-28, state="suppressed", reason="an update")
    told = read(made)
    [one] = told["sent"]
    assert (one["id"], one["message"], one["message_id"], one["to"], one["to_name"], one["via"], one["sent_at"]) == \
        (sent, message, "<1@x>", "lisa@x.example", "Lisa", lead["id"], "2022-03-24T08:30:00.000Z")
    assert [(one["id"], one["state"], one["reason"], one["message_id"]) for one in told["not_sent"]] == \
        [(gone, "suppressed", "an update", None)]
    assert (told["next"][0]["day"], told["next"][0]["stage"]) == ("2022-03-30", "-1")


def test_it_tells_why_a_repeat_is_left_out(read, made, people, database):
    database.execute("INSERT INTO update (action_id, note, author, lead_id, created_at) VALUES (%s, 'On it', 'Lisa', %s,"
                     " '2022-04-05T12:00:00Z')", (made["id"], people["lead"]["id"]))
    first = read(made, "2022-04-08T07:00:00Z")["next"][0]
    assert (first["day"], first["stage"]) == ("2022-04-19", "+15")  # +8 is silenced, Easter is in between
    assert "stage +8 is left out" in first["why"]


@pytest.mark.parametrize("ladder,role,code", [
    ([{"offset_days": -7, "audience": ["lead"]}], "manager", "no_stage"),
    ([{"offset_days": -7, "audience": ["lead"]}], "lead", None),
    ([], "lead", "no_stage")])
def test_it_tells_why_there_is_none(api, alice, read, made, ladder, role, code):
    api.put(f"/v1/plans/{made['plan']}/ladder", alice, if_match="*", json={"stages": ladder})
    item = next(one for one in read(made)["next"] if one["role"] == role)
    assert item["code"] == code


def test_after_the_last_stage_there_is_none(api, alice, read, made, people, outbox):
    api.put(f"/v1/plans/{made['plan']}/ladder", alice, if_match="*",
            json={"stages": [{"offset_days": -7, "audience": ["lead"]}]})
    outbox.reminder(made, people["lead"], state="suppressed")
    item = read(made, "2022-03-25T09:00:00Z")["next"][0]
    assert (item["state"], item["code"], item["day"]) == ("exempt", "no_stage_left", None)


def test_who_cannot_be_reached_is_told(api, carol, read, made, people):
    for name in ("lead", "manager", "plan_owner"):
        assert api.patch(f"/v1/leads/{people[name]['id']}", carol, if_match="*", json={"email": None}).status_code == 200
    items = {one["role"]: one for one in read(made)["next"]}
    assert (items["lead"]["state"], items["lead"]["code"], items["lead"]["to"]) == ("unroutable", "no_address", None)
    assert items["lead"]["day"] == "2022-03-24" and items["lead"]["fix"]
    assert items["cabinet_member"]["state"] == "scheduled"


def test_who_is_away_is_told_of_on_coming_back(api, carol, read, made, people):
    for name in ("lead", "manager", "plan_owner"):
        body = {"away_from": "2022-03-01", "away_until": "2022-03-27"} if name == "lead" else {"email": None}
        assert api.patch(f"/v1/leads/{people[name]['id']}", carol, if_match="*", json=body).status_code == 200
    items = [one for one in read(made)["next"] if one["role"] == "lead"]
    assert [(one["state"], one["day"]) for one in items] == [("unroutable", "2022-03-24")]


@pytest.mark.parametrize("change,code", [({"status": "complete"}, "action_complete"), ({"status": "on_hold"}, "on_hold")])
def test_nobody_hears_of_what_is_not_chased(api, alice, read, made, change, code):
    api.patch(f"/v1/actions/{made['id']}", alice, if_match="*", json=change)
    assert {(one["state"], one["code"], one["deadline"]) for one in read(made)["next"]} == {("exempt", code, None)}


def test_nobody_hears_of_a_draft(make, read, people):
    action = make.action(make.recommendation(make.plan()), timescale="March 2022", leads=[{"lead": people["lead"]["id"]}])
    assert {(one["state"], one["code"]) for one in read(action)["next"]} == {("exempt", "plan_draft")}


def test_what_cannot_be_read_is_told(make, read, people):
    action = make.action(make.recommendation(make.plan(state="active")), timescale="TBC",
                         leads=[{"lead": people["lead"]["id"]}])
    assert {(one["state"], one["code"]) for one in read(action)["next"]} == {("unreadable", "timescale_unreadable")}


def test_each_open_deadline_has_its_own(make, read, people):
    action = make.action(make.recommendation(make.plan(state="active")), timescale="December 2021 Review – March 2022",
                         leads=[{"lead": people["lead"]["id"]}])
    told = [(one["label"], one["due_on"]) for one in read(action)["next"] if one["role"] == "lead"]
    assert told == [(None, "2021-12-31"), ("Review", "2022-03-31")]


def test_its_tag_holds_while_nothing_changes(api, bob, alice, made):
    path = f"/v1/actions/{made['id']}/reminders"
    tag = api.get(path, bob).headers["ETag"]
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 304
    api.patch(f"/v1/actions/{made['id']}", alice, if_match="*", json={"status": "complete"})
    assert api.get(path, bob, headers={"If-None-Match": tag}).status_code == 200


def test_outside_the_keys_plans_there_is_none(api, made, make, limited):
    assert api.get(f"/v1/actions/{made['id']}/reminders", limited(make.plan())).status_code == 404
