"""The network cuts the conversation with a mail server, or falls silent, at each of its steps: a second copy exists only
where the first had left whole and its answer was lost, and then the record says so."""
import collections
from types import SimpleNamespace

import pytest

from support.certificate import MAIL_HOST, Certificate
from support.invariants import check_delivery
from support.mail import MailSink
from support.oracle_small import MINUS_7, Crowd, due_again, plan_only
from support.proxy import CUT, STALL, Proxy, Step

# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
END = b"\r\n.\r\n"


def connected(_link, from_client, data):
    return from_client and not data


def greeted(_link, from_client, data):
    return not from_client and data.startswith(b"220")


def says(verb):
    return lambda _link, from_client, data: from_client and data.upper().startswith(verb)


def in_the_body(link, from_client, _data):
    return from_client and link.answered.rstrip().rpartition(b"\n")[2].startswith(b"354")


def ends_the_body(link, from_client, data):
    return in_the_body(link, from_client, data) and (link.sent + data).endswith(END)


def begins_tls(link, from_client, _data):
    return from_client and link.sent.upper().endswith(b"STARTTLS\r\n")


# When, how much of that moment still arrives, and what is recorded. UNSENT: no byte of the body has left.
UNSENT = {"retry", "channel"}
STEPS = {
    "connect": (connected, "nothing", UNSENT),
    "banner": (greeted, "half", UNSENT),
    "EHLO": (says(b"EHLO"), "nothing", UNSENT),
    "EHLO's answer": (says(b"EHLO"), "all", UNSENT),
    "MAIL": (says(b"MAIL"), "nothing", UNSENT),
    "MAIL's answer": (says(b"MAIL"), "all", UNSENT),
    "RCPT": (says(b"RCPT"), "nothing", UNSENT),
    "RCPT's answer": (says(b"RCPT"), "all", UNSENT),
    "DATA": (says(b"DATA"), "nothing", UNSENT),
    "DATA's answer": (says(b"DATA"), "all", UNSENT),
    "body": (in_the_body, "nothing", {"uncertain"}),
    "half a body": (in_the_body, "half", {"uncertain"}),
    "final dot's answer": (ends_the_body, "all", {"uncertain"}),
    "QUIT": (says(b"QUIT"), "nothing", {"sent"}),
    "QUIT's answer": (says(b"QUIT"), "all", {"sent"}),
}
BY_TLS = {
    "STARTTLS": (says(b"STARTTLS"), "nothing", UNSENT),
    "STARTTLS's answer": (says(b"STARTTLS"), "all", UNSENT),
    "handshake": (begins_tls, "half", UNSENT),
    "handshake's answer": (begins_tls, "all", UNSENT),
}
# Of these the server has taken a whole copy, and nobody was told.
TAKEN = ("final dot's answer",)


@pytest.fixture(scope="module")
def certificate_of_mail():
    one = Certificate(MAIL_HOST)
    yield one
    one.remove()


@pytest.fixture(params=["plain", "starttls"])
def way(request, database, notifier, mail, certificate_of_mail):
    """A mail server behind a proxy, the steps of its conversation, and a message for each of them."""
    tls = request.param == "starttls"
    sink = MailSink("starttls", certificate_of_mail) if tls else mail
    steps = BY_TLS if tls else STEPS
    proxy = Proxy(sink.port)
    notifier.settings |= {"GT_MAIL_URL": f"smtp://{MAIL_HOST if tls else '127.0.0.1'}:{proxy.port}",
                          "GT_MAIL_CA_FILE": certificate_of_mail.ca if tls else None, "GT_MAIL_WORKERS": len(steps)}
    crowd = Crowd(database, len(steps))
    plan_only(crowd, MINUS_7)
    yield SimpleNamespace(crowd=crowd, sink=sink, proxy=proxy, steps=steps, tls=tls)
    proxy.stop()
    if tls:
        sink.stop()


def attempts(crowd):
    """{address: outcomes}"""
    return dict(crowd.sql("SELECT m.to_address, array_agg(a.outcome ORDER BY a.n) FROM message m"
                          " JOIN attempt a ON a.message_id = m.id GROUP BY 1"))


def expect_all_arrive(way, notifier):
    """The network is well again."""
    way.proxy.sever()
    due_again(way.crowd)
    notifier.once(MINUS_7)
    assert way.crowd.count("sent") == len(way.steps)
    copies = check_delivery(way.crowd, way.sink.mails)
    assert all(one.tls == way.tls for one in way.sink.mails)
    taken = len(set(way.steps) & set(TAKEN))
    assert sorted(copies.values()) == [1] * (len(way.steps) - taken) + [2] * taken
    return copies


def test_cut_at_each_step(way, notifier):
    crowd, met = way.crowd, {}
    crowd.sql("UPDATE message SET next_at = 'infinity'")
    for name, (seen, passes, expected) in way.steps.items():
        crowd.sql("UPDATE message SET next_at = now() WHERE id = (SELECT min(id) FROM message WHERE state = 'queued')")
        way.proxy.fail(Step(seen, CUT, passes))
        notifier.once(MINUS_7)
        assert way.proxy.met.is_set(), f"{name}: was met"
        [address] = set(attempts(crowd)) - set(met)
        met[address] = name
        [outcome] = attempts(crowd)[address]
        assert outcome in expected, name
        assert crowd.one("SELECT last_error IS NOT NULL OR state = 'sent' FROM message WHERE to_address = %s", address), name
        taken = [one for one in way.sink.accepted if address in one.recipients]
        assert len(taken) == (name in TAKEN or outcome == "sent"), name
        crowd.sql("UPDATE message SET next_at = 'infinity' WHERE state <> 'sent'")
    copies = expect_all_arrive(way, notifier)
    assert {met[address] for address, count in copies.items() if count > 1} == set(way.steps) & set(TAKEN)


def test_silence_at_each_step(way, notifier):
    """All at once, each on a connection of its own."""
    way.crowd.spread()
    way.proxy.fail_each(Step(seen, STALL, passes) for seen, passes, _ in way.steps.values())
    notifier.once(MINUS_7, GT_SMTP_REPLY_TIMEOUT_SECONDS=3, GT_MAIL_WORKERS=len(way.steps) + 1)
    assert all(link.step is None for link in way.proxy.links) and len(way.proxy.links) == len(way.steps), "all were met"
    found = collections.Counter(outcome for [outcome] in attempts(way.crowd).values())
    expected = [next(iter(one)) for _, _, one in way.steps.values() if len(one) == 1]
    assert found["uncertain"] == expected.count("uncertain") and found["sent"] == expected.count("sent"), found
    assert set(found) <= {"uncertain", "sent"} | UNSENT and found.total() == len(way.steps)
    expect_all_arrive(way, notifier)
