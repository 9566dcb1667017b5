"""Mail leaves encrypted or not at all: certificates that are wrong, a server that offers no encryption, one that breaks
it off. Each is retried, says why, and once the server is mended the message arrives, once."""
import pytest

from support.certificate import MAIL_HOST, Certificate
from support.invariants import check_delivery
from support.mail import MailSink
from support.oracle_mail import ScriptedServer, line
from support.oracle_small import MINUS_7, Crowd, due_again

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
ADDRESS = "post1@example.org"
KINDS = ("starttls", "smtps")


@pytest.fixture(scope="module")
def certificates():
    """The right one, and others; all but one by the authority that the notifier trusts."""
    good = Certificate(MAIL_HOST)
    made = {"good": good, "expired": Certificate(MAIL_HOST, days=-1, by=good),
            "of another name": Certificate("mail.example.org", by=good), "of another authority": Certificate(MAIL_HOST)}
    yield made
    for one in made.values():
        one.remove()


@pytest.fixture
def serve(certificates):
    """Starts a mail server that encrypts; all are stopped at the test's end."""
    started = []

    def start(kind, which="good", **how):
        started.append(MailSink(kind, certificates[which], **how))
        return started[-1]
    yield start
    for one in started:
        one.stop()


@pytest.fixture
def once(notifier, certificates):
    """A pass that trusts the authority, to the URL of a server."""
    def run(url, **settings):
        notifier.once(MINUS_7, GT_MAIL_URL=url, GT_MAIL_CA_FILE=certificates["good"].ca, **settings)
    return run


def last_attempt(crowd):
    return crowd.sql("SELECT outcome, curl_code, body_at IS NOT NULL, detail FROM attempt ORDER BY message_id, n")[-1]


def expect_held_back(crowd, *words):
    """Nothing has left, it will be tried again, and the record says why."""
    [(state, uncertain, due)] = crowd.sql("SELECT state::text, uncertain, next_at > clock_timestamp() FROM message")
    assert (state, uncertain, due) == ("retry", 0, True)
    outcome, _, body_left, detail = last_attempt(crowd)
    assert outcome in ("channel", "retry") and not body_left
    assert any(word in detail.lower() for word in words), detail


def expect_delivered_once(crowd, once, sink, **settings):
    due_again(crowd)
    once(sink.url, **settings)
    assert crowd.count("sent") == 1
    assert check_delivery(crowd, sink.mails) == {ADDRESS: 1}
    assert sink.mails[0].tls


@pytest.mark.parametrize("kind", KINDS)
def test_encrypted_and_by_password(database, serve, once, kind):
    crowd = Crowd(database, 1)
    sink = serve(kind, login=("robot", "pass word"))
    expect_delivered_once(crowd, once, sink, GT_MAIL_PASSWORD="pass word")
    assert sink.mails[0].login == "robot"
    assert {encrypted for phase, encrypted in sink.commands if phase != "ehlo"} == {True}


@pytest.mark.parametrize("which", ["expired", "of another name", "of another authority"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_certificate(database, serve, once, kind, which):
    crowd = Crowd(database, 1)
    wrong = serve(kind, which)
    once(wrong.url)
    expect_held_back(crowd, "certificate")
    assert last_attempt(crowd)[1] == 60
    assert wrong.mails == [] and {phase for phase, _ in wrong.commands} <= {"ehlo"}, "not a word about anybody was said"
    expect_delivered_once(crowd, once, serve(kind))


def test_a_wrong_password(database, serve, once):
    crowd = Crowd(database, 1)
    sink = serve("starttls", login=("robot", "right"))
    once(sink.url, GT_MAIL_PASSWORD="wrong")
    expect_held_back(crowd, "login", "authentication", "535")
    assert "wrong" not in last_attempt(crowd)[3] and sink.mails == []
    expect_delivered_once(crowd, once, sink, GT_MAIL_PASSWORD="right")


# What a server, or somebody between, makes of the wish for encryption.
STRIPPED = {
    "not offered": ("250 sink", None),
    "offered and refused": ("250-sink\r\n250 STARTTLS", "454 4.7.0 not available"),
    "not known": ("250-sink\r\n250 STARTTLS", "502 5.5.1 what?"),
    "broken off": ("250-sink\r\n250 STARTTLS", "220 go ahead\r\nthis is no handshake"),
}


@pytest.mark.parametrize("how", STRIPPED)
def test_encryption_taken_away(database, serve, once, how):
    offer, answered = STRIPPED[how]
    heard = []

    def script(reader, answer, _number):
        answer("220 sink")
        while True:
            heard.append(line(reader))
            verb = heard[-1][:8].upper()
            if verb == b"STARTTLS":
                answer(answered)
            else:
                answer(offer if verb.startswith(b"EHLO") else "250 ok")
    crowd = Crowd(database, 1)
    server = ScriptedServer(script)
    once(f"smtp://robot@{MAIL_HOST}:{server.port}", GT_MAIL_PASSWORD="pass word")
    server.stop()
    expect_held_back(crowd, "tls", "ssl", "starttls")
    said = b"\n".join(heard).upper()
    assert heard and b"MAIL" not in said.split() and b"AUTH" not in said, heard
    expect_delivered_once(crowd, once, serve("starttls"))


def test_encryption_that_is_not_wanted_is_not_used(database, once, mail):
    """?tls=none is the operator's own word, for a relay in the same house."""
    crowd = Crowd(database, 1)
    once(f"smtp://{MAIL_HOST}:{mail.port}?tls=none")
    assert crowd.count("sent") == 1 and not mail.mails[0].tls
    assert check_delivery(crowd, mail.mails) == {ADDRESS: 1}


def test_a_port_that_speaks_no_tls(database, serve, once, mail):
    crowd = Crowd(database, 1)
    once(f"smtps://{MAIL_HOST}:{mail.port}", GT_SMTP_REPLY_TIMEOUT_SECONDS=1)
    expect_held_back(crowd, "tls", "ssl", "gnutls", "handshake")
    assert mail.mails == []
    expect_delivered_once(crowd, once, serve("smtps"))
