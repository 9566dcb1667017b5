"""What every statement runs under (its limits, UTC, no jit), with a session of its own or with one lent by PgBouncer for
a transaction; and nothing of it is left to the next who borrows it."""
import itertools
import time

import psycopg2
import pytest

from support import programs
from support.notifier import Notifier
from support.oracle_small import MINUS_7, Crowd
from support.pgbouncer import Pgbouncer

numbers = itertools.count(1)
NAMES = ("statement_timeout", "lock_timeout", "TimeZone", "jit", "idle_in_transaction_session_timeout")
# Writes down what holds while a row is written, whoever writes it.
WATCH = """
CREATE TABLE held_then (of_table text, name text, value text);
CREATE FUNCTION note_settings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO held_then SELECT TG_TABLE_NAME, name, current_setting(name) FROM unnest(%s) name;
    RETURN NEW;
END $$;
CREATE TRIGGER note_settings BEFORE INSERT ON plan FOR EACH ROW EXECUTE FUNCTION note_settings();
CREATE TRIGGER note_settings BEFORE INSERT ON idempotency FOR EACH ROW EXECUTE FUNCTION note_settings();
CREATE TRIGGER note_settings BEFORE INSERT ON reminder FOR EACH ROW EXECUTE FUNCTION note_settings();
CREATE TRIGGER note_settings BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION note_settings();
CREATE TRIGGER note_settings BEFORE INSERT ON notifier_pass FOR EACH ROW EXECUTE FUNCTION note_settings();
"""


@pytest.fixture(params=["session", "pooled"])
def way(request, postgres, monkeypatch):
    """With GT_PGBOUNCER=1 both go through a pooler."""
    pooler = Pgbouncer(postgres) if request.param == "pooled" else None
    if pooler:
        monkeypatch.setattr(postgres, "pooler", pooler)
    yield request.param
    if pooler:
        pooler.stop()


@pytest.fixture
def database(postgres, template, way):
    """A database of the test's own."""
    name = f"gt_{way}_{next(numbers)}"
    one = postgres.create(name, template.name)
    yield one
    one.close()
    postgres.drop(name)


def expect_held(database, tables, statement_timeout, lock_timeout):
    wanted = dict(zip(NAMES, (statement_timeout, lock_timeout, "UTC", "off", "10s")))
    rows = database.rows("SELECT DISTINCT of_table, name, value FROM held_then")
    held = {}
    for row in rows:
        assert (row["of_table"], row["name"]) not in held, f"not the same each time: {rows}"
        held[row["of_table"], row["name"]] = row["value"]
    assert held == {(table, name): value for table in tables for name, value in wanted.items()}


def test_every_write_of_the_api_runs_under_its_limits(database, start_api, alice):
    database.execute(WATCH, (list(NAMES),))
    api = start_api(GT_STATEMENT_TIMEOUT_MS=7000)
    plan = {"title": "A plan", "organisation": "A council"}
    for n in range(6):
        assert api.post("/v1/plans", alice, json=plan | {"slug": f"single-{n}"}).status_code == 201
        assert api.post("/v1/plans", alice, json=plan | {"slug": f"keyed-{n}"},
                        headers={"Idempotency-Key": f"key-{n}"}).status_code == 201
    expect_held(database, ("plan", "idempotency"), "7s", "3501ms")


def test_every_write_of_the_notifier_runs_under_its_limits(database, tmp_path, mail):
    crowd = Crowd(database, 5)
    database.execute(WATCH, (list(NAMES),))
    Notifier(database, tmp_path, mail.url, GT_STATEMENT_TIMEOUT_MS=9000).once(MINUS_7)
    assert crowd.count("sent") == 5
    expect_held(database, ("reminder", "attempt", "notifier_pass"), "9s", "4501ms")


@pytest.mark.allow_log("^55P03 ")
@pytest.mark.parametrize("method, path, headers", [
    ("GET", "/v1/plans", {}), ("GET", "/v1/plans?as_of=2022-03-31", {}), ("POST", "/v1/plans", {}),
    ("POST", "/v1/plans", {"Idempotency-Key": "wait"})])
def test_nothing_waits_longer_for_a_lock(database, start_api, alice, method, path, headers):
    api = start_api(GT_STATEMENT_TIMEOUT_MS=300)
    body = {"json": {"title": "A plan", "organisation": "A council", "slug": "late"}} if method == "POST" else {}
    holder = database.connect()
    holder.autocommit = False
    holder.cursor().execute("LOCK TABLE plan IN ACCESS EXCLUSIVE MODE")
    began = time.monotonic()
    answer = api.request(method, path, alice, headers=headers, **body)
    assert time.monotonic() - began < 4
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1
    holder.rollback()
    assert api.request(method, path, alice, headers=headers, **body).status_code in (200, 201)


def test_times_are_told_in_utc_whatever_the_server_prefers(database, start_api, alice):
    database.execute(f"ALTER DATABASE {database.name} SET timezone = 'Pacific/Auckland'")
    api = start_api()
    assert api.post("/v1/plans", alice, json={"title": "A plan", "organisation": "A council", "slug": "utc"}).status_code == 201
    for path in ("/v1/plans/utc", "/v1/changes"):
        text = api.get(path, alice).text
        assert "+13:00" not in text and "+12:00" not in text and "Z\"" in text


def test_what_a_lent_session_was_told_is_not_left_in_it(database, start_api, alice, postgres, way):
    api = start_api()
    for n in range(3):
        assert api.post("/v1/plans", alice, json={"title": "A plan", "organisation": "A council", "slug": f"left-{n}"},
                        headers={"Idempotency-Key": f"left-{n}"}).status_code == 201
        assert api.get("/v1/plans?as_of=2022-03-31", alice).status_code == 200
    if not postgres.pooler:
        pytest.skip("a session of one's own is closed with its owner")
    borrower = psycopg2.connect(database.url("gt_api"))
    borrower.autocommit = True
    cursor = borrower.cursor()
    for _ in range(8):
        cursor.execute("SELECT array_agg(current_setting(name)) FROM unnest(%s) name", (["search_path", *NAMES[:2], NAMES[4]],))
        assert cursor.fetchone()[0] == ['"$user", public', "0", "0", "0"]
    borrower.close()


@pytest.mark.allow_log("^42703 ")
def test_a_statement_that_does_not_fit_stops_the_boot(database, start_api):
    database.execute("ALTER TABLE delivery RENAME COLUMN webhook_id TO hook_id")
    api = start_api(ready=False)
    api.process.wait(1)
    assert "delivery/list" in api.process.output()


@pytest.mark.allow_log("^42P05 ")
def test_prepared_statements_behind_a_pooler_are_warned_of(database, start_api, way):
    if way == "session":
        assert "GT_DATABASE_PREPARED" not in start_api().process.output()
        return
    api = start_api(ready=False, GT_DATABASE_PREPARED="on")
    programs.wait_until(lambda: "GT_DATABASE_PREPARED=off" in api.process.output(), "it says what to do")
