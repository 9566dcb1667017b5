"""The network cuts the connection to a webhook's endpoint at each step, or falls silent: the event comes all the same, and
twice only where the first post had been taken and its answer was lost."""
import contextlib
import itertools
import time

from support.invariants import check_events
from support.proxy import CUT, STALL, Proxy, Step

AT = "2022-01-01T12:00:00Z"
SENDS = 4  # the hello, the end of the handshake, the head, the body


def connected(_link, from_client, data):
    return from_client and not data


def nth_of_link(number):
    """The nth time that the client of this connection sends."""
    def seen(link, from_client, data):
        link.sends = getattr(link, "sends", 0) + bool(from_client and data)
        return from_client and data and link.sends == number
    return seen


def path(name):
    return "-".join(map(str, name))


def test_at_each_step(posting, hooks, receiver):
    """Each on an endpoint of its own, all at once: the silent ones last as long as an answer is waited for."""
    steps = {(act, "connect", "nothing"): Step(connected, act) for act in (CUT, STALL)}
    steps |= {(act, number, passes): Step(nth_of_link(number), act, passes)
              for act, number, passes in itertools.product((CUT, STALL), range(1, SENDS + 1), ("nothing", "half", "all"))}
    with contextlib.ExitStack() as ends:
        hook_of = {}
        for name, step in steps.items():
            proxy = Proxy(receiver.port)
            ends.callback(proxy.stop)
            proxy.fail(step)
            hook_of[name] = (hooks.add(f"https://localhost:{proxy.port}/{path(name)}"), proxy)
            hooks.test(hook_of[name][0])
        started = time.monotonic()
        posting.once(AT)
        assert time.monotonic() - started < 16, "they waited side by side"
        taken = {post.path.strip("/") for post in receiver.posts}
        met = [name for name, (_, proxy) in hook_of.items() if proxy.met.is_set()]
        assert {name[1] for name in met} >= {"connect", 1, 2, 3}, "up to the request itself"
        lost = []
        for name in met:
            [attempt] = hooks.attempts(hook_of[name][0])
            arrived = path(name) in taken
            # The last thing that is sent is the goodbye, after the answer.
            assert attempt["outcome"] in (("uncertain", "sent") if arrived else ("uncertain", "retry")), (name, attempt["detail"])
            assert attempt["outcome"] == "retry" or name[1] not in ("connect", 1), f"{name}: surely nothing was posted"
            if arrived and attempt["outcome"] == "uncertain":
                lost.append(name)
        assert {name[0] for name in lost} == {CUT, STALL}, "answers were lost"
        for _, proxy in hook_of.values():
            proxy.sever()
        hooks.due_again()
        posting.once(AT)
        assert hooks.states() == {"sent": len(steps)}
        copies = check_events(hooks, receiver.posts)
        print(f"{len(met)} steps met, {len(lost)} answers lost")
        assert sum(copies.values()) == len(steps) + len(lost)
