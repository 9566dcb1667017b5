"""One of PostgreSQL's backends is ended in the middle of what it does: by an administrator, which concerns nobody else, or
by kill -9, upon which PostgreSQL ends all the others and recovers. Neither costs anything that was acknowledged."""
import os
import signal

import pytest

from support import programs
from support.invariants import check_delivery
from support.notifier import Notifier
from support.oracle_small import MINUS_7, Crowd, small
from support.people import create_key
from support.writer import DOWN, UP, Writer, answered, expect_kept, finish, more

WRITERS = 4
ROUNDS = {"terminate": 5, "kill": 2}
RECOVERY_S = 5
THREADS = 4
QUICK = {"GT_LEASE_SECONDS": 5, "GT_UNCERTAIN_SECONDS": 1, "GT_RETRY_SECONDS": 1, "GT_POLL_SECONDS": 1}
BACKENDS = ("SELECT pid FROM pg_stat_activity WHERE usename = %s AND backend_type = 'client backend'"
            " AND datname = current_database() ORDER BY state = 'active' DESC, query_start DESC")
USED_SINCE = ("SELECT count(*) FROM pg_stat_activity WHERE usename = 'gt_api' AND datname = current_database()"
              " AND query_start > %s")
RESTED = ("SELECT bool_and(state = 'idle' AND state_change < clock_timestamp() - interval '1.5 seconds') FROM pg_stat_activity"
          " WHERE usename = 'gt_api' AND datname = current_database()")


def end_one(own, how, role):
    """Ends the backend that was busy last. Gives its number."""
    pid = programs.wait_until(lambda: own.column(BACKENDS, (role,)), f"{role} is connected")[0]
    if how == "terminate":
        own.value("SELECT pg_terminate_backend(%s)", (pid,))
    else:
        own.close()
        os.kill(pid, signal.SIGKILL)
    return pid


def wait_back(own, cluster, gone):
    """Until PostgreSQL has noticed and takes connections again."""
    programs.wait_until(lambda: not os.path.exists(f"/proc/{gone}"), "the backend is gone")
    cluster.wait_ready()


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_the_api(own, own_api, cluster, how):
    live = small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    actions = list(live.action_ids.values())
    pid = own_api.process.pid
    writers = [Writer(own_api, key.token, actions[n % len(actions)]) for n in range(WRITERS)]
    for one in writers:
        one.start()
    for _ in range(ROUNDS[how]):
        more(writers, UP, answered(writers, UP), 15, "writes go through")
        wait_back(own, cluster, end_one(own, how, "gt_api"))
        begun = programs.time.monotonic()
        more(writers, UP, answered(writers, UP), 15, "it recovers by itself")
        assert programs.time.monotonic() - begun < RECOVERY_S
    answers = finish(writers)
    assert own_api.process.pid == pid and own_api.process.running()
    expect_kept(own, answers, 15 * ROUNDS[how])
    if how == "terminate":
        refused = sum(one.status == DOWN for one in answers)
        assert refused <= ROUNDS[how], "no more than the call whose backend it was"
    assert own.value("SELECT count(*) FROM pg_stat_activity WHERE usename = 'gt_api' AND state LIKE 'idle in transaction%%'") == 0


def test_the_api_while_it_rests(own, start_own, cluster):
    """Nothing was under way, so nobody is to hear of it. A client's connection stays with its thread."""
    live = small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    api = start_own(GT_THREADS=THREADS)
    actions = list(live.action_ids.values())
    ready = own.value("SELECT clock_timestamp()")
    writers = []

    def every_thread_writes():
        writers.append(Writer(api, key.token, actions[len(writers) % len(actions)]))
        assert writers[-1].write(f"before {len(writers)}").status_code == 201
        return own.value(USED_SINCE, (ready,)) == THREADS
    programs.wait_until(every_thread_writes, "every thread has written")
    programs.wait_until(lambda: own.value(RESTED), "all of them rest")
    gone = own.column(BACKENDS, ("gt_api",))
    for pid in gone:
        own.value("SELECT pg_terminate_backend(%s)", (pid,))
    for pid in gone:
        wait_back(own, cluster, pid)
    answers = [one.write(f"after {n}").status_code for n, one in enumerate(writers)]
    assert answers == [201] * len(writers)
    assert len(own.column(BACKENDS, ("gt_api",))) == THREADS, "each has connected anew"
    assert own.value("SELECT count(*) FROM update WHERE note LIKE 'after %%'") == len(writers)


@pytest.mark.parametrize("how", ["terminate", "kill"])
def test_the_notifier(own, tmp_path, mail, cluster, how):
    crowd = Crowd(own, 120)
    notifier = Notifier(own, tmp_path, mail.url, **QUICK)
    mail.delay("body", 0.05)
    process = notifier.start("--at", MINUS_7, GT_MAIL_WORKERS=4)
    for goal in range(10, 10 + 15 * ROUNDS[how], 15):
        programs.wait_until(lambda: len(mail.mails) >= goal, f"{goal} messages are on their way")
        wait_back(own, cluster, end_one(own, how, "gt_notifier"))
    crowd.reconnect()
    programs.wait_until(lambda: crowd.count("sent") == 120, "everything is sent", 60)
    assert process.running(), "without being started anew"
    copies = check_delivery(crowd, mail.mails)
    assert set(copies) == crowd.addresses
    print(f"{sum(crowd.uncertain().values())} attempts in doubt, {sum(copies.values()) - 120} second copies")
    process.stop()
    notifier.stop_all()
