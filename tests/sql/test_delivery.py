"""The claims of deliveries and what is said of them, as one notifier or another asks."""
import json

import pytest

ONE, OTHER = 11, 12


@pytest.fixture
def hook(hooks):
    made = hooks.add("https://hooks.example.org/in")
    hooks.test(made, 20)
    return made


def claim(database, holder, limit=100, webhook=0, ahead=0):
    """The rows that a turn gives."""
    return database.rows("SELECT * FROM delivery_turn('[]', 5, %s, 60, 0, %s, ARRAY[%s]::bigint[], ARRAY[%s])",
                         (limit, holder, webhook, ahead))


def finish(database, rows, **result):
    """[state, attempts, …] of each after a notifier has said so of them."""
    said = [{"id": row["id"], "token": row["token"], **result} for row in rows]
    database.rows("SELECT * FROM delivery_turn(%s, 5, 0, 60, 0)", (json.dumps(said),))
    return database.rows("SELECT state::text, attempts, attempts_before FROM delivery WHERE id = ANY (%s)", ([row["id"] for row in rows],))


def claimed(rows):
    return [row for row in rows if row["id"]]


def test_four_and_so_many_ahead(database, hook):
    assert len(claimed(claim(database, ONE))) == 4
    assert claimed(claim(database, ONE)) == []
    assert len(claimed(claim(database, ONE, webhook=hook, ahead=3))) == 3
    assert len(claimed(claim(database, ONE, limit=5, webhook=hook, ahead=32))) == 5


@pytest.mark.parametrize("change", ["UPDATE webhook_health SET first_failure_at = now()", "UPDATE webhook SET format = 'slack'"])
def test_one_while_it_fails_and_to_a_channel(database, hook, change):
    database.execute(change)
    assert len(claimed(claim(database, ONE, webhook=hook, ahead=32))) == 1


@pytest.mark.parametrize("other", [OTHER, None])  # None: a notifier of before there were holders
def test_a_webhook_is_one_notifiers_while_it_has_deliveries_of_it(database, hook, other):
    first = claimed(claim(database, ONE, limit=1))
    assert claimed(claim(database, other)) == []
    assert len(claimed(claim(database, ONE))) == 3
    finish(database, first, outcome="sent")
    assert claimed(claim(database, other)) == []
    database.execute("UPDATE delivery SET state = 'queued', lease_token = NULL, lease_until = NULL WHERE state = 'leased'")
    assert len(claimed(claim(database, other))) == 4
    assert claimed(claim(database, ONE)) == []


def test_notifiers_of_before_share_a_webhook(database, hook):
    assert len(claimed(claim(database, None, limit=3))) == 3
    assert len(claimed(claim(database, None))) == 1


@pytest.mark.parametrize("change,named", [("SELECT", []), ("UPDATE webhook SET state = 'paused'", [1]),
                                          ("UPDATE webhook SET state = 'disabled', reason = 'x'", [1]),
                                          ("DELETE FROM webhook", [1])])
def test_a_webhook_of_which_nothing_may_leave_is_named(database, hook, change, named):
    claim(database, ONE)
    database.execute(change)
    assert [row["webhook"] for row in claim(database, ONE, webhook=hook) if not row["id"]] == [hook] * len(named)


def test_given_back_is_as_before(database, hook):
    database.execute("UPDATE delivery SET state = 'retry', attempts = 3, last_error = 'x', next_at = '2022-01-01'")
    before = database.rows("SELECT * FROM delivery ORDER BY id")
    health = database.rows("SELECT * FROM webhook_health")
    finish(database, claimed(claim(database, ONE)), outcome="released")
    after = database.rows("SELECT * FROM delivery ORDER BY id")
    assert [{**row, "leased_at": None} for row in after] == before
    assert database.rows("SELECT * FROM webhook_health") == health
    assert database.value("SELECT count(*) FROM delivery_attempt") == 0


def test_given_back_after_a_replay_it_is_queued(database, hook):
    database.execute("UPDATE delivery SET attempts = 3, attempts_before = 3")
    assert finish(database, claimed(claim(database, ONE)), outcome="released") == [
        {"state": "queued", "attempts": 3, "attempts_before": 3}] * 4


def test_an_attempt_began_when_it_was_posted(database, hook):
    rows = claimed(claim(database, ONE))
    assert finish(database, rows, outcome="sent", waited_ms=750, duration_ms=20) == [
        {"state": "sent", "attempts": 1, "attempts_before": 0}] * 4
    assert database.column("SELECT extract(epoch FROM t.started_at - d.leased_at)::float FROM delivery_attempt t"
                           " JOIN delivery d ON d.id = t.delivery_id") == [0.75] * 4


def test_what_an_older_notifier_had_opened_is_completed(database, hook):
    rows = claimed(claim(database, None))
    database.execute("INSERT INTO delivery_attempt (delivery_id, n, started_at) SELECT id, 1, '2022-01-01' FROM delivery"
                     " WHERE state = 'leased'")
    finish(database, rows[:2], outcome="sent", reply_code=204)
    database.execute("UPDATE delivery SET lease_until = now() - interval '1 second' WHERE state = 'leased'")
    assert len(database.rows("SELECT delivery_reap(5)")) == 2
    assert database.rows("SELECT outcome, reply_code, started_at < '2023-01-01' AS kept, finished_at IS NOT NULL AS ended, count(*)::integer"
                         " AS n FROM delivery_attempt GROUP BY 1, 2, 3, 4 ORDER BY 1") == [
        {"outcome": "sent", "reply_code": 204, "kept": True, "ended": True, "n": 2},
        {"outcome": "uncertain", "reply_code": None, "kept": True, "ended": True, "n": 2}]
