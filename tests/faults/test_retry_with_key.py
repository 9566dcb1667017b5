"""A client that repeats each POST under its Idempotency-Key until it is answered, while the API is killed and PostgreSQL
goes away: every call has happened once, and every answer is the same one."""
import itertools
import threading

import pytest
import requests

from support import programs
from support.oracle_small import small
from support.people import create_key

CLIENTS, CUTS = 4, 6


class Client(threading.Thread):
    """Writes one update after another; gives up on none."""

    numbers = itertools.count(1)

    def __init__(self, api, token, action):
        super().__init__(daemon=True)
        self.api, self.token, self.action = api, token, action
        self.stop = threading.Event()
        self.written = {}  # note to id
        self.tries = 0
        self.replayed = 0
        self.fault = None

    def run(self):
        try:
            while not self.stop.is_set():
                note = f"call {next(Client.numbers)}"
                self.written[note] = self._until_answered(note)
        except Exception as fault:  # told to the test by the main thread
            self.fault = repr(fault)

    def _until_answered(self, note):
        while True:
            self.tries += 1
            answer = self._try(note)
            if answer is None or answer.status_code in (409, 503):
                continue
            assert answer.status_code == 201, answer.text
            self.replayed += answer.headers.get("Idempotency-Replayed") == "true"
            return answer.json()["id"]

    def _try(self, note):
        try:
            return requests.post(f"{self.api.url}/v1/actions/{self.action}/updates", json={"note": note}, timeout=20,
                                 headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": note.replace(" ", "-")})
        except requests.ConnectionError:
            return None


@pytest.mark.parametrize("victim", ["api", "postgres"])
def test_each_call_happens_once(own, own_api, cluster, victim):
    live = small(own)
    key = create_key(own.url("gt_api"), "alice", "editor")
    actions = list(live.action_ids.values())
    clients = [Client(own_api, key.token, actions[n % len(actions)]) for n in range(CLIENTS)]
    for one in clients:
        one.start()

    def written():
        assert [one.fault for one in clients if one.fault] == []
        return sum(len(one.written) for one in clients)
    for _ in range(CUTS):
        goal = written() + 25
        programs.wait_until(lambda: written() >= goal, "calls go through", 60)
        if victim == "api":
            own_api.kill9()
            own_api.start()
        else:
            own.close()
            cluster.kill9()
            cluster.start()
    goal = written() + 25
    programs.wait_until(lambda: written() >= goal, "calls go through", 60)
    for one in clients:
        one.stop.set()
    for one in clients:
        one.join(60)
        assert not one.is_alive() and one.fault is None
    told = {note: number for one in clients for note, number in one.written.items()}
    kept = own.rows("SELECT note, id FROM update ORDER BY id")
    assert {row["note"]: row["id"] for row in kept} == told and len(kept) == len(told)
    assert own.value("SELECT count(*) FROM change WHERE resource = 'update'") == len(told)
    print(f"{len(told)} calls in {sum(one.tries for one in clients)} tries, {sum(one.replayed for one in clients)} replayed")
