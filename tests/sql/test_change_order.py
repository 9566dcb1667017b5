"""Sealing the record: one final order, whatever the transactions do, and a chain of hashes over it."""
import hashlib
import json
import subprocess

import pytest

from support import programs
from support.postgres import Postgres

PLAN = "INSERT INTO plan (slug, title, organisation) VALUES (%s, 'T', 'C') RETURNING id"


@pytest.fixture
def seal(database):
    """Seals as the programs do; gives how many."""
    return lambda most=1000, role="gt_api": database.value("SELECT change_seal(%s)", (most,), role)


@pytest.fixture
def begin(database):
    """Another writer, in a transaction of its own; gives its cursor."""
    def start(role="gt_api"):
        connection = database.connect(role)
        connection.autocommit = False
        return connection.cursor()
    return start


@pytest.fixture
def plan(database, seal):
    """A plan to work on, and everything sealed."""
    made = database.value(PLAN, ("one",), "gt_api")
    seal()
    return made


def titles(database):
    """What happened to plans, in the final order."""
    return database.column("SELECT c.after->>'title' FROM change_order o JOIN change c ON c.id = o.change_id"
                           " WHERE c.resource = 'plan' AND c.verb = 'updated' ORDER BY o.seq")


def set_title(cursor, plan, title):
    cursor.execute("UPDATE plan SET title = %s WHERE id = %s", (title, plan))


# ---- the order ----

def test_committed_changes_are_counted_from_one_without_gaps(database, seal):
    changes = database.column("SELECT id FROM change ORDER BY id")
    assert seal() == len(changes) > 2
    assert seal() == 0
    for n in range(3):
        database.execute(PLAN, (f"p-{n}",), "gt_api")
    assert (seal(), seal()) == (3, 0)
    order = database.rows("SELECT seq, change_id FROM change_order ORDER BY seq")
    assert [row["seq"] for row in order] == list(range(1, len(changes) + 4))
    assert [row["change_id"] for row in order] == database.column("SELECT id FROM change ORDER BY id")


@pytest.mark.parametrize("role", ["gt_api", "gt_notifier"])
def test_both_programs_may_seal(seal, role):
    assert seal(role=role) > 0


@pytest.mark.parametrize("most", [1, 3, 7])
def test_what_is_too_much_for_one_call_goes_on_in_the_next(database, seal, most):
    for n in range(10):
        database.execute(PLAN, (f"p-{n}",), "gt_api")
    total = database.value("SELECT count(*) FROM change")
    done = []
    while not done or done[-1]:
        done.append(seal(most))
        if done[-1] < most:  # that is how a caller knows that it has seen the end
            assert database.value("SELECT count(*) FROM change c LEFT JOIN change_order o ON o.change_id = c.id"
                                  " WHERE o.seq IS NULL") == 0
        database.execute(PLAN, (f"q-{len(done)}",), "gt_api") if len(done) < 5 else None
    assert sum(done) == total + 4 and most <= max(done) <= 2 * most - 1
    assert database.column("SELECT change_id FROM change_order ORDER BY seq") == \
        database.column("SELECT id FROM change ORDER BY id")


def test_a_slow_transaction_is_not_passed_over(database, seal, begin, plan):
    slow = begin()
    set_title(slow, plan, "slow")
    other = database.value(PLAN, ("two",), "gt_api")
    database.execute("UPDATE plan SET title = 'quick' WHERE id = %s", (other,), "gt_api")
    seal()
    assert titles(database) == ["quick"]
    slow.connection.commit()
    assert seal() == 1
    assert titles(database) == ["quick", "slow"]


def test_many_slow_transactions_end_in_any_order(database, seal, begin):
    plans = [database.value(PLAN, (f"p-{n}",), "gt_api") for n in range(6)]
    seal()
    writers = {}
    for n, plan in enumerate(plans):
        writers[n] = begin()
        set_title(writers[n], plan, str(n))
        assert seal() == 0
    for n in (3, 0, 5):
        writers[n].connection.commit()
        assert [seal(1), seal(1)] == [1, 0]
    writers[4].connection.rollback()
    for n in (2, 1):
        writers[n].connection.commit()
    assert [seal(1), seal(1), seal(1)] == [1, 1, 0]
    assert titles(database) == ["3", "0", "5", "1", "2"]


@pytest.mark.parametrize("most", [1, 1000])
def test_a_change_comes_after_the_one_that_it_built_on(database, seal, begin, plan, most):
    """An import is under way (the oldest transaction), somebody changes a plan and commits, then the import comes to
    that plan. By the transactions' age, and for anybody who waits for the oldest one, it would be the other way."""
    bystander, old = begin(), begin()
    bystander.execute(PLAN, ("bystander",))
    old.execute(PLAN, ("two",))
    database.execute("UPDATE plan SET title = 'first' WHERE id = %s", (plan,), "gt_api")
    set_title(old, plan, "second")
    old.connection.commit()
    while seal(most):
        pass
    assert titles(database) == ["first", "second"]
    bystander.connection.rollback()


def test_a_change_that_appears_while_a_rest_is_sealed_waits_for_its_cause(database, seal, begin, plan):
    """The first of two changes is committed, behind the place that sealing has come to, before the second."""
    other = database.value(PLAN, ("two",), "gt_api")
    cause = begin()
    set_title(cause, plan, "cause")
    for n in range(5):
        database.execute("UPDATE plan SET title = %s WHERE id = %s", (f"filler {n}", other), "gt_api")
    assert seal(2) == 2
    cause.connection.commit()
    database.execute("UPDATE plan SET title = 'effect' WHERE id = %s", (plan,), "gt_api")
    while seal(2):
        pass
    assert [one for one in titles(database) if one in ("cause", "effect")] == ["cause", "effect"]
    assert database.value("SELECT count(*) FROM change") == database.value("SELECT count(*) FROM change_order")


def test_an_open_transaction_elsewhere_keeps_nobody_waiting(database, postgres, seal, plan):
    """Snapshots look at the whole cluster; a forgotten session in another database must not stop the feed."""
    forgotten = postgres.connect()
    forgotten.autocommit = False
    forgotten.cursor().execute("SELECT pg_current_xact_id()")
    database.execute("UPDATE plan SET title = 'seen' WHERE id = %s", (plan,), "gt_api")
    assert seal() == 1
    forgotten.close()


def test_a_rolled_back_change_has_no_place(database, seal, begin, plan):
    writer = begin()
    set_title(writer, plan, "never")
    writer.connection.rollback()
    assert seal() == 0 and titles(database) == []


def test_a_transaction_that_has_written_cannot_seal(database, begin, plan):
    """Its own changes would count as seen, and those that it makes afterwards would be missed."""
    writer = begin()
    set_title(writer, plan, "one")
    writer.execute("SELECT change_seal(10)")
    assert writer.fetchone() == (0,)
    set_title(writer, plan, "two")
    writer.connection.commit()
    assert database.value("SELECT change_seal(10)", role="gt_api") == 2
    assert titles(database) == ["one", "two"]


def test_what_a_transaction_writes_after_it_sealed_is_found(database, seal, begin, plan):
    database.execute("UPDATE plan SET title = 'one' WHERE id = %s", (plan,), "gt_api")
    writer = begin()
    writer.execute("SELECT change_seal(10)")
    assert writer.fetchone() == (1,)
    set_title(writer, plan, "two")
    writer.connection.commit()
    assert (seal(), titles(database)) == (1, ["one", "two"])


def test_only_one_seals_at_a_time_and_nobody_waits(database, seal, begin, plan):
    database.execute("UPDATE plan SET title = 'one' WHERE id = %s", (plan,), "gt_api")
    sealer = begin()
    sealer.execute("SELECT change_seal(10)")
    database.execute("SET lock_timeout = '1ms'; UPDATE plan SET title = 'two' WHERE id = " + str(plan), role="gt_api")
    assert seal() == 0
    sealer.connection.rollback()
    assert seal() == 2


def test_sealing_again_from_nothing_finds_what_is_left(database, seal, plan):
    """The horizon is no part of the record."""
    database.execute("UPDATE plan SET title = 'one' WHERE id = %s", (plan,), "gt_api")
    database.execute("DELETE FROM change_horizon")
    assert (seal(), seal()) == (1, 0)


# ---- what it costs ----

def buffers(database):
    """Pages that sealing one more change touches, in a session that has sealed before."""
    cursor = database.connect("gt_api").cursor()
    for _ in range(3):
        database.execute("UPDATE plan SET title = title || '.' WHERE slug = 'one'", role="gt_api")
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT change_seal(1000)")
        plan = cursor.fetchone()[0][0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def test_it_costs_the_same_however_long_the_record_is(database, seal, plan):
    few = buffers(database)
    database.execute("INSERT INTO change (actor, verb, resource, resource_id, after)"
                     " SELECT 'a', 'created', 'plan', n, '{}' FROM generate_series(1, 50000) n")
    database.execute("INSERT INTO change_order SELECT row_number() OVER (ORDER BY id) + (SELECT max(seq) FROM change_order),"
                     " id, sha256('') FROM change WHERE id NOT IN (SELECT change_id FROM change_order)")
    # One more level of each index; 50,000 changes have 1,000 pages.
    assert buffers(database) < few + 30


# ---- the chain ----

def test_anybody_can_recompute_the_chain(database, seal, begin, plan):
    """From the columns alone, with another SHA-256 and another JSON."""
    database.execute(PLAN, ('cwm-1',), "gt_api")
    database.execute("UPDATE plan SET title = 'Cynllun \"gwella\" – £5 \\ 😀' WHERE slug = 'cwm-1'", role="gt_api")
    database.execute("SET timezone = 'Pacific/Auckland'; SELECT change_seal(100)", role="gt_api")
    rows = database.rows("""
        SELECT o.seq, o.hash, c.id, c.transaction::text, extract(epoch FROM c.at)::text AS at, c.actor, c.key_id,
               c.request_id, c.verb, c.resource, c.resource_id, c.plan_id, c.before, c.after
        FROM change_order o JOIN change c ON c.id = o.change_id ORDER BY o.seq""")
    last = bytes(32)
    for row in rows:
        at = int(row["at"].replace(".", ""))
        line = [row["seq"], row["id"], row["transaction"], at, *list(row.values())[5:]]
        text = json.dumps(line, ensure_ascii=False, separators=(", ", ": "))
        last = hashlib.sha256(last + text.encode()).digest()
        assert bytes(row["hash"]) == last, text
    assert len(rows) > 5


def test_the_line_holds_every_column_of_a_change(database):
    """A column that is added later must be added there, or nobody would notice when it is altered."""
    columns = database.column("SELECT column_name::text FROM information_schema.columns WHERE table_name = 'change'"
                              " ORDER BY ordinal_position")
    assert columns == ["id", "transaction", "at", "actor", "key_id", "request_id", "verb", "resource", "resource_id",
                       "plan_id", "before", "after"]


# ---- moving to another cluster ----

@pytest.fixture
def elsewhere(postgres):
    """A young cluster: it counts its transactions from the beginning."""
    server = Postgres()
    server.sql_file(programs.ROOT / "deploy" / "roles.sql")
    yield server
    server.destroy()


def restore(source, target):
    """pg_dump to the other side, with the programs that PostgreSQL has for it."""
    dump = subprocess.run([source.server.bin / "pg_dump", "-Fc", "--dbname", source.url("postgres")],
                                   check=True, capture_output=True).stdout
    subprocess.run([source.server.bin / "pg_restore", "--exit-on-error", "--dbname", target.url("postgres")],
                            check=True, input=dump)


def test_the_order_goes_on_in_another_cluster(database, seal, begin, plan, elsewhere):
    """Some changes are not sealed yet when the copy is made, one only half of a rest. There, transactions have
    numbers that were used here long ago, and new changes come before anybody seals."""
    cursor = database.connect().cursor()
    cursor.execute("DO $$ BEGIN FOR n IN 1..3000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$")
    for n in range(6):
        database.execute("UPDATE plan SET title = %s WHERE id = %s", (f"here {n}", plan), "gt_api")
    assert seal(2) == 2
    head = database.rows("SELECT seq, hash FROM change_order ORDER BY seq DESC LIMIT 1")
    copy = elsewhere.create("copy")
    restore(database, copy)
    for n in range(3):
        copy.execute("UPDATE plan SET title = %s WHERE id = %s", (f"there {n}", plan), "gt_api")
    newest = copy.column("SELECT transaction::text::bigint FROM change ORDER BY id DESC LIMIT 4")
    assert max(newest[:3]) < newest[3], "the copy's transactions are younger than those of before"
    assert [copy.value("SELECT change_seal(4)", role="gt_api") for _ in range(4)] == [4, 3, 0, 0]
    copy.execute("UPDATE plan SET title = 'there 3' WHERE id = %s", (plan,), "gt_api")
    assert copy.value("SELECT change_seal(4)", role="gt_notifier") == 1
    assert titles(copy) == [f"here {n}" for n in range(6)] + [f"there {n}" for n in range(4)]
    assert copy.rows("SELECT seq, hash FROM change_order WHERE seq = %s", (head[0]["seq"],)) == head
    said = programs.run("goldenthread-api", "verify-changes", settings={"GT_DATABASE_URL": copy.url("gt_api")})
    assert "not sealed" not in said.stdout
    copy.close()


def test_the_order_goes_on_in_a_copy_beside_it(database, postgres, seal, begin, plan):
    slow = begin()
    set_title(slow, plan, "slow")
    other = database.value(PLAN, ("two",), "gt_api")
    seal()
    slow.connection.commit()
    copy = postgres.create("gt_copy")
    restore(database, copy)
    copy.execute("UPDATE plan SET title = 'there' WHERE id = %s", (other,), "gt_api")
    assert copy.value("SELECT change_seal(100)", role="gt_api") == 2
    assert titles(copy) == ["slow", "there"]
    copy.close()
    postgres.drop("gt_copy")
