"""Fifty writers whose transactions end in any order, and one who follows the feed meanwhile."""
import collections
import random
import threading
import time

WRITERS, ROUNDS = 50, 4


class Writer(threading.Thread):
    """Writes as the programs' logins do, and keeps each transaction open for a while."""

    def __init__(self, database, plan, number, seed):
        super().__init__()
        self.connection = database.connect("gt_api")
        self.connection.autocommit = False
        self.plan, self.number, self.random = plan, number, random.Random(seed * WRITERS + number)
        self.committed = []

    def run(self):
        cursor = self.connection.cursor()
        for n in range(ROUNDS):
            name = f"writer {self.number} round {n}"
            cursor.execute("SELECT act_as(%s, NULL, %s)", (name, "race"))
            made = 0
            for step in range(self.random.randint(1, 3)):
                cursor.execute("INSERT INTO lead (name, post_key) VALUES (%s, %s)", (f"{name} {step}", f"{name} {step}"))
                made += 1
                time.sleep(self.random.random() * 0.1)
            if self.random.random() < 0.3:  # these come after one another, however their transactions began
                cursor.execute("UPDATE plan SET title = title || '.' WHERE id = %s", (self.plan,))
                made += 1
                time.sleep(self.random.random() * 0.02)
            if self.random.random() < 0.2:
                self.connection.rollback()
            else:
                self.connection.commit()
                self.committed.append((name, made))


def test_the_follower_misses_nothing_and_sees_nothing_twice(api, bob, database):
    seed = random.randrange(1000)
    print("seed", seed)
    plan = database.value("INSERT INTO plan (slug, title, organisation) VALUES ('p', 'T', 'C') RETURNING id", (), "gt_api")
    place = api.get("/v1/changes?after=latest", bob).json()["next_after"]
    first = int(place.split(":")[0])
    writers = [Writer(database, plan, number, seed) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    seen, polls, ended = [], 0, False
    while not ended or page["items"] or page["next_cursor"]:
        ended = not any(writer.is_alive() for writer in writers)
        page = api.get("/v1/changes", bob, params={"after": place, "limit": 20}).json()
        place = page["next_after"]
        seen += page["items"]
        polls += 1
    for writer in writers:
        writer.join()
    wanted = collections.Counter(dict(one for writer in writers for one in writer.committed))
    assert collections.Counter(one["actor"] for one in seen) == wanted
    assert [one["seq"] for one in seen] == list(range(first + 1, first + len(seen) + 1))
    assert sum(wanted.values()) > WRITERS * ROUNDS and polls > 20
    titles = [one for one in seen if one["resource"] == "plan"]
    assert len(titles) > 10
    assert all(one["before"] == last["after"] for last, one in zip(titles, titles[1:])), "each builds on the last one"
