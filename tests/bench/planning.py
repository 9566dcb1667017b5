"""The benchmark of planning: how long a day's plan takes among few open deadlines and among many.

python3 tests/bench/planning.py [--rounds 3] [--few 100000] [--many 1000000] [--due 10000]

Both databases owe the same number of reminders on the day; all other deadlines are open and far away. The pass
is the notifier's own function, with its rights, undone after each round; rounds of both take turns. Prints the
medians, and those of a pass that finds all of it planned already. It is never a test: no figure can fail a run.
"""
import argparse
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from support import programs  # noqa: E402
from support.oracle_small import MINUS_7  # noqa: E402
from support.postgres import Postgres  # noqa: E402

PLAN = "SELECT reminder_plan(%s)"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--few", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    return parser.parse_args()


def fill(server, deadlines, due):
    database = server.create(f"gt_plan_{deadlines}", "gt_template")
    script = (HERE / "planning.sql").read_text().replace(":deadlines", str(deadlines)).replace(":due", str(due))
    database.connect().cursor().execute(script)
    database.rows("VACUUM ANALYZE")
    return database


def timed(cursor, expected):
    begun = time.monotonic()
    cursor.execute(PLAN, (MINUS_7,))
    seconds = time.monotonic() - begun
    written = cursor.fetchone()[0]
    assert written == expected, f"{written} reminders planned, not {expected}"
    return seconds


def one_round(database, due):
    """Seconds of the day's first pass, and of the next one that finds nothing to do."""
    cursor = database.connect().cursor()
    cursor.execute("BEGIN; SET LOCAL ROLE gt_notifier")
    first, again = timed(cursor, due), timed(cursor, 0)
    cursor.execute("ROLLBACK")
    database.rows("VACUUM ANALYZE reminder")
    database.rows("VACUUM ANALYZE message")
    return first, again


def main():
    options = arguments()
    server = Postgres(fsync=True)
    try:
        server.sql_file(HERE.parents[1] / "deploy" / "roles.sql")
        template = server.create("gt_template")
        programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": template.url("gt_migrate")})
        template.close()
        databases = {count: fill(server, count, options.due) for count in (options.few, options.many)}
        seen = {count: [] for count in databases}
        for _ in range(options.rounds):
            for count, database in databases.items():
                seen[count].append(one_round(database, options.due))
        for count, rounds in seen.items():
            first, again = (statistics.median(column) for column in zip(*rounds))
            print(f"{count:9} open deadlines, {options.due} due: {first:6.2f} s, again {again:6.2f} s", flush=True)
    finally:
        server.destroy()


if __name__ == "__main__":
    main()
