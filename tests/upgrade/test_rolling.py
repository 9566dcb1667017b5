"""An upgrade while people work: the schema first, then one program after the other, both releases side by side."""
import threading
import time

import pytest

from support import programs
from support.invariants import check_delivery
from support.oracle_small import MINUS_7, Crowd
from support.people import create_key
from support.writer import UP, Writer, answered, expect_kept, finish, more

PEOPLE = 200
READS = ("/v1/plans/crowd", "/v1/actions?limit=20", "/v1/plans/crowd/progress", "/v1/leads?limit=20", "/v1/changes?limit=20")


class Reader(threading.Thread):
    """Reads one thing after another and keeps what was not answered with 200."""

    def __init__(self, api, key):
        super().__init__(daemon=True)
        self.api, self.key = api, key
        self.stop = threading.Event()
        self.count = 0
        self.others = []

    def run(self):
        while not self.stop.is_set():
            path = READS[self.count % len(READS)]
            answer = self.api.get(path, self.key)
            if answer.status_code != 200:
                self.others.append((path, answer.status_code, answer.text))
            self.count += 1


def test_nobody_notices(old_database, release, migrate, start_api_on, notifier_on, mail):
    crowd = Crowd(old_database, PEOPLE)
    mail.delay("body", 0.05)
    with release.programs():
        key = create_key(old_database.url("gt_api"), "alice", "editor")
        old_api = start_api_on(old_database)
        old_notifier = notifier_on(old_database).start("--at", MINUS_7, GT_MAIL_WORKERS=2)
    actions = [one["id"] for one in old_api.get("/v1/actions?limit=4", key).json()["items"]]
    writers = [Writer(old_api, key.token, action) for action in actions]
    reader = Reader(old_api, key)
    for one in [*writers, reader]:
        one.start()
    more(writers, UP, 0, 40, "the old release works")
    programs.wait_until(lambda: len(mail.mails) >= 20, "the old notifier sends")

    begun = time.monotonic()
    assert "new migration" in migrate(old_database).stdout
    print(f"migrated within {time.monotonic() - begun:.1f} s; the longest wait of a writer was"
          f" {max(one.longest for one in writers):.2f} s")
    more(writers, UP, answered(writers, UP), 40, "the old release goes on with the new schema")
    assert old_api.get("/readyz").status_code == 200

    new_api = start_api_on(old_database)
    for one in writers[:2]:
        one.url = new_api.url
    more(writers, UP, answered(writers, UP), 40, "both releases work side by side")
    taken = len(mail.mails)
    programs.wait_until(lambda: len(mail.mails) > min(taken + 10, PEOPLE - 1), "the old notifier goes on")
    sending = notifier_on(old_database).start("--at", MINUS_7, GT_MAIL_WORKERS=2)
    for one in writers:
        one.url = new_api.url
    reader.stop.set()
    reader.join(30)
    old_notifier.stop()
    more(writers, UP, answered(writers, UP), 40, "the new release works alone")
    old_api.stop()
    programs.wait_until(lambda: crowd.count("sent") == PEOPLE, "everybody is sent to", 90)
    answers = finish(writers)
    sending.stop()

    assert reader.others == [] and reader.count > 20
    assert [one for one in answers if one.status not in UP] == []
    expect_kept(old_database, answers, 160)
    assert check_delivery(crowd, mail.mails) == dict.fromkeys(crowd.addresses, 1)


def test_the_new_programs_wait_for_the_new_schema(old_database, release, migrate, start_api_on):
    """Started too early they say what is missing, and go on as soon as it is there."""
    with release.programs():
        migrate(old_database)
    api = start_api_on(old_database, ready=False)
    programs.wait_until(lambda: "schema" in api.process.output() or _ready(api), "it has looked")
    newest = old_database.value("SELECT max(name) FROM migration")
    if newest == max(path.stem for path in (programs.ROOT / "sql" / "migrations").glob("*.sql")):
        pytest.skip("no migration since that release")
    answer = api.get("/readyz")
    assert answer.status_code == 503 and answer.json()["code"] == "schema_mismatch" and newest in answer.json()["detail"]
    migrate(old_database)
    assert api.get("/readyz").status_code == 200


def _ready(api):
    try:
        return api.get("/readyz").status_code == 200
    except OSError:
        return False
