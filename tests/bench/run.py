"""The benchmark of the API: wrk against the release build, beside pgbench of the same SQL, in one run.

python3 tests/bench/run.py [--actions 10000] [--seconds 8] [--rounds 3] [--threads N]

Each round runs pgbench and the API in turn for every kind of call, so that a drift of the machine's
speed meets both; the ratio of a round is the API's rate over pgbench's in that round. What is told is
the median. It is never a test: no figure of it can fail a run.
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

from support.api import Api  # noqa: E402
from support.people import create_key  # noqa: E402
from support.postgres import Postgres  # noqa: E402
from support import programs  # noqa: E402

QUERIES = HERE.parents[1] / "sql" / "queries" / "action"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--actions", type=int, default=10000)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, help="GT_THREADS of the API")
    return parser.parse_args()


def statement(name, values):
    """A query of the API with its parameters as pgbench takes them: $1 becomes a variable or a constant."""
    lines = [line for line in (QUERIES / f"{name}.sql").read_text(encoding="utf-8").splitlines()
             if not line.lstrip().startswith("--")]
    text = " ".join(lines)
    for number in sorted(values, reverse=True):
        text = text.replace(f"${number}", values[number])
    return text


def scripts(actions):
    """The same SQL as the API runs for wrk's calls, with as much chance in it."""
    null = "(:none)::text"
    page = {n: null for n in range(2, 12)}
    page.update({1: ":digest", 2: ":fifty", 4: ":plan"})
    plans = max(1, actions // 200)
    return {
        "read": rf"\set id random(1, {actions})" "\n" + statement("read", {1: ":digest", 2: ":id"}),
        "page": rf"\set n random(1, {plans})" "\n" r"\set fifty 50" "\n"
                + statement("list", {**page, 4: "('plan-' || :n)"}).replace("(:none)::text", "NULL"),
        "patch": rf"\set id random(1, {actions})" "\n" r"\set percent random(0, 100)" "\n"
                 + statement("patch", {1: ":digest", 2: "'bench'", 3: ":id", 4: "NULL",
                                       5: "('{\"percent\":' || :percent || '}')"}),
    }


def pgbench(server, database, script, digest, clients, seconds):
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script + "\n")
        file.flush()
        done = subprocess.run(
            [str(server.bin / "pgbench"), "-n", "-M", "prepared", "-c", str(clients), "-j", "2",
             "-T", str(seconds), "-D", f"digest=\\x{digest}", "-f", file.name, database.url("gt_api")],
            capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return float(next(line for line in done.stdout.splitlines() if line.startswith("tps")).split()[2])


def wrk(api, kind, key, actions, clients, seconds):
    done = subprocess.run(
        ["wrk", "-t2", f"-c{clients}", f"-d{seconds}s", "-s", str(HERE / "http.lua"), "--latency", api.url, "--",
         kind, key, str(actions)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rate, p99, errors = next(line for line in done.stdout.splitlines() if line.startswith("RESULT")).split()[1:]
    assert int(errors) == 0, f"{errors} calls failed: {done.stdout}"
    return float(rate), float(p99)


def resident_mb(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(options, server, database, api, key, digest):
    sql = scripts(options.actions)
    print("call    pgbench 8/s  pgbench 32/s      API/s   ratio(8)  ratio(32)   p99 ms")
    for kind in ("read", "page", "patch"):
        rows = []
        wrk(api, kind, key, options.actions, 32, 2)  # warm
        for _ in range(options.rounds):
            eight = pgbench(server, database, sql[kind], digest, 8, options.seconds)
            rate, p99 = wrk(api, kind, key, options.actions, 32, options.seconds)
            many = pgbench(server, database, sql[kind], digest, 32, options.seconds)
            rows.append((eight, many, rate, rate / eight, rate / many, p99))
        middle = [statistics.median(column) for column in zip(*rows)]
        print("{:6}{:13.0f}{:14.0f}{:11.0f}{:11.2f}{:11.2f}{:9.2f}".format(kind, *middle), flush=True)


def main():
    options = arguments()
    server = Postgres(fsync=True)
    log = Path(tempfile.mkstemp(prefix="gt-bench-")[1])
    api = None
    try:
        server.sql_file(HERE.parents[1] / "deploy" / "roles.sql")
        database = server.create("gt_bench")
        database.rows("ALTER SCHEMA public OWNER TO gt_owner")
        programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": database.url("gt_migrate")})
        fill = (HERE / "plan.sql").read_text(encoding="utf-8").replace(":actions", str(options.actions))
        database.rows(fill)
        database.rows("SELECT action_keep(ARRAY(SELECT id FROM action))")
        database.rows("VACUUM ANALYZE")
        key = create_key(database.url("gt_api"), "bench", "editor").token
        digest = database.rows("SELECT encode(digest, 'hex') AS d FROM api_key")[0]["d"]
        extra = {"GT_THREADS": options.threads} if options.threads else {}
        api = Api(database, log, GT_LOG_LEVEL="warn", GT_RATE_LIMIT=0, **extra)
        print(f"{options.actions} actions; {options.rounds} rounds of {options.seconds} s; wrk 2 threads, 32 connections; "
              "no rate limit")
        measure(options, server, database, api, key, digest)
        print(f"resident memory of goldenthread-api after it all: {resident_mb(api.process.popen.pid):.1f} MB")
    finally:
        if api:
            api.stop()
        server.destroy()
        log.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
