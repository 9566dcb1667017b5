"""deploy/backup and deploy/restore, end to end: nothing that may have left after the backup leaves again by itself."""
import json
import shutil
import subprocess

import pytest

from support import programs
from support.oracle_mail import reminders_in, said
from support.oracle_small import DUE, MINUS_1, MINUS_7, ON_THE_DAY, PARKS, ROADS, messages, plan_only, small
from support.notifier import Notifier

DEPLOY = programs.ROOT / "deploy"
SCRIPTS = ("backup", "restore", "connect.sh", "roles.sql")
EVENING = "2022-03-30T18:30:00Z"  # after MINUS_1's emails


@pytest.fixture
def operator(tmp_path):
    """Runs a script of deploy/ as installed beside the programs; gives what it said."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in SCRIPTS:
        shutil.copy(DEPLOY / name, folder)
    (folder / "goldenthread-api").symlink_to(programs.program("goldenthread-api"))

    def run(script, *words, url=None, status=0):
        done = subprocess.run([folder / script, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                              env=programs.environment({"GT_DATABASE_URL": url, "GT_LOG_FORMAT": "text"}), timeout=120, check=False)
        assert done.returncode == status, f"{script}: exit status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr
    return run


@pytest.fixture
def back_up(database, operator, tmp_path):
    def run(*options):
        (tmp_path / "backups").mkdir(exist_ok=True)
        said_by_it = operator("backup", *options, tmp_path / "backups", url=database.direct_url("gt_migrate"))
        return programs.Path(said_by_it.strip())
    return run


@pytest.fixture
def restore(empty_database, operator):
    """Restores into the empty database; the moments are moved to the days of the tests."""
    def run(dump, taken=MINUS_7, restored=EVENING):
        told = operator("restore", dump, url=empty_database.direct_url("gt_migrate"))
        assert "changes as sealed" in told and "goldenthread-notifier resume" in told
        empty_database.execute("UPDATE restored SET taken_at = %s, restored_at = %s", (taken, restored))
        return empty_database
    return run


@pytest.fixture
def after(empty_database, tmp_path, mail):
    """The notifier of the restored database, sending to the same people."""
    return Notifier(empty_database, tmp_path, mail.url)


def told_of(mail, address="roads@example.org"):
    return [reminders_in(one.text) for one in mail.to(address)]


def errors(done):
    return [json.loads(line)["event"] for line in done.stderr.splitlines() if '"level":"error"' in line]


def test_nothing_is_sent_twice(database, notifier, mail, back_up, restore, after):
    """Backed up while MINUS_7's emails were waiting. They left, MINUS_1's left, then the machine burned down."""
    live = small(database)
    assert plan_only(live, MINUS_7) > 0
    dump = back_up()
    notifier.once(MINUS_7)
    notifier.once(MINUS_1)
    sent = len(mail.accepted)
    assert told_of(mail) == [[("1.1", said(DUE)), ("1.2", said(DUE))]] * 2

    restored = restore(dump)
    assert errors(after.once(MINUS_1)) == ["restored: goldenthread-notifier resume releases it"]
    assert len(mail.accepted) == sent and restored.value("SELECT count(*) FROM message WHERE state = 'queued'") > 0

    assert "taken as sent until 2022-03-30T18:30:00" in after.run("resume").stdout
    assert errors(after.once("2022-03-31T06:00:00Z")) == []
    assert len(mail.accepted) == sent
    after.once(ON_THE_DAY)
    assert len(told_of(mail)) == 3, "what comes due after the restore is sent, once"
    after.once("2022-03-31T10:00:00Z")
    assert len(told_of(mail)) == 3
    shown = restored.rows("SELECT state::text, reason FROM reminder WHERE offset_days IN (-7, -1) GROUP BY 1, 2 ORDER BY 1")
    assert shown == [{"state": one, "reason": "may have been sent after the backup that was restored"} for one in ("failed", "suppressed")]
    after.run("resume", status=1)


def test_an_operator_who_knows_that_nothing_left_has_it_sent(database, mail, back_up, restore, after):
    live = small(database)
    plan_only(live, MINUS_7)
    restore(back_up())
    assert "0 waiting messages, 0 reminders" in after.run("resume", "--sent-until", "2022-03-24T08:00:00Z").stdout
    after.once(MINUS_7)
    assert len(told_of(mail)) == 1


def test_what_came_due_after_the_old_system_died_is_sent(database, notifier, mail, back_up, restore, after):
    small(database)
    notifier.once(MINUS_7)
    restore(back_up(), taken="2022-03-24T19:00:00Z")
    after.run("resume", "--sent-until", "2022-03-29T12:00:00Z")
    after.once(MINUS_1)
    assert len(told_of(mail)) == 2


@pytest.mark.parametrize("state,more", [("leased", ", lease_token = 7, lease_until = now()"), ("retry", ""), ("uncertain", ", uncertain = 1")])
def test_a_message_that_was_under_way_is_not_sent_again(database, mail, back_up, restore, after, state, more):
    live = small(database)
    plan_only(live, MINUS_7)
    live.sql(f"UPDATE message SET state = '{state}'{more}")
    restored = restore(back_up(), restored="2022-03-24T12:00:00Z")
    after.once("2022-03-24T13:00:00Z")
    after.run("resume")
    after.once("2022-03-24T13:00:00Z")
    assert mail.accepted == []
    assert restored.column("SELECT DISTINCT state::text FROM message") == ["failed"]


def test_events_wait_as_well(database, hooks, back_up, restore):
    small(database)
    restored = restore(back_up())
    assert restored.value("SELECT sending_held()")
    assert restored.value("SELECT event_due(%s)", (ON_THE_DAY,)) == 0
    assert restored.rows("SELECT * FROM delivery_claim(10, 60, 0)") == []


def test_the_restored_database_is_the_same(database, back_up, restore):
    live = small(database)
    plan_only(live, MINUS_7)
    live.sql("SELECT change_seal(1000)")
    restored = restore(back_up())
    counts = "SELECT (SELECT count(*) FROM reminder), (SELECT count(*) FROM change), (SELECT max(seq) FROM change_order)"
    assert restored.rows(counts) == database.rows(counts)
    rights = "SELECT relname, relacl::text, relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') ORDER BY 1"
    assert restored.rows(rights) == database.rows(rights)
    assert messages(live) and restored.value("SELECT has_database_privilege('gt_api', current_database(), 'CONNECT')")


def test_only_the_newest_backups_stay(back_up, tmp_path, database):
    small(database)
    for day in ("20220301", "20220302"):
        for end in ("dump", "manifest"):
            (tmp_path / "backups").mkdir(exist_ok=True)
            (tmp_path / "backups" / f"goldenthread-{day}T190000Z.{end}").touch()
    newest = back_up("--keep", "2")
    assert sorted(path.name for path in newest.parent.iterdir()) == sorted([
        "goldenthread-20220302T190000Z.dump", "goldenthread-20220302T190000Z.manifest", newest.name, newest.with_suffix(".manifest").name])


# ---- what it refuses ----

def damaged(dump):
    dump.write_bytes(dump.read_bytes()[:-100])
    return "checksum differs"


def unfinished(dump):
    dump.with_suffix(".manifest").unlink()
    return "never finished"


def miscounted(dump):
    manifest = dump.with_suffix(".manifest")
    manifest.write_text(manifest.read_text().replace("rows public.lead 6", "rows public.lead 7"))
    return "not as many rows"


@pytest.mark.parametrize("harm", [damaged, unfinished, miscounted])
def test_a_bad_backup_is_refused_and_the_database_stays_shut(database, back_up, empty_database, operator, harm):
    small(database)
    dump = back_up()
    message = harm(dump)
    assert message in operator("restore", dump, url=empty_database.direct_url("gt_migrate"), status=1)
    if harm is miscounted:
        assert not empty_database.value("SELECT has_database_privilege('gt_notifier', current_database(), 'CONNECT')")


def test_a_database_with_anything_in_it_is_refused(database, back_up, operator):
    assert "not empty" in operator("restore", back_up(), url=database.direct_url("gt_migrate"), status=1)


def test_a_database_in_use_is_refused(database, back_up, empty_database, operator):
    empty_database.connect("gt_notifier")
    assert "in use by gt_notifier" in operator("restore", back_up(), url=empty_database.direct_url("gt_migrate"), status=1)


def test_a_machine_without_roles_and_database_gets_them(database, back_up, operator, postgres):
    small(database)
    dump = back_up()
    url = postgres.url("gt_migrate", "gt_made_by_restore")
    try:
        operator("restore", "--create", postgres.url("postgres", "postgres"), dump, url=url)
    finally:
        postgres.drop("gt_made_by_restore")


def test_passwords_are_on_no_command_line(operator, tmp_path):
    """A psql that tells how it was called."""
    fake = tmp_path / "bin" / "psql"
    fake.write_text('#!/bin/sh\necho "$* [$PGPASSWORD]" >&2\n')
    fake.chmod(0o755)
    shown = operator("restore", "x.dump", url="postgresql://gt_migrate:p%40ss@127.0.0.1:1/gt", status=1)
    assert "p%40ss" not in shown and "p@ss" not in shown
