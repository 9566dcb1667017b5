"""The benchmark of webhooks: events posted by the release build's notifier, beside a bare loop of curl_multi.

python3 tests/bench/webhook.py [--posts 10000] [--rounds 3] [--delays 0,5,20,50] [--endpoints 16]

Each round posts as many bodies of the same size by both, in turn, over as many connections to the same server,
which answers so many milliseconds late. The bare loop signs nothing and writes nothing down; the notifier claims,
signs, posts and records every attempt in PostgreSQL, with fsync. What is told is the median, and the CPU time a post of
every process; ratio is the notifier's rate over the loop's in the same round. Plain http on loopback. It is never a
test: no figure of it can fail a run.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("GT_BUILD_DIR", str(HERE.parents[1] / "build" / "release"))

from delivery import cpu_seconds, family_seconds  # noqa: E402
from support import mail, programs  # noqa: E402
from support.notifier import Notifier  # noqa: E402
from support.postgres import Postgres  # noqa: E402
from support.webhook import Hooks  # noqa: E402

AT_ONCE = 4  # to one endpoint, by the notifier's own rule
QUIET = "2022-01-01T12:00:00Z"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delays", default="0,5,20,50", help="milliseconds to an answer")
    parser.add_argument("--endpoints", type=int, default=16)
    return parser.parse_args()


def compiled(folder, name, *options):
    program = folder / name
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", program, HERE / f"{name}.c", *options], check=True)
    return program


class Sink:
    def __init__(self, program, delay_ms):
        self.port = programs.free_port()
        self.popen = subprocess.Popen([program, str(self.port), str(delay_ms)])
        programs.wait_until(lambda: mail.is_listening(self.port), "hook_sink listens", 10)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def stop(self):
        self.popen.terminate()
        self.popen.wait(10)


def prepare(server, posts, endpoints):
    """A database in which as many events wait, each for one of the endpoints; gives the body of one."""
    database = server.create("gt_hooks")
    programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": database.url("gt_migrate")})
    hooks = Hooks(database)
    ids = [hooks.add("http://127.0.0.1/hook") for _ in range(endpoints)]
    database.execute("""
        WITH made AS (
            INSERT INTO event (type, plan_id, action_id, payload)
            SELECT 'action.updated', 1, n, event_payload('action.updated', now(), format(
                '{"plan":"roads","plan_id":1,"action":%%s,"reference":"1.1","version":2,"status":"in_progress","rag":"green",'
                '"percent":40,"due_on":"2022-03-31","standing":"due_soon"}', n))
            FROM generate_series(1, %s) n RETURNING id, action_id)
        INSERT INTO delivery (webhook_id, event_id, subject)
        SELECT (%s::bigint[])[1 + action_id %% %s], id, event_subject(1, action_id) FROM made ORDER BY id""",
                     (posts, ids, endpoints))
    database.rows("VACUUM ANALYZE")
    body = database.value("SELECT payload FROM event LIMIT 1")
    database.close()
    return body


def run_loop(program, sink, posts, connections, body):
    """Posts a second, and what its process used a post."""
    before = os.times()
    done = subprocess.run([program, sink.url, str(posts), str(connections), body], capture_output=True, check=True)
    used = os.times()
    return float(done.stdout), (used.children_user + used.children_system - before.children_user - before.children_system) / posts


def run_notifier(server, sink, posts, connections, folder):
    """The same from the first attempt's start to the last one's record, and what PostgreSQL used."""
    database = server.create("gt_posting", "gt_hooks")
    database.execute("UPDATE webhook SET url = %s", (sink.url,))
    database.connect().cursor().execute("CHECKPOINT")
    database.close()
    before = family_seconds(server.popen.pid)
    process = Notifier(database, folder, f"file://{folder}/mail").start(
        "--once", "--at", QUIET, ready=False, GT_WEBHOOK_ALLOW=f"127.0.0.1:{sink.port}", GT_WEBHOOK_CONNECTIONS=connections,
        GT_LOG_LEVEL="warn")
    # Left as a zombie until it has been asked what it used.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    used = cpu_seconds(process.pid)
    process.wait(0)
    database_used = family_seconds(server.popen.pid) - before
    sent, span = database.rows("SELECT count(*) FILTER (WHERE outcome = 'sent') AS sent,"
                               " extract(epoch FROM max(finished_at) - min(started_at))::float AS span FROM delivery_attempt")[0].values()
    assert sent == posts, f"{sent} of {posts} sent"
    server.drop(database.name)
    return posts / span, used / posts, database_used / posts


def measure(options, server, programs_of, delay_ms, body, folder):
    source, sink_program = programs_of
    connections = options.endpoints * AT_ONCE
    sink = Sink(sink_program, delay_ms)
    rows = []
    for _ in range(options.rounds):
        before = cpu_seconds(sink.popen.pid)
        bare, bare_cpu = run_loop(source, sink, options.posts, connections, body)
        between = cpu_seconds(sink.popen.pid)
        ours, cpu, database_cpu = run_notifier(server, sink, options.posts, connections, folder)
        after = cpu_seconds(sink.popen.pid)
        rows.append((bare, ours, ours / bare, bare_cpu, (between - before) / options.posts,
                     cpu, database_cpu, (after - between) / options.posts))
    sink.stop()
    spread = " ".join(f"{row[2]:.2f}" for row in rows)
    middle = [statistics.median(column) for column in zip(*rows)]
    print("{:5}{:10.0f}{:12.0f}{:7.2f}   {:.0f}, {:.0f} | {:.0f}, {:.0f}, {:.0f}   ({})".format(
        delay_ms, *middle[:3], *(1e6 * value for value in middle[3:]), spread), flush=True)


def main():
    options = arguments()
    server = Postgres(fsync=True)
    try:
        server.sql_file(HERE.parents[1] / "deploy" / "roles.sql")
        body = prepare(server, options.posts, options.endpoints)
        with tempfile.TemporaryDirectory(prefix="gt-bench-") as name:
            folder = Path(name)
            made = (compiled(folder, "hook_source", "-lcurl"), compiled(folder, "hook_sink", "-pthread"))
            print(f"{options.posts} posts of {len(body)} bytes to {options.endpoints} endpoints, {AT_ONCE} at once to each;"
                  f" median of {options.rounds} rounds")
            print("   ms    loop/s  notifier/s  ratio   CPU µs a post: loop, sink | notifier, PostgreSQL, sink   (rounds)")
            for delay in map(int, options.delays.split(",")):
                measure(options, server, made, delay, body, folder)
    finally:
        server.destroy()


if __name__ == "__main__":
    main()
