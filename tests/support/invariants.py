"""What must hold of delivery after any fault, judged from the database and from what the mail servers, or the endpoints
of webhooks, took:

I5  every reminder (event) was accepted at least once, or is in a visible state with its reason: none is lost;
I6  copies of a message are at most one more than its recorded unknown outcomes, all the same to the byte and with
    one identity, which no other message has;
I8  one recipient's trouble keeps nobody else waiting for more than a minute.
"""
import collections
import email
import email.policy

from support import programs
from support.oracle_mail import compare_copies

OTHERS_WAIT_S = 60


def check_delivery(crowd, mails):
    """I5 and I6. mails: every body that a server took, whether or not its answer could be given.
    Gives {address: copies}."""
    copies = compare_copies([(one.recipients[0], one.bytes) for one in mails], crowd.uncertain())
    accepted = {one.recipients[0] for one in mails if one.accepted}
    told = crowd.sql("SELECT r.state::text, r.reason, m.to_address FROM reminder r LEFT JOIN message m ON m.id = r.message_id")
    assert len(told) == len(crowd.addresses), "a reminder for each deadline"
    for state, reason, address in told:
        assert (state == "sent" and address in accepted) or (state == "failed" and reason), (state, reason, address)
    ids = {}
    for one in mails:
        message = email.message_from_bytes(one.bytes, policy=email.policy.default)
        ids.setdefault(one.recipients[0], set()).add(message["Message-ID"])
    assert all(len(one) == 1 for one in ids.values()), "one identity for each message"
    assert len(set().union(*ids.values())) == len(ids), "and no two messages with the same"
    return copies


def check_events(hooks, posts):
    """I5 and I6 of events, all of which are due. posts: every post that an endpoint took, whether or not its answer could
    be given. Gives {event: copies}."""
    uncertain = collections.Counter(one["event"] for one in hooks.attempts() if one["outcome"] == "uncertain")
    copies = collections.Counter(post.id for post in posts)
    assert set(copies) == set(hooks.database.column("SELECT event_name(uid) FROM event")), "none is lost"
    over = {name: [(one["n"], one["outcome"], one["started_at"], one["finished_at"], one["detail"])
                   for one in hooks.attempts() if one["event"] == name]
            for name, count in copies.items() if count > 1 + uncertain[name]}
    assert not over, f"copies that no attempt of unknown outcome explains: {over}"
    bodies = collections.defaultdict(set)
    for post in posts:
        bodies[post.id].add(post.body)
    assert all(len(one) == 1 for one in bodies.values())
    assert hooks.database.value("SELECT count(*) FROM delivery_attempt WHERE outcome IS NULL") == 0
    return copies


def check_others_go(crowd, troubled):
    """I8. Waits until everybody but the troubled has been sent to."""
    others = len(crowd.addresses - set(troubled))
    programs.wait_until(lambda: crowd.count("sent") >= others, "the others are sent to", OTHERS_WAIT_S)
