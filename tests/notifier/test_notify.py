"""Reminders by GOV.UK Notify: what is asked of it, and how it reads."""
import hashlib
import json
import re

import pytest

from support import node
from support.notify import KEY, SERVICE, TEMPLATE
from support.oracle_small import MINUS_7, PLUS_1, ROADS, SLUG, due_again, messages, only_action, small, states

ONE = ("1.1", "2022-03-31", ROADS, -7)
REPLY_TO = "8e222534-7f05-4972-86e3-17c5d9f894e2"
# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")

OFFICIAL = """
import { createRequire } from 'node:module';
const { NotifyClient } = createRequire(process.cwd() + '/')('notifications-node-client');
const asked = JSON.parse(process.argv[1]);
const client = new NotifyClient(asked.url, asked.key);
await client.sendEmail(asked.template, asked.address, asked.options);
"""


def test_it_arrives(database, notify, by_notify):
    live = small(database, only_action)
    by_notify.once(MINUS_7)
    [post] = notify.posts
    assert post.path == "/v2/notifications/email" and notify.look_ups == []
    assert set(post.json) == {"email_address", "template_id", "personalisation", "reference"}
    assert (post.json["email_address"], post.json["template_id"]) == ("roads@example.org", TEMPLATE)
    assert post.json["personalisation"]["subject"] == "Action 1.1 is due on 31 March 2022"
    [message] = messages(live)
    assert (message["state"], message["message_id"]) == ("sent", post.json["reference"])
    assert states(live) == {ONE: "sent"}
    assert live.sql("SELECT provider_id, form FROM message") == [(notify.accepted[0]["id"], "notify")]
    assert live.sql("SELECT outcome, curl_code, reply_code, body_at IS NOT NULL FROM attempt") == [("sent", 0, 201, True)]


def test_the_reference_names_the_message_and_nobody(database, notify, by_notify):
    live = small(database)
    by_notify.once(MINUS_7)
    for post in notify.posts:
        number = live.one("SELECT id FROM message WHERE message_id = %s", post.json["reference"])
        assert re.fullmatch(rf"gt-{number}\.2022-03-24\.[0-9a-f]{{16}}", post.json["reference"])


def test_the_request_is_the_official_clients(database, notify, by_notify):
    """Both ask for the same email: the same call, with a token of the same make."""
    small(database, only_action)
    by_notify.once(MINUS_7, GT_NOTIFY_REPLY_TO_ID=REPLY_TO)
    [ours] = notify.posts
    asked = {"url": notify.url, "key": KEY, "template": TEMPLATE, "address": ours.json["email_address"],
             "options": {"personalisation": ours.json["personalisation"], "reference": ours.json["reference"],
                         "emailReplyToId": REPLY_TO}}
    node.run("node", "--input-type=module", "-e", OFFICIAL, json.dumps(asked))
    theirs = notify.posts[-1]
    assert theirs is not ours
    assert (ours.method, ours.target, ours.json) == (theirs.method, theirs.target, theirs.json)
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
    assert ours.token and theirs.token, "both signatures are right"
    assert ours.token[0] == theirs.token[0] == {"typ": "JWT", "alg": "HS256"}
    assert set(ours.token[1]) == set(theirs.token[1]) and ours.token[1]["iss"] == theirs.token[1]["iss"] == SERVICE
    assert abs(ours.token[1]["iat"] - theirs.token[1]["iat"]) <= 30
    assert len(notify.accepted) == 2


def test_what_it_says(database, notify, by_notify):
    small(database, only_action)
    by_notify.once(MINUS_7)
    body = notify.accepted[0]["body"]
    print(body)
    lines = body.splitlines()
    assert lines[0] == "Dear Ann Tarmac"
    assert "## Action 1.1" in lines and "Due in 7 days, on Thursday 31 March 2022" in lines
    assert "^ “Mend the potholes of Mill Lane.”" in lines
    assert "* Published timescale: “By end of March 2022”" in lines
    assert "reply to this email" not in body.lower(), "an answer goes to the service's address, not to the owner"
    assert "ask Flo Gantt, Programme Office, office@example.org." in body


HOSTILE = "# Free [money](https://evil.example/a) *now*\n\n- https://evil.example/b <https://evil.example/c> `x` ---\n===="


def hostile(data):
    del data["plans"][SLUG]["actions"]["1.2"]
    data["plans"][SLUG]["title"] = "https://evil.example/title *plan*"
    data["plans"][SLUG]["actions"]["1.1"].update(description=HOSTILE, timescale="[March 2022](https://evil.example/t)")
    data["leads"][ROADS]["holder"] = "# Ann [Tarmac](https://evil.example/n)"


def test_officers_words_are_only_words(database, notify, by_notify):
    """Nothing that somebody typed becomes a heading, a bullet or a link."""
    small(database, hostile)
    by_notify.once(MINUS_7)
    body = notify.accepted[0]["body"]
    assert "evil.example" in body
    assert not re.search(r"https?://", body, re.I)
    assert not re.search(r"(?<!\\)[\[\]`_]", body), body
    assert [line for line in body.splitlines() if line.startswith("#")] == ["## Action 1.1"]
    ours = ("Recommendation ", "Published timescale: ", "Status: ", "Last update: ", "Also named: ")
    assert all(line[2:].startswith(ours) for line in body.splitlines() if line.startswith("* "))
    assert not re.search(r"^\s*(?:[-+•=]|\d+\.)(?!--$)", body, re.M), body


def test_the_same_bytes_again(database, notify, by_notify):
    """Refused, tried again: what was written the first time."""
    live = small(database, only_action)
    notify.fail(500, "Exception", times=1)
    notify.fail(500, "Exception", method="GET", times=1)
    by_notify.once(MINUS_7)
    due_again(live)
    by_notify.once(MINUS_7)
    first, second = notify.posts
    assert first.bytes == second.bytes and len(notify.accepted) == 1
    assert live.one("SELECT encode(mime_sha256, 'hex') FROM message") == hashlib.sha256(first.bytes).hexdigest()


def test_changing_the_way_of_sending(database, notify, by_notify, notifier, mail):
    """An email that waits was written for a mail server: for Notify it is written again, and back again."""
    live = small(database, only_action)
    mail.refuse("rcpt", "450 4.2.0 later")
    notifier.once(MINUS_7)
    assert live.one("SELECT form FROM message") == "mime"
    notify.fail(403, "AuthError", times=1)
    due_again(live)
    by_notify.once(MINUS_7)
    assert live.one("SELECT form FROM message") == "notify"
    mail.behave()
    due_again(live)
    notifier.once(MINUS_7)
    assert len(mail.to("roads@example.org")) == 1 and notify.accepted == []
    assert live.sql("SELECT state::text, form FROM message") == [("sent", "mime")]


def test_the_api_shows_the_request(database, notify, by_notify, api, bob):
    live = small(database, only_action)
    by_notify.once(MINUS_7)
    read = api.get(f"/v1/messages/{live.one('SELECT id FROM message')}", bob).json()
    assert read["request"] == notify.posts[0].json and read["mime"] is None
    assert read["message_id"] == notify.posts[0].json["reference"]
    assert read["provider_id"] == notify.accepted[0]["id"]


WRONG = {
    "GT_NOTIFY_API_KEY": ["nonsense", f"{SERVICE}", KEY[:-1], KEY.replace("-3d", "_3d"), None],
    "GT_NOTIFY_TEMPLATE_ID": ["reminder", None],
    "GT_NOTIFY_REPLY_TO_ID": ["office@example.org"],
    "GT_NOTIFY_URL": ["http://api.notifications.service.gov.uk", "ftp://x", "https://", "https://u:p@x", "http://127.0.0.1.x"],
}


@pytest.mark.parametrize("name, value", [(name, one) for name, values in WRONG.items() for one in values])
def test_a_wrong_setting_is_named(by_notify, name, value):
    done = by_notify.run("--once", status=1, **{name: value})
    assert f"setting {name} " in done.stderr
    assert value is None or name != "GT_NOTIFY_API_KEY" or value not in done.stderr, "a secret is not shown"


def test_every_wrong_setting_is_named_at_once(by_notify):
    done = by_notify.run("--once", status=1, **{name: values[0] for name, values in WRONG.items()})
    assert all(f"setting {name} " in done.stderr for name in WRONG)


def test_nothing_of_notify_is_needed_elsewhere(database, mail, notifier):
    live = small(database, only_action)
    notifier.once(MINUS_7, GT_NOTIFY_API_KEY="nonsense", GT_NOTIFY_URL="nonsense")
    assert messages(live)[0]["state"] == "sent"


def test_a_day_later_in_todays_terms(database, notify, by_notify):
    """What could not leave on its day is written anew."""
    live = small(database, only_action)
    notify.fail(403, "AuthError")
    by_notify.once(MINUS_7)
    notify.behave()
    by_notify.once(PLUS_1)
    assert [one["state"] for one in messages(live)] == ["cancelled", "sent"]
    assert "overdue" in notify.accepted[0]["subject"]
