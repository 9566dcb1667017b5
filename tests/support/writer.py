"""Somebody who writes updates without a pause, and what must be there of them afterwards."""
import collections
import itertools
import threading

import requests

from support import programs

UP, DOWN = (201, 200), 503


class Writer(threading.Thread):
    """Writes one update after another and keeps every answer. The address may be exchanged while it runs."""

    numbers = itertools.count(1)

    def __init__(self, api, token, action):
        super().__init__(daemon=True)
        self.url, self.token, self.action = api.url, token, action
        self.session = requests.Session()
        self.session.trust_env = False
        self.stop = threading.Event()
        self.answers = []  # (note, status, id or None)
        self.faults = []
        self.longest = 0  # seconds until an answer

    def run(self):
        while not self.stop.is_set():
            note = f"write {next(Writer.numbers)}"
            try:
                self._one(note)
            except Exception as fault:  # told to the test by the main thread
                self.faults.append(f"{note}: {fault!r}")
                return

    def _one(self, note):
        answer = self.session.post(f"{self.url}/v1/actions/{self.action}/updates", json={"note": note}, timeout=20,
                                   headers={"Authorization": f"Bearer {self.token}"})
        self.answers.append((note, answer.status_code, answer.json().get("id")))
        self.longest = max(self.longest, answer.elapsed.total_seconds())
        assert self.longest < 10
        if answer.status_code == DOWN:
            assert int(answer.headers["Retry-After"]) >= 1
            assert answer.headers["Content-Type"].startswith("application/problem+json")
        else:
            assert answer.status_code in UP, answer.text


def answered(writers, statuses):
    return sum(status in statuses for one in writers for _, status, _ in list(one.answers))


def more(writers, statuses, than, count, what):
    """Waits until so many more answers of these statuses have come than there were."""
    programs.wait_until(lambda: any(one.faults for one in writers) or answered(writers, statuses) >= than + count, what)
    assert [one.faults for one in writers if one.faults] == []


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
    acknowledged = [(note, number) for note, status, number in answers if status in UP]
    assert len(acknowledged) >= at_least
    lost = [note for note, number in acknowledged if ids.get(note) != number]
    assert lost == [], "acknowledged, and not there"
    assert max(kept.values()) == 1, "nothing twice"
    assert recorded == kept, "each write with its change record, and no record without its write"
    unknown = [note for note, status, _ in answers if status == DOWN]
    print(f"{len(acknowledged)} acknowledged, {len(unknown)} answered 503, of which"
          f" {sum(note in kept for note in unknown)} had been written after all")
