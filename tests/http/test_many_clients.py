"""Many clients at once: one change wins, and a walk through a long list misses nothing that was always there."""
import threading
from concurrent.futures import ThreadPoolExecutor

import requests

CLIENTS = 100
ACTIONS = 100_000


def test_of_a_hundred_changes_to_one_version_one_wins(api, alice, action, database):
    path, barrier = f"{api.url}/v1/actions/{action['id']}", threading.Barrier(CLIENTS)
    headers = {"Authorization": f"Bearer {alice.token}", "If-Match": '"1"'}

    def change(n):
        with requests.Session() as session:
            session.trust_env = False
            session.get(f"{api.url}/livez", timeout=60)  # the connection is there before the start
            barrier.wait(60)
            return session.patch(path, json={"percent": n}, headers=headers, timeout=60)
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(change, range(CLIENTS)))
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (CLIENTS - 1)
    winner, = [answer.json() for answer in answers if answer.status_code == 200]
    now = api.get(f"/v1/actions/{action['id']}", alice).json()
    assert (now["version"], now["percent"]) == (2, winner["percent"])
    assert database.value("SELECT count(*) FROM change WHERE resource = 'action' AND verb = 'updated' AND resource_id = %s",
                          (action["id"],)) == 1


class Crowd(threading.Thread):
    """Adds actions to a plan and takes others away for as long as somebody reads."""

    def __init__(self, database, plan, recommendation):
        super().__init__(daemon=True)
        self.cursor = database.connect().cursor()
        self.cursor.execute("SET session_replication_role = replica")
        self.plan, self.recommendation = plan, recommendation
        self.over = threading.Event()
        self.rounds = 0
        self.fault = None

    def run(self):
        try:
            while not self.over.is_set():
                self.rounds += 1
                self.cursor.execute(
                    "INSERT INTO action (plan_id, recommendation_id, reference, description)"
                    " SELECT %s, %s, 'n' || %s || '.' || i, 'Comes and goes' FROM generate_series(1, 20) i",
                    (self.plan["id"], self.recommendation["id"], self.rounds))
                self.cursor.execute("DELETE FROM action WHERE id IN (SELECT id FROM action WHERE plan_id = %s"
                                    " AND description = 'Comes and goes' ORDER BY random() LIMIT 20)", (self.plan["id"],))
        except Exception as fault:  # told to the test by the main thread
            self.fault = repr(fault)


def test_a_long_walk_sees_each_row_once_that_was_always_there(api, alice, database, plan, recommendation, server_log):
    database.execute(
        "SET session_replication_role = replica; INSERT INTO action (plan_id, recommendation_id, reference, description)"
        " SELECT %s, %s, i::text, CASE WHEN i %% 10 = 0 THEN 'Comes and goes' ELSE 'Stays' END"
        " FROM generate_series(1, %s) i; ANALYZE action", (plan["id"], recommendation["id"], ACTIONS))
    stays = database.column("SELECT id FROM action WHERE plan_id = %s AND description = 'Stays' ORDER BY id", (plan["id"],))
    crowd = Crowd(database, plan, recommendation)
    crowd.start()
    seen, cursor, session = [], "", requests.Session()  # a thousand answers of a kind: unchecked
    session.trust_env = False
    while cursor is not None:
        page = session.get(f"{api.url}/v1/actions?plan={plan['id']}&limit=100{cursor}", timeout=60,
                           headers={"Authorization": f"Bearer {alice.token}"}).json()
        seen += [(item["id"], item["description"]) for item in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    session.close()
    crowd.over.set()
    crowd.join(60)
    assert crowd.fault is None and crowd.rounds > 50
    assert len(seen) == len(set(seen)) and [number for number, what in seen if what == "Stays"] == stays
