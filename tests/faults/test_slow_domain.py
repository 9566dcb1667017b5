"""A server that hangs for the recipients of one domain: everybody else's mail goes out meanwhile."""
from collections import Counter

from support import programs
from support.oracle_small import MINUS_7, Crowd, due_again

SLOW, OTHERS = 200, 20
BOUND_S = 30  # half of what a bad peer may cost others


def expect_all_sent(live, mail):
    """The server has no trouble any more, and the waits are over, of what is given back late as well."""
    def sent():
        due_again(live)
        return live.count("sent") == SLOW + OTHERS
    programs.wait_until(sent, "all are sent", BOUND_S)
    copies = Counter(address for one in mail.accepted for address in one.recipients)
    assert len(copies) == SLOW + OTHERS and set(copies.values()) == {1}


def test_one_domain_hangs(database, notifier, mail):
    """Its messages are due first, and more of them than a notifier keeps in hand."""
    live = Crowd(database, SLOW + OTHERS)
    live.sql("UPDATE lead SET email = 'post' || id || '@slow.example' WHERE id <= %s", SLOW)
    hold = mail.hold("rcpt", match="@slow.example", times=None)
    notifier.start("--at", MINUS_7, GT_MAIL_WORKERS=4, GT_POLL_SECONDS=1)
    accepted = mail.wait_for(OTHERS, BOUND_S)
    assert not any("slow.example" in address for one in accepted for address in one.recipients)
    assert hold.arrived.is_set()
    programs.wait_until(lambda: live.one("SELECT count(*) FROM attempt WHERE outcome = 'released'") > 0,
                        "what is too much to keep was given back", BOUND_S)

    hold.release()
    mail.behave()
    expect_all_sent(live, mail)
    # What was given back untried was no attempt.
    assert live.sql("SELECT DISTINCT n, outcome FROM attempt") == [(1, "sent")]
    assert live.sql("SELECT DISTINCT attempts FROM message") == [(1,)]


def test_one_domain_hangs_that_had_answered(database, notifier, mail):
    """By then it has all the threads that a domain may have; one is left."""
    live = Crowd(database, SLOW + OTHERS)
    live.sql("UPDATE lead SET email = 'post' || id || '@slow.example' WHERE id <= %s", SLOW)
    mail.delay("body", 0.01, match="@slow.example")
    notifier.start("--at", MINUS_7, GT_MAIL_WORKERS=4, GT_POLL_SECONDS=1)
    mail.wait_for(SLOW // 4)
    hold = mail.hold("rcpt", match="@slow.example", times=None)
    programs.wait_until(lambda: sum("@example.org" in address for one in mail.accepted for address in one.recipients)
                        == OTHERS, "everybody else's mail went out", BOUND_S)
    assert len(mail.accepted) < SLOW + OTHERS
    hold.release()
    mail.behave()
    expect_all_sent(live, mail)
