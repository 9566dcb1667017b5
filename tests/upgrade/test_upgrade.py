"""From each release to this one: what people entered is all there and reads the same, and nobody hears twice."""
import subprocess
from types import SimpleNamespace

import pytest

from support import examples
from support.examples import STORY, Recorder
from support.people import ROLES, create_key
from support.seed import SLUG

DAYS_AFTER = (examples.NOW, "2022-04-06T07:30:00Z", "2022-04-07T07:30:00Z", "2022-04-08T07:30:00Z")
# What a release says of itself or of the moment.
OF_THE_MOMENT = ("system_ready", "system_docs", "system_openapi", "metric_list", "error_list", "error_read")


def difference(old, new, where=""):
    """Where new does not say what old said; members and texts that are new are no difference."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [line for name in old for line in difference(old[name], new.get(name), f"{where}/{name}")]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [line for n, pair in enumerate(zip(old, new)) for line in difference(*pair, f"{where}/{n}")]
    return [] if old == new else [f"{where}: {old!r} is now {new!r}"]


def read_all(api, key, operations):
    """Everything that the story reads: {operation and path: JSON, or text}"""
    found = {}
    for step in STORY:
        if step.operation not in operations or operations[step.operation][0] != "GET" or step.operation in OF_THE_MOMENT:
            continue
        answer = api.get(step.path, key, params={**step.query, **({"limit": 100} if "limit" in step.query else {})})
        if answer.status_code == 404:
            continue  # the story has deleted it
        assert answer.status_code == 200, f"{step.path}: {answer.text}"
        json = answer.headers["Content-Type"].endswith("json")
        found[f"{step.operation} {step.path}"] = answer.json() if json else answer.content
    return found


@pytest.fixture
def lived(old_database, release, start_api_on, notifier_on):
    """The plan of St Helens on 5 April 2022, made and written to by the programs of that release."""
    with release.programs():
        examples.live_through(old_database, notifier_on(old_database).once)
        carol, = [create_key(old_database.url("gt_api"), name, role) for name, role in ROLES.items()][2:]
        api = start_api_on(old_database)
        recorder = Recorder(api, carol.token, api.get("/openapi.json").json())
        for step in STORY:
            if step.operation in recorder.operations and recorder.operations[step.operation][0] != "GET":
                recorder.record(step)
        api.post(f"/v1/plans/{SLUG}/snapshots", carol, json={"name": "Before the upgrade"})
        found = read_all(api, carol, recorder.operations)
        api.stop()
    return carol, recorder.operations, found


def test_what_people_entered_reads_the_same(lived, old_database, migrate, start_api_on):
    carol, operations, before = lived
    assert len(before) > 20
    migrate(old_database)
    examples.set_clock(old_database, examples.NOW)
    after = read_all(start_api_on(old_database), carol, operations)
    changed = [f"{name}{line}" for name in before for line in difference(before[name], after[name])
               if not name.startswith(("plan_export_xlsx", "plan_export_calendar"))]
    assert changed == []


def test_the_schema_is_that_of_an_empty_database(old_database, migrate, postgres, template):
    """Whichever way it came there: no table, view, function or right is left over or missing."""
    migrate(old_database)
    assert structure(old_database) == structure(SimpleNamespace(server=postgres, url=lambda _: postgres.url("postgres", template.name)))


def structure(database):
    done = subprocess.run([database.server.bin / "pg_dump", "--schema-only", "--dbname", database.url("postgres")],
                          check=True, capture_output=True, text=True)
    return [line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict"))]


def test_the_record_can_still_be_verified(lived, old_database, migrate, run_api):
    migrate(old_database)
    said = run_api(old_database, "verify-changes").stdout
    assert "altered" not in said and old_database.value("SELECT count(*) FROM change") > 100


def test_nobody_hears_twice(lived, old_database, migrate, notifier_on, mail):
    """What the old notifier sent is sent; on the next days the new one goes on where it stopped."""
    migrate(old_database)
    ledger = "SELECT id, deadline_id, offset_days, lead_id, state, message_id FROM reminder WHERE state = 'sent' ORDER BY id"
    before = old_database.rows(ledger)
    assert before and mail.mails
    new = notifier_on(old_database)
    for day in DAYS_AFTER:
        examples.set_clock(old_database, day)
        told = new.run("--dry-run", "--at", day).stdout
        earlier = len(mail.mails)
        new.once(day)
        assert (len(mail.mails) > earlier) == (day[:10] in told), told
    assert old_database.rows(ledger)[:len(before)] == before
    assert old_database.value("SELECT count(*) FROM reminder WHERE state = 'sent'") > len(before)
    bodies = [one.bytes for one in mail.mails]
    assert len(bodies) - len(set(bodies)) == 1, "one answer had been lost: that email goes again, as it was"
