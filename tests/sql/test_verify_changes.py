"""goldenthread-api verify-changes: whoever tampers with the record is found out, and the row is named."""
import re

import pytest

from support import programs

# As a superuser who has read the migrations: neither triggers nor foreign keys speak.
UNSEEN = "SET session_replication_role = replica;"


@pytest.fixture
def verify(database):
    def run(*options, status=0, role="gt_api", **settings):
        return programs.run("goldenthread-api", "verify-changes", *options, status=status,
                            settings={"GT_DATABASE_URL": database.url(role), "GT_LOG_FORMAT": "text", **settings})
    return run


@pytest.fixture
def tamper(database):
    return lambda statement: database.execute(UNSEEN + statement)


@pytest.fixture
def record(database):
    """Twenty changes in order, each its own transaction."""
    for n in range(20 - database.value("SELECT count(*) FROM change")):
        database.execute("INSERT INTO plan (slug, title, organisation) VALUES (%s, 'T', 'C')", (f"p-{n}",), "gt_api")
    assert database.value("SELECT change_seal(100)") == 20


def head(said):
    return re.search(r"^head (\S+)$", said.stdout, re.MULTILINE)[1]


@pytest.mark.parametrize("role", ["gt_api", "gt_migrate"])
def test_it_says_how_many_hold_and_what_the_head_is(database, record, verify, role):
    said = verify(role=role)
    hash_20 = database.value("SELECT encode(hash, 'hex') FROM change_order WHERE seq = 20")
    assert said.stdout == f"20 changes as sealed.\nhead 20:{hash_20}\n" and said.stderr == ""


def test_an_empty_record_holds(database, verify, tamper):
    tamper("DELETE FROM change")
    said = verify()
    assert said.stdout == f"0 changes as sealed.\nhead 0:{'0' * 64}\n"
    assert head(verify("--head", head(said))) == head(said)


def test_it_counts_what_is_not_sealed_yet(database, record, verify):
    database.execute("UPDATE plan SET title = 'U' WHERE slug = 'p-1'", role="gt_api")
    assert verify().stdout.endswith("\n1 more not sealed yet.\n")


def test_nothing_is_sealed_yet(database, verify):
    count = database.value("SELECT count(*) FROM change")
    assert f"{count} more not sealed yet." in verify().stdout


def test_a_rest_that_is_being_sealed_is_no_fault(database, verify):
    for n in range(5):
        database.execute("INSERT INTO plan (slug, title, organisation) VALUES (%s, 'T', 'C')", (f"p-{n}",), "gt_api")
    database.value("SELECT change_seal(2)")
    left = database.value("SELECT count(*) FROM change") - 2
    assert verify().stdout.endswith(f"\n{left} more not sealed yet.\n")


# ---- altered ----

@pytest.mark.parametrize("column,value", [
    ("transaction", "'1'"), ("at", "at + interval '1 microsecond'"), ("actor", "'nobody'"), ("key_id", "7"),
    ("request_id", "'r-1'"), ("verb", "'updated'"), ("resource", "'lead'"), ("resource_id", "resource_id + 1"),
    ("plan_id", "NULL"), ("before", "'{}'"), ("after", "after || '{\"title\": \"Other\"}'")])
def test_an_altered_column_is_named(database, record, verify, tamper, column, value):
    id_7 = database.value("SELECT change_id FROM change_order WHERE seq = 7")
    tamper(f"UPDATE change SET {column} = {value} WHERE id = {id_7}")
    said = verify(status=1)
    assert f"seq 7: change {id_7} " in said.stderr and "not the one that was sealed" in said.stderr
    assert said.stdout == ""


def test_the_first_of_several_is_named(record, verify, tamper):
    tamper("UPDATE change SET actor = 'nobody' WHERE id IN (SELECT change_id FROM change_order WHERE seq IN (9, 5, 14))")
    assert "seq 5: " in verify(status=1).stderr


def test_an_altered_hash_is_named(record, verify, tamper):
    tamper("UPDATE change_order SET hash = sha256('x') WHERE seq = 12")
    assert "seq 12: " in verify(status=1).stderr


def test_a_changed_id_is_named(database, record, verify, tamper):
    tamper("INSERT INTO change OVERRIDING SYSTEM VALUE SELECT 1000, transaction, at, actor, key_id, request_id, verb,"
           " resource, resource_id, plan_id, before, after FROM change"
           " WHERE id = (SELECT change_id FROM change_order WHERE seq = 6);"
           "UPDATE change_order SET change_id = 1000 WHERE seq = 6")
    assert "seq 6: change 1000 " in verify(status=1).stderr


# ---- removed ----

def test_a_removed_change_is_named(database, record, verify, tamper):
    id_8 = database.value("SELECT change_id FROM change_order WHERE seq = 8")
    tamper(f"DELETE FROM change WHERE id = {id_8}")
    assert f"seq 8: change {id_8} was removed" in verify(status=1).stderr


def test_a_change_removed_with_its_place_is_named(record, verify, tamper):
    tamper("DELETE FROM change WHERE id = (SELECT change_id FROM change_order WHERE seq = 8);"
           "DELETE FROM change_order WHERE seq = 8")
    assert "seq 8 was removed" in verify(status=1).stderr


def test_closing_the_gap_does_not_help(record, verify, tamper):
    tamper("DELETE FROM change WHERE id = (SELECT change_id FROM change_order WHERE seq = 8);"
           "DELETE FROM change_order WHERE seq = 8;"
           "UPDATE change_order SET seq = seq + 99 WHERE seq > 8; UPDATE change_order SET seq = seq - 100 WHERE seq > 99")
    assert "seq 8: " in verify(status=1).stderr


def test_the_first_one_removed(record, verify, tamper):
    tamper("DELETE FROM change_order WHERE seq = 1")
    assert "seq 1 was removed" in verify(status=1).stderr


def test_a_tail_that_was_cut_off_is_found_by_a_head_that_was_written_down(database, record, verify, tamper):
    written = head(verify())
    tamper("DELETE FROM change_order WHERE seq > 15;"
           "DELETE FROM change WHERE id NOT IN (SELECT change_id FROM change_order)")
    assert head(verify()).startswith("15:")
    said = verify("--head", written, status=1)
    assert "ends at seq 15" in said.stderr and "seq 20 was removed" in said.stderr


# ---- put in, moved ----

def test_a_change_put_in_with_a_place_is_named(database, record, verify, tamper):
    """Everything behind it moves up."""
    tamper("INSERT INTO change (actor, verb, resource, resource_id, after) VALUES ('a', 'created', 'plan', 1, '{}');"
           "UPDATE change_order SET seq = seq + 99 WHERE seq >= 10; UPDATE change_order SET seq = seq - 98 WHERE seq > 99;"
           "INSERT INTO change_order SELECT 10, max(id), sha256('x') FROM change")
    said = verify(status=1)
    assert f"seq 10: change {database.value('SELECT max(id) FROM change')} " in said.stderr


def test_a_change_put_in_under_an_old_transaction_is_named(database, record, verify, tamper):
    tamper("INSERT INTO change (transaction, at, actor, verb, resource, resource_id, after)"
           " SELECT transaction, at, actor, verb, resource, resource_id, after FROM change"
           " WHERE id = (SELECT change_id FROM change_order WHERE seq = 10)")
    stray = database.value("SELECT max(id) FROM change")
    assert f"change {stray} has no place" in verify(status=1).stderr
    database.execute("SELECT change_seal(100)")
    assert f"change {stray} has no place" in verify(status=1).stderr


def test_two_places_exchanged_are_named(record, verify, tamper):
    tamper("CREATE TEMPORARY TABLE two AS SELECT * FROM change_order WHERE seq IN (4, 11);"
           "DELETE FROM change_order WHERE seq IN (4, 11);"
           "INSERT INTO change_order SELECT 15 - seq, change_id, hash FROM two")
    assert "seq 4: " in verify(status=1).stderr


def test_the_record_made_anew_is_found_by_a_head_that_was_written_down(database, record, verify, tamper):
    """Somebody alters a change and seals everything again: the chain holds, and is another one."""
    written = head(verify())
    tamper("UPDATE change SET actor = 'nobody' WHERE id = (SELECT change_id FROM change_order WHERE seq = 3);"
           "DELETE FROM change_order; DELETE FROM change_horizon")
    assert database.value("SELECT change_seal(100)") == 20
    assert head(verify()) != written
    assert "seq 20 has another hash" in verify("--head", written, status=1).stderr


# ---- the head ----

def test_an_earlier_head_still_holds(database, record, verify):
    written = head(verify())
    database.execute("UPDATE plan SET title = 'U'", role="gt_api")
    database.execute("SELECT change_seal(100)")
    said = verify("--head", written)
    assert head(said) != written


@pytest.mark.parametrize("options", [
    ["--head"], ["--head", "1"], ["--head", "1:ab"], ["--head", "-1:" + "0" * 64], ["--head", "1:" + "0" * 65],
    ["--head", "1:" + "G" * 64], ["--tail", "1:" + "0" * 64], ["now"], ["--head", "1:" + "0" * 64, "now"]])
def test_what_it_does_not_understand(verify, options):
    assert "usage: goldenthread-api verify-changes" in verify(*options, status=2).stderr


# ---- the rest ----

def test_more_than_one_page(database, verify, tamper):
    """Pages are of 500 changes and of 10,000 ids."""
    database.execute("INSERT INTO change (actor, verb, resource, resource_id, after)"
                     " SELECT 'a', 'created', 'plan', n, '{}' FROM generate_series(1, 11000) n")
    while database.value("SELECT change_seal(10000)"):
        pass
    total = database.value("SELECT count(*) FROM change")
    assert verify().stdout.startswith(f"{total} changes as sealed.\nhead {total}:")
    for seq in (500, 501, 10999):
        tamper(f"UPDATE change_order SET hash = sha256(hash) WHERE seq = {seq}")
        assert f"seq {seq}: " in verify(status=1).stderr
        tamper(f"UPDATE change_order SET hash = (SELECT sha256(p.hash || convert_to(change_line({seq}, c), 'UTF8'))"
               f" FROM change_order p, change c WHERE p.seq = {seq - 1} AND c.id = change_order.change_id)"
               f" WHERE seq = {seq}")
    verify()


def test_a_database_that_is_away_is_said_so(verify):
    said = verify(status=1, GT_DATABASE_URL="postgresql://gt_api@/none?host=/nonexistent")
    assert "away" in said.stderr
