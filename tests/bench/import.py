"""The benchmark of importing: files of many rows through POST /v1/imports of the release build.

python3 tests/bench/import.py [--rows 5000] [--rounds 3]

Each round imports a new plan, the same file again (nothing changes) and a corrected one (every
timescale changes), and previews it. What is told is the median. It is never a test: no figure of it
can fail a run.
"""
import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("GT_BUILD_DIR", str(HERE.parents[1] / "build" / "release"))

from support.api import Api  # noqa: E402
from support.people import create_key  # noqa: E402
from support.postgres import Postgres  # noqa: E402
from support import programs  # noqa: E402

LEADS = ["Executive Director - Place Services & Cabinet Member for Education, Skills and Business",
         "Assistant Chief Executive", "Head of Housing and Cabinet Member for Homes", "Chief Finance Officer"]
WHEN = ["March 2022", "Dec 2021 – March 2022", "By end of Q3 2024/25", "December 2021 Review – April 2022"]


def plan(rows, year="2022"):
    """A plan of that many rows, five actions a recommendation."""
    lines = ["No,Recommendation,Action,Lead Officer,Timescales"]
    for i in range(rows):
        number = f'{i // 5 + 1},"Recommendation {i // 5 + 1}, as the reviewers made it"' if i % 5 == 0 else ","
        lines.append(f'{number},"Carry out step {i} of the programme, and report to the Board.","{LEADS[i % 4]}",'
                     + WHEN[i % 4].replace("2022", year))
    return "\r\n".join(lines).encode("utf-8")


def timed(api, key, body, status, **query):
    start = time.monotonic()
    answer = api.post("/v1/imports", key, data=body, params=query, headers={"Content-Type": "text/csv"}, timeout=120)
    took = time.monotonic() - start
    assert answer.status_code == status, answer.text[:1000]
    return took


def rounds(options, api, key):
    first = plan(options.rows)
    corrected = plan(options.rows, "2023")
    found = []
    for n in range(options.rounds):
        slug = f"bench-{n}"
        new = {"title": "Bench", "organisation": "Bench", "slug": slug}
        found.append((
            timed(api, key, first, 200, dry_run="true", **new),
            timed(api, key, first, 201, **new),
            timed(api, key, first, 201, plan=slug),
            timed(api, key, corrected, 201, plan=slug)))
    return [statistics.median(column) for column in zip(*found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = Postgres(fsync=True)
    log = Path(tempfile.mkstemp(prefix="gt-bench-")[1])
    api = None
    try:
        server.sql_file(HERE.parents[1] / "deploy" / "roles.sql")
        database = server.create("gt_bench")
        database.rows("ALTER SCHEMA public OWNER TO gt_owner")
        programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": database.url("gt_migrate")})
        key = create_key(database.url("gt_api"), "bench", "editor").token
        api = Api(database, log, GT_LOG_LEVEL="warn")
        print(f"{options.rows} rows, {options.rounds} rounds, seconds:")
        for what, took in zip(("preview", "new plan", "the same again", "all timescales changed"),
                              rounds(options, api, key)):
            print(f"{what:24}{took:8.2f}")
    finally:
        if api:
            api.stop()
        server.destroy()
        log.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
