"""Somebody who writes updates without a pause, and what must be there of them afterwards."""
import collections
import itertools
import threading
import time
from typing import NamedTuple

import requests

from support import programs

UP, DOWN = (201, 200), 503


class Answer(NamedTuple):
    note: str
    status: int
    id: int  # None when nothing was written
    began: float
    ended: float


class Writer(threading.Thread):
    """Writes one update after another and keeps every answer. The address may be exchanged while it runs."""

    numbers = itertools.count(1)

    def __init__(self, api, token, action, pause=0, patience=10):
        """patience: seconds in which an answer must have come, whatever it is."""
        super().__init__(daemon=True)
        self.url, self.token, self.action = api.url, token, action
        self.pause, self.patience = pause, patience
        self.session = requests.Session()
        self.session.trust_env = False
        self.stop = threading.Event()
        self.answers = []
        self.faults = []
        self.longest = 0  # seconds until an answer

    def run(self):
        while not self.stop.wait(self.pause):
            note = f"write {next(Writer.numbers)}"
            try:
                self._one(note)
            except Exception as fault:  # told to the test by the main thread
                self.faults.append(f"{note}: {fault!r}")
                return

    def call(self, method, path, **how):
        return self.session.request(method, f"{self.url}/v1/actions/{self.action}{path}", timeout=2 * self.patience,
                                    headers={"Authorization": f"Bearer {self.token}", "If-Match": "*"}, **how)

    def write(self, note):
        return self.call("POST", "/updates", json={"note": note})

    def _one(self, note):
        began = time.monotonic()
        answer = self.write(note)
        self.answers.append(Answer(note, answer.status_code, answer.json().get("id"), began, time.monotonic()))
        self.longest = max(self.longest, answer.elapsed.total_seconds())
        assert self.longest < self.patience
        if answer.status_code == DOWN:
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.headers["Content-Type"].startswith("application/problem+json")
        else:
            assert answer.status_code in UP, answer.text


class PatchWriter(Writer):
    """Describes an action anew, which nobody else changes."""

    def write(self, note):
        return self.call("PATCH", "", json={"description": note})


def answered(writers, statuses):
    return sum(answer.status in statuses for one in writers for answer in list(one.answers))


def check(writers):
    assert [one.faults for one in writers if one.faults] == []


def more(writers, statuses, than, count, what):
    """Waits until so many more answers of these statuses have come than there were."""
    programs.wait_until(lambda: any(one.faults for one in writers) or answered(writers, statuses) >= than + count, what)
    check(writers)


def finish(writers):
    """Lets each end its last call; gives all answers."""
    for one in writers:
        one.stop.set()
    for one in writers:
        one.join(30)
        assert not one.is_alive() and one.faults == []
    return [answer for one in writers for answer in one.answers]


def expect_kept(database, answers, at_least):
    """What was acknowledged is there once, each with its change record, and no record without its write."""
    kept = collections.Counter(database.column("SELECT note FROM update WHERE note LIKE 'write %'"))
    recorded = collections.Counter(database.column(
        "SELECT after->>'note' FROM change WHERE resource = 'update' AND after->>'note' LIKE 'write %'"))
    ids = dict((row["note"], row["id"]) for row in database.rows("SELECT note, id FROM update"))
    acknowledged = [one for one in answers if one.status in UP]
    assert len(acknowledged) >= at_least
    lost = [one.note for one in acknowledged if ids.get(one.note) != one.id]
    assert lost == [], "acknowledged, and not there"
    assert max(kept.values()) == 1, "nothing twice"
    assert recorded == kept, "each write with its change record, and no record without its write"
    unknown = [one.note for one in answers if one.status == DOWN]
    print(f"{len(acknowledged)} acknowledged, {len(unknown)} answered 503, of which"
          f" {sum(note in kept for note in unknown)} had been written after all")


def expect_changed(database, writer):
    """The same of a PatchWriter: its action's record is a chain, a version each, and ends with what the action says."""
    changes = database.rows("SELECT before->>'description' AS before, after->>'description' AS after FROM change"
                            " WHERE resource = 'action' AND resource_id = %s AND verb = 'updated' ORDER BY id",
                            (writer.action,))
    now = database.rows("SELECT description, version FROM action WHERE id = %s", (writer.action,))[0]
    told = [one["after"] for one in changes]
    assert [one["before"] for one in changes[1:]] + [now["description"]] == told
    assert now["version"] == 1 + len(told)
    assert len(set(told)) == len(told), "nothing twice"
    there = set(told)
    assert [one.note for one in writer.answers if one.status in UP and one.note not in there] == []
    assert told == [one.note for one in writer.answers if one.note in there], "in the order of the calls"
