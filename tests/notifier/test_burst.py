"""Thousands of messages on a day that began with none: what was made for none does not serve for thousands."""
import psycopg2
import pytest

from support.oracle_small import MINUS_7, Crowd, plan_only

MANY = 10000
BATCH = 128
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
CLAIM = "SELECT id, token, (content->'to'->>'via')::bigint FROM message_claim(%s, %s)"
LEASE = ("SELECT message_lease(60, true, i, t, ARRAY(SELECT '<' || x || '@x>' FROM unnest(i) x), v, array_fill('N'::text, s),"
         " array_fill('a@example.org'::text, s), array_fill('S'::text, s), array_fill('M'::bytea, s))"
         " FROM (SELECT %s::bigint[] AS i, %s::bigint[] AS t, %s::bigint[] AS v, ARRAY[%s] AS s) x")
FINISH = ("SELECT count(*) FROM message_finish(%s::bigint[], %s::bigint[], array_fill('sent'::text, ARRAY[%s]), array_fill(0, ARRAY[%s]),"
          " array_fill(0, ARRAY[%s]), array_fill(250, ARRAY[%s]), array_fill('250 ok'::text, ARRAY[%s]))")


def send_batch(session):
    """As the notifier does it; gives how many."""
    with session.cursor() as cursor:
        cursor.execute(CLAIM, (BATCH, MINUS_7))
        rows = cursor.fetchall()
        ids, tokens, vias = map(list, zip(*rows)) if rows else ([], [], [])
        cursor.execute(LEASE, (ids, tokens, vias, len(ids)))
        assert cursor.fetchone() == (len(ids),)
        cursor.execute(FINISH, (ids, tokens, *[len(ids)] * 5))
        assert cursor.fetchone() == (len(ids),)
    session.commit()
    return len(ids)


def test_a_burst_goes_by_no_plan_from_before_it(database):
    """Such a plan takes over 25 seconds for a batch, and costs the statement its time-out. Nothing has analysed the tables
    since, as on a day on which a plan is imported."""
    crowd = Crowd(database, MANY)
    session = psycopg2.connect(database.url("gt_notifier"), options="-c statement_timeout=10s")
    try:
        assert send_batch(session) == 0
        assert plan_only(crowd, MINUS_7) == MANY
        for _ in range(3):
            assert send_batch(session) == BATCH
        assert crowd.count("sent") == 3 * BATCH
    finally:
        session.close()
