"""What the API holds in memory: idle, after 1,000 calls, after it has read a Word document, after it has written a calendar.

python3 tests/bench/memory.py [--maps]: on the release build; --maps adds what each library and the program have of the idle figure."""
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("GT_BUILD_DIR", str(Path(__file__).resolve().parents[2] / "build" / "release"))

from support import programs
from support.api import Api
from support.postgres import Postgres

CALLS = 1000
DOCUMENT = programs.ROOT / "tests" / "data" / "plans" / "peer-2024.docx"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAPPING = re.compile(r"[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+\s*(.*)")


def tell(what, pid):
    status = Path(f"/proc/{pid}/status").read_text()
    total, own = (int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024 for name in ("VmRSS", "RssAnon"))
    print(f"{what}: {total:.1f} MB resident, {own:.1f} MB of it its own")


def tell_maps(pid):
    resident = Counter()
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        start = MAPPING.fullmatch(line)
        if start:
            name = os.path.basename(start[1]) or "anonymous"
        elif line.startswith("Rss:"):
            resident[name] += int(line.split()[1])
    for name, size in resident.most_common():
        print(f"{size:6} kB {name}")


def measure(api):
    pid = api.process.popen.pid
    tell("idle", pid)
    if "--maps" in sys.argv:
        tell_maps(pid)
    key = api.create_key("alice", "editor")
    for _ in range(CALLS):
        assert api.get("/v1/plans", key).status_code == 200
    tell(f"after {CALLS:,} calls", pid)
    assert api.post("/v1/plans", key, json={"title": "Plan", "slug": "plan", "organisation": "A council"}).status_code == 201
    answer = api.post("/v1/imports?plan=plan", key, data=DOCUMENT.read_bytes(), headers={"Content-Type": WORD})
    assert answer.status_code == 201, answer.text
    tell("after an import", pid)
    assert api.get("/v1/plans/plan/calendar.ics", key).status_code == 200
    tell("after a calendar", pid)


def main():
    server = Postgres()
    try:
        server.sql_file(programs.ROOT / "deploy" / "roles.sql")
        database = server.create("memory")
        programs.run("goldenthread-api", "migrate", settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
        with tempfile.TemporaryDirectory() as folder:
            api = Api(database, Path(folder) / "api.log")
            try:
                measure(api)
            finally:
                api.stop()
    finally:
        server.destroy()


if __name__ == "__main__":
    main()
