"""The email as it came over the wire, read by Python's own parser: nothing wrong with its form, nothing missing from
its words, the same facts in both parts."""

import datetime
import email
import email.policy
import email.utils
import hashlib
import html.parser
import re
from email.header import decode_header, make_header

import pytest

from support.oracle_mail import html_of, reminders_in, text_of
from support.oracle_small import (DIRECTOR, MEMBER, MINUS_7, OFFICE, ROADS, SLUG, due_again, messages, only_action,
                                  small, states)

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
STRICT = email.policy.SMTP + email.policy.strict

WELSH = "Cyfarwyddwr Lle a’r Amgylchedd – Tŷ’r Sir"
SIAN = "Siân Ŵyn-Llŷr"
LONG = " ".join(f"word{n}" for n in range(40))[:199] + "."
UNBROKEN = "https://example.org/" + "a" * 1200
DESCRIPTIONS = {
    "plain": "Mend the potholes of Mill Lane.",
    "two hundred characters": LONG,
    "dots at line starts": ".\n..\n.hidden\n...three\nend.",
    "a line of 1,200 characters": UNBROKEN,
    "Welsh": "Trwsio’r tyllau yn Heol y Felin; gŵyl, tŷ, dŵr, Llŷn, ê, î, ô, û, ŷ, ẅ.",
    "emoji": "Mend \U0001f6a7 with \U0001f469\u200d\U0001f527 and \U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c"
             "\U000e0073\U000e007f.",
    "right to left": "تحسين الطرق by March; שיפור הכבישים.",
    "markup": "<script>alert(1)</script> & <b>bold</b> \"quoted\" 'single' </blockquote> &amp; {{subject}} {{{why}}}",
    "equals and trailing spaces": "a=3D b == c=\nspaces at the end   \n\ttab\n=?utf-8?q?not_a_word?=",
    "looks like MIME": "--=_gt-1.2022-03-24\nContent-Type: text/html\n\nFrom here on\nSubject: no",
    "only an ellipsis": "…",
}


class Reader(html.parser.HTMLParser):
    """What a person sees of the HTML, and what tags and links it has."""

    def __init__(self, source):
        super().__init__()
        self.seen, self.tags, self.links, self.hidden = [], [], [], 0
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "background", "action")]
        assert not any(name.startswith("on") for name, _ in attrs), attrs

    def handle_data(self, data):
        self.seen.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.seen).split())


def flat(text):
    return " ".join(text.split())


def one_mail(database, notifier, mail, change=None):
    """Sends the reminder of action 1.1 to its lead, seven days before."""
    def only_lead(data):
        only_action(data)
        if change:
            change(data)
    small(database, only_lead)
    notifier.once(MINUS_7)
    [received] = mail.accepted
    return received


def described(words):
    def change(data):
        data["plans"][SLUG]["actions"]["1.1"]["description"] = words
    return change


def parsed(received):
    """The message by the strictest parser, every header looked at, no defect anywhere."""
    message = email.message_from_bytes(received.bytes, policy=STRICT)
    for part in message.walk():
        assert part.defects == []
        for name, value in part.items():
            assert value.defects == (), (name, value.defects)
            str(value)
        if not part.is_multipart():
            part.get_content()
    return message


def expect_form(received):
    """What holds for the bytes of every email."""
    raw = received.bytes
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "CRLF only"
    assert not re.search(rb"[^\t\r\n\x20-\x7e]", raw), "seven bits, no control characters"
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    head = raw.split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0].lower() for line in re.sub(rb"\r\n[ \t]", b" ", head).split(b"\r\n")]
    assert len(names) == len(set(names)), "each header once"
    message = parsed(received)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert {part.get_content_charset() for part in message.iter_parts()} == {"utf-8"}
    assert {part["Content-Transfer-Encoding"] for part in message.iter_parts()} <= {"quoted-printable", "base64"}
    return message


def expect_facts(message, facts):
    text, seen = flat(text_of(message).replace("\r\n> ", "\n")), Reader(html_of(message)).text
    for fact in facts:
        assert flat(fact) in text, f"text: {fact!r}"
        assert flat(fact) in seen, f"html: {fact!r}"


# ---------------------------------------------------------------------------- form and headers

def test_headers(database, notifier, mail):
    received = one_mail(database, notifier, mail)
    message = expect_form(received)
    assert received.recipients == ["roads@example.org"] and received.sender == "goldenthread@example.org"
    assert str(message["From"]) == "Golden Thread <goldenthread@example.org>"
    assert str(message["To"]) == "Ann Tarmac <roads@example.org>"
    assert str(message["Reply-To"]) == "Flo Gantt <office@example.org>", "the plan's owner"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["MIME-Version"] == "1.0"
    suppressed = {word.strip() for word in message["X-Auto-Response-Suppress"].split(",")}
    assert suppressed == {"OOF", "AutoReply"}, "bounces are wanted"
    assert "1.1" in message["Subject"] and "31 March 2022" in message["Subject"]
    sent = message["Date"].datetime
    assert sent.tzinfo and abs(datetime.datetime.now(datetime.timezone.utc) - sent) < datetime.timedelta(minutes=5)
    assert re.fullmatch(r"<[^<>@\s]+@example\.org>", message["Message-ID"])
    assert not set(map(str.lower, message.keys())) & {"bcc", "cc", "list-unsubscribe", "precedence", "x-mailer"}


def test_what_was_sent_is_what_was_kept(database, notifier, mail):
    received = one_mail(database, notifier, mail)
    [kept] = database.rows("SELECT mime, mime_sha256, message_id, subject FROM message")
    assert bytes(kept["mime"]) == received.bytes
    assert bytes(kept["mime_sha256"]) == hashlib.sha256(received.bytes).digest()
    assert kept["message_id"] == received.message["Message-ID"] and kept["subject"] == received.message["Subject"]


def test_the_owner_is_not_asked_to_answer_to_themselves(database, notifier, mail):
    def change(data):
        data["plans"][SLUG]["actions"]["1.1"]["assignments"] = {OFFICE: "lead"}
    message = expect_form(one_mail(database, notifier, mail, change))
    assert "Reply-To" not in message


def test_it_names_who_why_when_what_and_whom_to_ask(database, notifier, mail):
    message = expect_form(one_mail(database, notifier, mail))
    expect_facts(message, [
        "Ann Tarmac", ROADS, "1.1", "31 March 2022", "Mend the potholes of Mill Lane.", "By end of March 2022",
        "Recommendation 1", "In progress", MEMBER, "you lead", "7 days before", "Flo Gantt", "office@example.org",
        "Roads improvement plan", "St Helens Borough Council"])
    assert reminders_in(text_of(message)) == [("1.1", "31 March 2022")]


@pytest.mark.parametrize("days, said, not_said", [
    (28, "in 28 days", "overdue"), (7, "in 7 days", "overdue"), (1, "due tomorrow", "overdue"),
    (0, "due today", "overdue"), (-1, "was due yesterday", "due today"), (-8, "8 days ago", "due today")])
def test_the_day_in_plain_words(database, notifier, mail, days, said, not_said):
    def change(data):
        data["plans"][SLUG]["actions"]["1.1"]["deadlines"][0]["due_on"] = (
            datetime.date(2022, 3, 24) + datetime.timedelta(days=days))
    message = expect_form(one_mail(database, notifier, mail, change))
    for part in (text_of(message), Reader(html_of(message)).text):
        assert said in flat(part).lower() and not_said not in flat(part).lower()
    assert ("overdue" in message["Subject"]) == (days < 0)


def test_a_single_reminder_reads_as_one(database, notifier, mail):
    text = text_of(expect_form(one_mail(database, notifier, mail)))
    assert "Overdue\n" not in text and "1 action" not in text


def test_several_are_counted_and_parted(database, notifier, mail):
    def change(data):
        actions = data["plans"][SLUG]["actions"]
        actions["1.3"] = {**actions["1.1"], "description": "Sweep the gutters.",
                          "deadlines": [{"revision": 1, "due_on": datetime.date(2022, 3, 22), "label": "Phase 1"}]}
    live = small(database, change)
    live.reassign(SLUG, "1.3", {ROADS: "lead"})
    notifier.once(MINUS_7)
    [received] = mail.to("roads@example.org")
    message = expect_form(received)
    expect_facts(message, ["22 March 2022", "31 March 2022", "Phase 1", "Sweep the gutters.", "Overdue", "Due soon",
                           "Roads improvement plan",
                           "Mend the potholes of Mill Lane.", "Paint the crossings of Church Street."])
    assert "1 overdue" in message["Subject"] and "2 actions due soon" in message["Subject"]


def test_each_audience_is_told_its_own_reason(database, notifier, mail):
    def change(data):
        data["plans"][SLUG]["actions"]["1.1"]["deadlines"][0]["due_on"] = datetime.date(2022, 2, 23)
    small(database, change)
    notifier.once(MINUS_7)
    for address, why in (("roads@example.org", "you lead"), ("director@example.org", "you manage the "),
                         ("cllr.bus@example.org", "you are the cabinet member for"),
                         ("office@example.org", "you own the plan that includes")):
        [received] = mail.to(address)
        expect_facts(expect_form(received), ["23 February 2022"])
        for part in (text_of(received.message), Reader(html_of(received.message)).text):
            assert why in flat(part).lower(), address
    assert DIRECTOR in mail.to("director@example.org")[0].text


def test_no_tracking_and_nothing_that_runs(database, notifier, mail):
    def change(data):
        data["plans"][SLUG]["source_url"] = "https://www.sthelens.gov.uk/plan?a=1&b=2"
    message = expect_form(one_mail(database, notifier, mail, change))
    seen = Reader(html_of(message))
    assert not set(seen.tags) & {"img", "script", "iframe", "object", "embed", "form", "link", "svg", "video", "audio"}
    assert "url(" not in html_of(message) and "@import" not in html_of(message)
    assert set(seen.links) == {"mailto:office@example.org", "https://www.sthelens.gov.uk/plan?a=1&b=2"}
    assert "https://www.sthelens.gov.uk/plan?a=1&b=2" in text_of(message)
    assert re.search(r'<html[^>]* lang="en"', html_of(message)) and "<title>" in html_of(message)


# ---------------------------------------------------------------------------- hard words

@pytest.mark.parametrize("words", DESCRIPTIONS.values(), ids=DESCRIPTIONS)
def test_the_published_words_arrive_as_they_are(database, notifier, mail, words):
    message = expect_form(one_mail(database, notifier, mail, described(words)))
    text = text_of(message).replace("\r\n", "\n")
    lines = [line.rstrip() for line in words.split("\n") if line.strip()]
    for line in lines:
        assert f"> {line}\n" in text, line
    expect_facts(message, lines)
    assert "script" not in Reader(html_of(message)).tags
    assert reminders_in(text)[0] == ("1.1", "31 March 2022")


def names_of(received, header):
    """By the older of Python's two readers: the newer (3.11) keeps the space between two encoded words of a name,
    against RFC 2047 section 6.2, so it is only asked where there is one."""
    raw = email.message_from_bytes(received.bytes, policy=email.policy.compat32)[header]
    name, address = email.utils.parseaddr("".join(raw.splitlines()))
    if raw.count("=?utf-8?") <= 1:
        [newer] = parsed(received)[header].addresses
        assert (newer.display_name, newer.addr_spec) == (str(make_header(decode_header(name))), address)
    return str(make_header(decode_header(name))), address


@pytest.mark.parametrize("holder", [SIAN, "O'Brien, Pat", 'Jo "Joe" Smith', "Ann (acting)", "山田太郎", "x" * 200,
                                    "Ŵ" * 100, "=?utf-8?q?trick?=", "a@b.example.org", "Ann;Bob:<c>", "😀" * 40,
                                    "Jean-Luc d’Arc-en-Ciel y Wern"],
                         ids=lambda name: name[:12])
def test_names_survive(database, notifier, mail, holder):
    def change(data):
        data["leads"][ROADS]["holder"] = holder
        data["leads"][OFFICE]["holder"] = holder[::-1]
    received = one_mail(database, notifier, mail, change)
    message = expect_form(received)
    assert names_of(received, "To") == (holder, "roads@example.org")
    assert names_of(received, "Reply-To") == (holder[::-1], "office@example.org")
    assert received.recipients == ["roads@example.org"]
    expect_facts(message, [holder])


def test_welsh_posts_and_plans_survive(database, notifier, mail):
    def change(data):
        data["leads"][WELSH] = {"holder": SIAN, "email": "lle@example.org"}
        plan = data["plans"][SLUG]
        plan.update(title="Cynllun gwella’r ffyrdd – Blaenau’r Cŵm", organisation="Cyngor Sir Ynys Môn")
        plan["actions"]["1.1"].update(assignments={WELSH: "lead"}, timescale="Erbyn diwedd Mawrth 2022",
                                      recommendation="Dylai’r Cyngor drwsio’r ffyrdd.")
    message = expect_form(one_mail(database, notifier, mail, change))
    expect_facts(message, [WELSH, SIAN, "Cynllun gwella’r ffyrdd – Blaenau’r Cŵm", "Cyngor Sir Ynys Môn",
                           "Erbyn diwedd Mawrth 2022", "Dylai’r Cyngor drwsio’r ffyrdd."])


def test_names_cannot_turn_the_line_around(database, notifier, mail):
    def change(data):
        data["leads"][ROADS]["holder"] = "Ann\u202e gro.live\u202c \u2066Tarmac\u2069"
    message = expect_form(one_mail(database, notifier, mail, change))
    assert message["To"].addresses[0].display_name == "Ann gro.live Tarmac"


# ---------------------------------------------------------------------------- injection

# Past every rule of the schema: as if somebody with the owner's rights, or a fault of ours, had put it there.
def tamper(database, column, value):
    database.execute("ALTER DOMAIN one_line DROP CONSTRAINT one_line_check")
    database.execute("ALTER DOMAIN email DROP CONSTRAINT email_check")
    database.execute(f"UPDATE lead SET {column} = %s WHERE name = %s", (value, ROADS))


@pytest.mark.parametrize("address", [
    "roads@example.org\r\nBcc: thief@example.org", "roads@example.org\nDATA", "roads@example.org>\r\nRSET",
    "roads@example.org, thief@example.org", "<roads@example.org>", "roads@example.org\x01",
    "roads@exa mple.org", "@example.org", "roads@", "rŵads@example.org"])
def test_a_poisoned_address_is_refused_and_recorded(database, notifier, mail, address):
    live = small(database)
    live.reassign(SLUG, "1.2", {DIRECTOR: "lead"})
    tamper(database, "email", address)
    for _ in range(2):
        notifier.once(MINUS_7)
        due_again(live)
    assert [one.recipients for one in mail.mails] == [["director@example.org"]], "and nobody else's is held up"
    [message] = [one for one in messages(live) if one["lead"] == ROADS]
    assert message["state"] == "failed" and message["reason"]
    assert states(live)["1.1", "2022-03-31", ROADS, -7] == "failed"
    attempts = database.rows("SELECT outcome, body_at, detail FROM attempt a JOIN message m ON m.id = a.message_id"
                             " JOIN lead l ON l.id = m.lead_id WHERE l.name = %s", (ROADS,))
    assert [(one["outcome"], one["body_at"]) for one in attempts] == [("refused", None)] and attempts[0]["detail"]


@pytest.mark.parametrize("holder", ["Ann\r\nBcc: thief@example.org", "Ann\nX: y", "Ann\rTarmac", "Ann\x07",
                                    "Ann\u0085Tarmac"])
def test_a_poisoned_name_does_not_reach_a_header(database, notifier, mail, holder):
    live = small(database)
    live.reassign(SLUG, "1.2", {DIRECTOR: "lead"})
    tamper(database, "holder", holder)
    notifier.once(MINUS_7)
    assert mail.to("roads@example.org") == []
    assert [one.recipients for one in mail.mails] == [["director@example.org"]]
    [message] = [one for one in messages(live) if one["lead"] == ROADS]
    assert message["state"] in ("failed", "retry") and message["attempts"] == 1
    assert database.value("SELECT detail FROM attempt a JOIN message m ON m.id = a.message_id JOIN lead l"
                          " ON l.id = m.lead_id WHERE l.name = %s", (ROADS,))


def test_the_schema_itself_refuses_them(database):
    live = small(database)
    for column, value in (("email", "a@example.org\r\nBcc: b@example.org"), ("holder", "Ann\r\nBcc: b@example.org"),
                          ("name", "Head\nof"), ("email", "a@example.org, b@example.org")):
        with pytest.raises(Exception, match="violates check constraint"):
            live.sql(f"UPDATE lead SET {column} = %s WHERE name = %s", value, ROADS)
