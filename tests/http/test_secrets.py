"""A key is shown once, to whom it is made for, and is nowhere else: no log, answer, table, command line or address"""
from pathlib import Path

import pytest

from routes_table import ROWS, World

PREFIX = len("gt_live_") + 4  # what people may see of a key


@pytest.fixture
def talkative(start_api):
    return start_api(GT_LOG_LEVEL="debug")


@pytest.fixture
def everything_stored(database):
    """Every row of every table, as text."""
    def read():
        tables = database.column("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
                                 "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        return "\n".join(row for table in tables for row in database.column(f"SELECT t::text FROM {table} t"))
    return read


def exercise(api, make, outbox, key):
    """Every route with a good call and with bad ones; gives every answer."""
    make.api = api
    for name, (row, _) in ROWS.items():
        method = name.split()[0]
        one = row(World(make, outbox))
        for path, how in [(one.path, one.how), (one.path + "?%zz", one.how), (one.path, {"data": b"{"}),
                          (one.path.replace("/v1/", "/v2/"), {}), (one.path, {"headers": {"Accept": "image/png"}})]:
            yield api.request(method, path, key, **how)


def test_no_key_is_found_anywhere(talkative, make, outbox, carol, everything_stored, database, postgres):
    api = talkative
    key = make.key_for(role="admin")["token"]
    made = [api.post("/v1/keys", carol, json={"name": "x", "role": "reader"}, headers={"Idempotency-Key": "k1"}),
            api.post("/v1/keys", carol, json={"name": "y", "role": "reader"})]
    made.append(api.post(f"/v1/keys/{made[1].json()['id']}/rotate", carol, json={}, headers={"Idempotency-Key": "k2"}))
    answers = list(exercise(api, make, outbox, key))
    assert {200, 201, 202, 204, 400, 404, 406, 415} <= {one.status_code for one in answers}
    tokens = [key, carol.token, *(one.json()["token"] for one in made)]
    assert len(set(tokens)) == 5
    told = [one.text for one in answers if not (one.request.path_url.startswith("/v1/keys") and one.status_code == 201)]
    told += [str(one.headers) for one in answers]
    places = {"answers": "\n".join(told), "the log": api.process.output(), "the tables": everything_stored(),
              "PostgreSQL's log": Path(postgres.log).read_text(encoding="utf-8", errors="replace"),
              "the command line": Path(f"/proc/{api.process.pid}/cmdline").read_text(encoding="utf-8"),
              "the environment": Path(f"/proc/{api.process.pid}/environ").read_text(encoding="utf-8"),
              "what PostgreSQL shows of its sessions": str(database.rows("SELECT * FROM pg_stat_activity"))}
    for place, text in places.items():
        for token in tokens:
            assert token[PREFIX:] not in text, f"a key is in {place}"
    assert len(places["the tables"]) > 10000 and len(places["the log"]) > 10000


def test_a_key_in_the_address_is_no_key_and_is_not_logged(talkative, alice):
    api = talkative
    for path in (f"/v1/plans?access_token={alice.token}", f"/v1/plans/{alice.token}", f"/{alice.token}",
                 f"/errors/{alice.token}", f"/v1/plans?{alice.token}", f"/v1/actions?cursor={alice.token}"):
        assert api.get(path).status_code in (400, 401, 404)
    assert alice.token[PREFIX:] not in api.process.output()


def test_a_key_in_another_header_is_no_key_and_is_not_logged(talkative, alice, changes):
    api = talkative
    for name in ("X-Api-Key", "Cookie", "Proxy-Authorization", "User-Agent", "Referer", "X-Request-Id", "Origin",
                 "Idempotency-Key", "If-Match", "Accept-Language"):
        answer = api.post("/v1/leads", json={"name": "x"}, headers={name: alice.token})
        assert answer.status_code == 401
        assert alice.token[PREFIX:] not in api.process.output()
    assert changes.new() == []
