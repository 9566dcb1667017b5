"""The fixtures of every black-box test."""
import itertools
import os
from types import SimpleNamespace

import pytest

from support import programs, seed
from support.api import Api
from support.certificate import Certificate
from support.mail import MailSink, SmtpSink
from support.notifier import Notifier
from support.notify import NotifyService
from support.people import ROLES, create_key
from support.pgbouncer import Pgbouncer
from support.postgres import Postgres
from support.webhook import Hooks, Receiver

numbers = itertools.count(1)


# ---- PostgreSQL ----

@pytest.fixture(scope="session")
def postgres():
    """The session's cluster, with the product's roles. It must have nothing to complain of. With GT_PGBOUNCER=1 the
    programs reach it through PgBouncer."""
    server = Postgres()
    try:
        if os.environ.get("GT_PGBOUNCER"):
            server.pooler = Pgbouncer(server)
        server.sql_file(programs.ROOT / "deploy" / "roles.sql")
        yield server
        left = server.unexpected()
    finally:
        server.destroy()
    assert not left, "PostgreSQL complained:\n" + "\n".join(left)


def _migrated(server, name):
    database = server.create(name)
    programs.run("goldenthread-api", "migrate",
                 settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    return database


@pytest.fixture(scope="session")
def template(postgres):
    """Migrated once by the program itself, with the keys of Alice, Bob and Carol; tests get copies."""
    database = _migrated(postgres, "template_gt")
    people = {name: create_key(database.url("gt_api"), name, role) for name, role in ROLES.items()}
    return SimpleNamespace(name=database.name, people=people)


@pytest.fixture
def server_log(postgres, request):
    """Fails the test whose database complained more than the test's allow_log marks allow."""
    postgres.begin_test([one for mark in request.node.iter_markers("allow_log") for one in mark.args])
    yield
    left = postgres.unexpected()
    assert not left, "PostgreSQL complained (mark the test with allow_log if it should):\n" + "\n".join(left)


def _lent(postgres, template_name):
    name = f"gt_{next(numbers)}"
    database = postgres.create(name, template_name)
    try:
        yield database
    finally:
        database.close()
        if postgres.running():
            postgres.drop(name)


@pytest.fixture
def database(postgres, template, server_log):
    """A fresh, migrated database."""
    yield from _lent(postgres, template.name)


@pytest.fixture
def empty_database(postgres, server_log):
    """A fresh database of gt_owner with nothing in it."""
    yield from _lent(postgres, None)


@pytest.fixture
def migrate():
    """Migrates a database as an operator does; gives what the command printed. status=None takes any."""
    def run(database, status=0):
        return programs.run("goldenthread-api", "migrate", status=status,
                            settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    return run


# ---- people ----

@pytest.fixture
def alice(template):
    """An editor."""
    return template.people["alice"]


@pytest.fixture
def bob(template):
    """A reader."""
    return template.people["bob"]


@pytest.fixture
def carol(template):
    """An admin."""
    return template.people["carol"]


# ---- the programs ----

@pytest.fixture
def start_api(database, tmp_path):
    """Starts an Api with settings of the test's own; all are stopped at its end."""
    started = []

    def start(**settings):
        started.append(Api(database, tmp_path / f"api-{len(started)}.log", **settings))
        return started[-1]
    yield start
    for one in started:
        if one.process.running():
            one.stop()
        else:
            one.process.wait(one.process.popen.returncode)


@pytest.fixture
def api(start_api):
    return start_api()


@pytest.fixture
def mail():
    """A mail server that records everything and misbehaves when told to."""
    sink = MailSink()
    yield sink
    sink.stop()


@pytest.fixture
def notify():
    """GOV.UK Notify as we know it: records everything and misbehaves when told to."""
    service = NotifyService()
    yield service
    service.stop()


@pytest.fixture
def smtp_sink(tmp_path):
    """Starts postfix's smtp-sink with its own flags."""
    started = []

    def start(*options):
        started.append(SmtpSink(tmp_path / f"smtp-sink-{len(started)}", *options))
        return started[-1]
    yield start
    for one in started:
        one.stop()


@pytest.fixture
def notifier(database, tmp_path, mail):
    """The notifier, sending to the mail fixture's server."""
    one = Notifier(database, tmp_path, mail.url)
    yield one
    one.stop_all()


@pytest.fixture
def by_notify(database, tmp_path, notify):
    """The notifier, sending by the notify fixture's service."""
    one = Notifier(database, tmp_path, "notify:", **notify.settings, GT_MAIL_FROM=None)
    yield one
    one.stop_all()


# ---- webhooks ----

@pytest.fixture(scope="session")
def certificate():
    """Of localhost, by an authority that nobody else knows."""
    one = Certificate()
    yield one
    one.remove()


@pytest.fixture
def receiver(certificate):
    """An endpoint that records everything and misbehaves when told to."""
    one = Receiver(certificate)
    yield one
    one.stop()


@pytest.fixture
def hooks(database):
    """The database's webhooks."""
    return Hooks(database)


@pytest.fixture
def posting(notifier, certificate):
    """The notifier; it trusts the authority, and the operator lets it post to localhost."""
    notifier.settings |= {"GT_WEBHOOK_CA_FILE": certificate.ca, "GT_WEBHOOK_ALLOW": "localhost"}
    return notifier


# ---- the plan of St Helens ----

@pytest.fixture
def st_helens(database):
    """The published plan, imported by the program, with example contacts and in force."""
    return seed.st_helens(database)


# ---- what a failure shows ----

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    programs.Process.of_this_test.clear()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.failed:
        return
    for process in programs.Process.of_this_test:
        report.sections.append((f"{process.log.name} ({process.name})", process.output()[-20000:]))
    things = getattr(item, "funcargs", {})
    server = things.get("cluster") or things.get("postgres")
    if server:
        report.sections.append(("PostgreSQL's log", server.log_tail()))
