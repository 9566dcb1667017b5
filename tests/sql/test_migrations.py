"""Bringing a database to the schema: from nothing, again, at once from two sides, and when it must not."""
import re
import subprocess
from pathlib import Path

import pytest
import requests

from support import programs

MIGRATIONS = sorted(path.stem for path in (programs.ROOT / "sql" / "migrations").glob("*.sql"))


def dump(database):
    """The whole database as SQL text, structure and rows."""
    done = subprocess.run([database.server.bin / "pg_dump", "--dbname", database.url("postgres")],
                          check=True, capture_output=True, text=True)
    # Newer minor versions wrap the dump in a random word.
    return [line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_every_migration_is_applied_to_an_empty_database(empty_database, migrate):
    said = migrate(empty_database).stdout
    assert empty_database.column("SELECT name FROM migration ORDER BY name") == MIGRATIONS
    assert MIGRATIONS[-1] in said and str(len(MIGRATIONS)) in said


def test_the_files_are_numbered_and_no_number_comes_twice():
    numbers = [re.fullmatch(r"([0-9]{4})_[a-z_]+", name)[1] for name in MIGRATIONS]
    assert numbers == sorted(set(numbers))


def test_a_second_run_changes_nothing(empty_database, migrate):
    migrate(empty_database)
    before = dump(empty_database)
    said = migrate(empty_database).stdout
    assert dump(empty_database) == before
    assert len(before) > 1000 and "0 new" in said


def test_a_second_run_waits_for_nobody(database, migrate):
    """Every start of every replica may migrate: what is as it should be is left alone, whoever works meanwhile."""
    busy = database.connect()
    with busy.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE plan, api_key IN ROW EXCLUSIVE MODE")
        assert "0 new" in migrate(database).stdout
    busy.rollback()


def test_again_makes_functions_and_rights_anew(database):
    said = database.value("SELECT pg_get_functiondef('clock_now'::regproc)")
    database.execute("CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
                     " AS $$ SELECT timestamptz '2022-01-01' $$; REVOKE SELECT ON plan FROM gt_api")
    programs.run("goldenthread-api", "migrate", "--again",
                 settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    assert database.value("SELECT pg_get_functiondef('clock_now'::regproc)") == said
    assert database.value("SELECT has_table_privilege('gt_api', 'plan', 'SELECT')")


def test_what_people_entered_survives_a_second_run(database, migrate):
    database.execute("INSERT INTO plan (slug, title, organisation) VALUES ('p', 'P', 'C')", role="gt_api")
    before = dump(database)
    migrate(database)
    assert dump(database) == before


def test_the_wanted_rules_and_holidays_are_there(empty_database, migrate):
    migrate(empty_database)
    assert empty_database.value("SELECT count(*) FROM ladder_stage") == 8
    assert empty_database.value("SELECT count(DISTINCT division) FROM bank_holiday") == 3


@pytest.mark.allow_log("^P0001 ERROR: migration 0002_reminder was changed after it was applied$")
def test_a_migration_that_was_edited_after_release_is_refused(database, migrate):
    database.execute("UPDATE migration SET sha256 = repeat('0', 64) WHERE name = '0002_reminder'")
    before = dump(database)
    refused = migrate(database, status=1)
    assert "0002_reminder" in refused.stderr and "Nothing was changed" in refused.stderr
    assert dump(database) == before


@pytest.mark.allow_log("^P0001 ERROR: the database knows migration 9999_future")
def test_an_older_program_does_not_touch_a_newer_database(database, migrate):
    database.execute("INSERT INTO migration (name, sha256) VALUES ('9999_future', repeat('0', 64))")
    before = dump(database)
    assert "9999_future" in migrate(database, status=1).stderr
    assert dump(database) == before


@pytest.mark.allow_log('^42P07 ERROR: relation "recommendation" already exists$')
def test_a_migration_that_fails_leaves_nothing_behind(empty_database, migrate):
    """The obstacle stands in the middle of the first migration."""
    empty_database.execute("CREATE TABLE recommendation ()", role="gt_migrate")
    before = dump(empty_database)
    assert "recommendation" in migrate(empty_database, status=1).stderr
    assert dump(empty_database) == before


def test_several_at_once_are_one(empty_database, migrate):
    settings = programs.environment({"GT_DATABASE_URL": empty_database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    running = [subprocess.Popen([programs.program("goldenthread-api"), "migrate"], env=settings,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for one in running:
        out, err = one.communicate(timeout=120)
        assert one.returncode == 0, out + err
        programs.assert_clean("migrate", err)
    together = dump(empty_database)
    assert empty_database.column("SELECT name FROM migration ORDER BY name") == MIGRATIONS
    assert empty_database.value("SELECT count(*) FROM ladder") == 1
    migrate(empty_database)
    assert dump(empty_database) == together


@pytest.mark.allow_log('^42501 ERROR: (permission denied|must be)')
@pytest.mark.parametrize("role", ["gt_api", "gt_notifier"])
def test_only_the_migrating_role_may(database, role):
    before = dump(database)
    programs.run("goldenthread-api", "migrate", status=1, settings={"GT_DATABASE_URL": database.url(role)})
    assert dump(database) == before


def test_an_unreachable_database_is_said_so(empty_database):
    url = empty_database.url("gt_migrate").replace(str(empty_database.server.folder), "/nonexistent")
    refused = programs.run("goldenthread-api", "migrate", status=1, settings={"GT_DATABASE_URL": url})
    assert "cannot be reached" in refused.stderr


# ---- the programs and a schema that is not theirs ----

def assert_not_ready(api, *names):
    """It lives, is not ready and says why: an operator reads it, an orchestrator sends nobody there."""
    answer, = programs.wait_until(lambda: answered(api, "/readyz"), "goldenthread-api answers")
    assert answer.status_code == 503 and answer.json()["code"] == "schema_mismatch"
    assert all(name in answer.json()["detail"] for name in names)
    assert int(answer.headers["Retry-After"]) > 0
    assert api.get("/livez").status_code == 200


def answered(api, path):
    try:
        return [api.get(path)]
    except requests.ConnectionError:
        assert api.process.running(), api.process.output()
        return None


FUTURE = "INSERT INTO migration (name, sha256) VALUES ('9999_future', repeat('0', 64));"
SERVES = "CREATE OR REPLACE FUNCTION schema_serves_since() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '{}' $$"


def test_the_api_is_not_ready_until_the_schema_serves_it(database, start_api):
    database.execute(FUTURE + SERVES.format("9999_future"))
    api = start_api(ready=False)
    assert_not_ready(api, "9999_future", MIGRATIONS[-1])
    database.execute("DELETE FROM migration WHERE name = '9999_future'")
    assert api.get("/readyz").status_code == 200
    database.execute("DELETE FROM migration WHERE name = %s", (MIGRATIONS[-1],))
    assert_not_ready(api, MIGRATIONS[-2], MIGRATIONS[-1])


def test_a_newer_schema_that_serves_this_release_is_as_good(database, start_api, notifier):
    """Before its start and under its feet: the order of an upgrade is schema first, then the programs."""
    api = start_api()
    database.execute(FUTURE + SERVES.format(MIGRATIONS[-1]))
    assert api.get("/readyz").status_code == 200
    assert start_api().get("/readyz").status_code == 200
    notifier.once("2022-03-24T08:30:00Z")
    database.execute(SERVES.format("9999_future"))
    assert_not_ready(api, "9999_future", MIGRATIONS[-1])


def test_the_schema_serves_a_release_that_was_made():
    """What it names is a migration of a release, and not one that is still being written."""
    said = (programs.ROOT / "sql" / "functions" / "02_serves.sql").read_text()
    since = re.search(r"SELECT '([0-9]{4}_[a-z_]+)'", said)[1]
    assert since in MIGRATIONS


@pytest.mark.parametrize("change", [
    FUTURE + SERVES.format("9999_future"), "DELETE FROM migration WHERE name = (SELECT max(name) FROM migration)"])
def test_the_notifier_refuses_a_schema_that_does_not_serve_it(database, notifier, mail, change):
    database.execute(change)
    refused = notifier.once("2022-03-24T08:30:00Z", status=None)
    assert refused.returncode != 0 and "schema" in refused.stderr
    assert mail.connections == 0
