"""The benchmark of delivery: the outbox sent by the release build's notifier, beside Postfix's smtp-source.

python3 tests/bench/delivery.py [--messages 20000] [--rounds 3] [--only fast|slow] [--workers 8]

Each round sends as many messages of the same size by both, in turn, to the same server, so that a drift of
the machine's speed meets both; the ratio of a round is the notifier's rate over smtp-source's in it. "fast":
8 workers to Postfix's smtp-sink. "slow": 32 workers to a server that answers the end of each body 20 ms late.
smtp-source goes twice: as it comes, with a connection a message, and with -d, which keeps its connections as the
notifier keeps its own. What is told is the median, and the CPU time a message of every process. It is never a test: no figure of it
can fail a run.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("GT_BUILD_DIR", str(HERE.parents[1] / "build" / "release"))

from support import mail, programs  # noqa: E402
from support.notifier import Notifier  # noqa: E402
from support.oracle_small import MINUS_7, Crowd, plan_only  # noqa: E402
from support.postgres import Postgres  # noqa: E402

TICKS = os.sysconf("SC_CLK_TCK")
SLOW_MS = 20


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("fast", "slow"))
    return parser.parse_args()


# ---- CPU time ----

def cpu_seconds(pid):
    """What a process and its children that have ended have used."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def family_seconds(pid):
    """The same, with the children that live."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return cpu_seconds(pid) + sum(cpu_seconds(child) for child in children)


# ---- the servers ----

class SlowSink:
    """Answers each body SLOW_MS late."""

    def __init__(self, folder):
        program = Path(folder) / "slow_sink"
        subprocess.run(["cc", "-O2", "-pthread", "-o", program, HERE / "slow_sink.c"], check=True)
        self.port = programs.free_port()
        self.popen = subprocess.Popen([program, str(self.port), str(SLOW_MS)])
        programs.wait_until(lambda: mail.is_listening(self.port), "slow_sink listens", 10)

    def stop(self):
        self.popen.terminate()
        self.popen.wait(10)


# ---- one run of each ----

def run_source(sink, sessions, messages, size, folder, *options):
    """Messages a second by smtp-source, and what its process used a message."""
    command, environment = mail.postfix_program("smtp-source")
    (folder / "main.cf").touch()  # all that it wants of Postfix's settings
    environment["MAIL_CONFIG"] = str(folder)
    before = os.times()
    begun = time.monotonic()
    subprocess.run([command, *options, "-s", str(sessions), "-m", str(messages), "-l", str(size), "-f", "from@example.org",
                    "-t", "to@example.org", f"127.0.0.1:{sink.port}"], env=environment, check=True)
    rate = messages / (time.monotonic() - begun)
    used = os.times()
    return rate, (used.children_user + used.children_system - before.children_user - before.children_system) / messages


def one_pass(server, database, url, workers, folder):
    """One pass of the notifier; gives the seconds of CPU it used and those that PostgreSQL used."""
    database.connect().cursor().execute("CHECKPOINT")
    database.close()
    before = family_seconds(server.popen.pid)
    process = Notifier(database, folder, url).start("--once", "--at", MINUS_7, ready=False, GT_MAIL_WORKERS=workers,
                                                    GT_LOG_LEVEL="warn")
    # Left as a zombie until it has been asked what it used.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    used = cpu_seconds(process.pid)
    process.wait(0)
    return used, family_seconds(server.popen.pid) - before


def idle_pass(server, folder):
    """What a pass costs in which nothing is due: planning is not delivery."""
    database = server.create("gt_idle", "gt_planned")
    database.rows("UPDATE message SET next_at = 'infinity'")
    database.rows("VACUUM message")
    used = one_pass(server, database, f"file://{folder}/idle", 1, folder)
    server.drop(database.name)
    return used


def run_notifier(server, sink, workers, messages, folder, idle):
    """The same by the notifier, of a fresh copy of the planned outbox: from the first message's attempt to the
    last one's record."""
    database = server.create("gt_delivery", "gt_planned")
    used = one_pass(server, database, f"smtp://127.0.0.1:{sink.port}", workers, folder)
    span = database.value("SELECT extract(epoch FROM max(finished_at) - min(started_at))::float FROM attempt")
    sent = database.value("SELECT count(*) FROM message WHERE state = 'sent' AND attempts = 1")
    assert sent == messages, f"{sent} of {messages} sent"
    server.drop(database.name)
    return messages / span, *((spent - base) / messages for spent, base in zip(used, idle))


def measure(name, options, server, sink, workers, size, folder, idle):
    rows = []
    for _ in range(options.rounds):
        plain, _ = run_source(sink, workers, options.messages, size, folder)
        before = cpu_seconds(sink.popen.pid)
        kept, source_cpu = run_source(sink, workers, options.messages, size, folder, "-d")
        between = cpu_seconds(sink.popen.pid)
        rate, cpu, database_cpu = run_notifier(server, sink, workers, options.messages, folder, idle)
        after = cpu_seconds(sink.popen.pid)
        rows.append((plain, kept, rate, rate / plain, rate / kept, source_cpu, (between - before) / options.messages,
                     cpu, database_cpu, (after - between) / options.messages))
    middle = [statistics.median(column) for column in zip(*rows)]
    micro = [f"{1e6 * value:8.0f}" for value in middle[5:]]
    spread = " ".join(f"{row[3]:.2f}/{row[4]:.2f}" for row in rows)
    print("{:5}{:9.0f}{:9.0f}{:11.0f}{:7.2f}{:7.2f}  {}   ({})".format(name, *middle[:5], " ".join(micro), spread), flush=True)


def plan(server, messages):
    """A database with that many messages planned and none sent; gives the size of one as it leaves."""
    database = server.create("gt_planned")
    programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": database.url("gt_migrate")})
    crowd = Crowd(database, messages)
    assert plan_only(crowd, MINUS_7) == messages
    crowd.sql("VACUUM ANALYZE")
    database.close()


def size_of_one(server, folder):
    sample = server.create("gt_sample", "gt_planned")
    sample.rows("UPDATE message SET next_at = 'infinity' WHERE id > (SELECT min(id) FROM message)")
    out = folder / "mail"
    Notifier(sample, folder, f"file://{out}").once(MINUS_7)
    [one] = mail.mail_folder(out)
    server.drop(sample.name)
    return len(one.bytes)


def main():
    options = arguments()
    server = Postgres(fsync=True)
    try:
        server.sql_file(HERE.parents[1] / "deploy" / "roles.sql")
        plan(server, options.messages)
        with tempfile.TemporaryDirectory(prefix="gt-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            size = size_of_one(server, folder)
            idle = idle_pass(server, folder)
            print(f"{options.messages} messages of {size} bytes; median of {options.rounds} rounds")
            print("      source/s  with -d  notifier/s  ratio to each  CPU µs a message: -d, sink | notifier, PostgreSQL, sink")
            if options.only != "slow":
                sink = mail.SmtpSink(folder / "fast", keep=False)
                measure("fast", options, server, sink, 8, size, folder, idle)
                sink.stop()
            if options.only != "fast":
                sink = SlowSink(folder)
                measure("slow", options, server, sink, 32, size, folder, idle)
                sink.stop()
    finally:
        server.destroy()


if __name__ == "__main__":
    main()
