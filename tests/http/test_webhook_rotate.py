"""POST /v1/webhooks/{id}/rotate-secret"""
import base64
from datetime import datetime, timedelta, timezone

import pytest


@pytest.fixture
def rotate(api, carol):
    def post(webhook, query=""):
        answer = api.post(f"/v1/webhooks/{webhook['id']}/rotate-secret{query}", carol)
        assert answer.status_code == 200, answer.text
        return answer.json()
    return post


@pytest.fixture
def secrets(database):
    """Those that sign now, newest first."""
    def read(webhook):
        return ["whsec_" + base64.b64encode(bytes(one)).decode() for one in database.column(
            "SELECT secret FROM webhook_secret WHERE webhook_id = %s AND coalesce(expires_at > now(), true)"
            " ORDER BY id DESC", (webhook["id"],))]
    return read


def until(webhook):
    return datetime.fromisoformat(webhook["previous_secret_until"].replace("Z", "+00:00"))


def test_both_sign_for_a_day(make, rotate, secrets):
    made = make.webhook()
    again = rotate(made)
    assert secrets(made) == [again["secret"], made["secret"]] and again["version"] == 2
    assert abs(until(again) - datetime.now(timezone.utc) - timedelta(hours=24)) < timedelta(minutes=1)


def test_for_as_long_as_asked(make, rotate, secrets):
    made = make.webhook()
    again = rotate(made, "?overlap_hours=1")
    assert abs(until(again) - datetime.now(timezone.utc) - timedelta(hours=1)) < timedelta(minutes=1)
    assert len(secrets(made)) == 2


def test_a_secret_that_became_known_ends_at_once(make, rotate, secrets):
    made = make.webhook()
    again = rotate(made, "?overlap_hours=0")
    assert secrets(made) == [again["secret"]] and again["previous_secret_until"] is None


def test_there_are_never_more_than_two(make, rotate, secrets, database):
    made = make.webhook()
    second, third = rotate(made), rotate(made)
    assert secrets(made) == [third["secret"], second["secret"]]
    assert database.value("SELECT count(*) FROM webhook_secret WHERE webhook_id = %s", (made["id"],)) == 2


def test_it_is_on_record_without_the_secret(make, rotate, changes):
    made = make.webhook()
    changes.new()
    rotate(made)
    rows = changes.expect(("created", "webhook_secret"), ("updated", "webhook_secret"), ("updated", "webhook"), actor="carol")
    assert not any("secret" in (row[side] or {}) for row in rows for side in ("before", "after"))
