"""What both programs log, in both formats, while everything that can be a person's is planted everywhere: of no person a word."""
import json
import socket

import pytest

from routes_table import ROWS, World
from support import programs
from support.mail import MailSink
from support.notifier import Notifier
from support.oracle_small import MINUS_7, small
from support.webhook import Receiver

# Nobody is called so, and no program says these words of itself.
PLANTED = ("Zebedee", "Quillfeather", "zq-address", "zq-note", "zq-secret", "zq-token")
ADDRESS = "zq-address@quillfeather.example"
NAME = "Zebedee Quillfeather"


def exercise(api, make, outbox, key, every):
    """Every route: its good call with planted words in every text, and bad calls with them in every place."""
    make.api = api
    for name, (row, _) in list(ROWS.items())[::every]:
        method = name.split()[0]
        world = World(make, outbox)
        one = row(world)
        yield api.request(method, one.path, key, **one.how)
        for path in (f"{one.path}?q={NAME}", f"{one.path}/{ADDRESS}", f"{one.path}?zq-token={ADDRESS}", f"{one.path}%ff{ADDRESS}"):
            yield api.request(method, path, key, headers={"X-Request-Id": ADDRESS, "User-Agent": NAME, "Referer": f"https://{ADDRESS}/"})
        if method in ("POST", "PUT", "PATCH"):
            for body in ({"email": ADDRESS, "holder": NAME, "note": "zq-note\n{\"level\":\"error\"}", "url": "https://u:zq-secret@example.org/"},
                         {NAME: 1}, [NAME]):
                yield api.request(method, one.path, key, json=body, if_match="*")
            yield api.request(method, one.path, key, data=f'{{"note":"{NAME}'.encode(), if_match="*")


def raw(api, *requests):
    for request in requests:
        with socket.create_connection(("127.0.0.1", api.port), 30) as connection:
            connection.sendall(request.replace("\n", "\r\n").encode("latin-1"))
            while connection.recv(65536):
                pass


def assert_silent(text, form):
    for word in PLANTED:
        assert word.lower() not in text.lower(), next(line for line in text.splitlines() if word.lower() in line.lower())
    assert "@" not in text
    for line in text.splitlines():
        if form == "json":
            said = json.loads(line)
            assert {"time", "level", "program"} <= set(said) and ("event" in said) != ("message" in said), line
        else:
            assert line.startswith("time=") and " level=" in line, line


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_api_tells_of_nobody(start_api, make, outbox, carol, form, postgres, allow_all):
    api = start_api(GT_LOG_FORMAT=form, GT_LOG_LEVEL="debug")
    made = make.lead(name=f"Post of {NAME}, {form}", holder=NAME, email=ADDRESS)
    statuses = {one.status_code for one in exercise(api, make, outbox, carol, 2 if form == "json" else 8)}
    assert {200, 400, 404} <= statuses
    api.get(f"/v1/leads/{made['id']}", "gt_live_zq-token")
    api.get("/v1/plans", carol, headers={"Idempotency-Key": ADDRESS, "If-None-Match": f'"{NAME}"', "Cookie": "zq-secret"})
    raw(api, f"ZEBEDEE /v1/plans HTTP/1.1\nHost: x\nConnection: close\n\n", f"GET /{ADDRESS} HTTP/1.1\nHost: {ADDRESS}\nConnection: close\n\n",
        f"GET /x HTTP/9.9\n{NAME}: zq-secret\n\n", f"GET /\x1b[31m{NAME} HTTP/1.1\nHost: x\nConnection: close\n\n", f"{NAME}\n\n",
        f"POST /v1/plans HTTP/1.1\nHost: x\nConnection: close\nContent-Length: zq-secret\n\n", f"GET /u/zq-token HTTP/1.1\nHost: x\nConnection: close\n\n")
    text = api.process.output()
    assert_silent(text, form)
    assert len(text.splitlines()) > (150 if form == "json" else 50)


@pytest.fixture
def allow_all(postgres):
    """Other tests judge what PostgreSQL says; here it is provoked."""
    postgres.allowed.append(".")


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_notifier_tells_of_nobody(empty_database, migrate, tmp_path, certificate, form, allow_all):
    """A refusal, a deferral, a lost connection, a webhook that fails, a database that is away."""
    database = empty_database
    migrate(database)

    def named(data):
        for n, lead in enumerate(data["leads"].values()):
            lead |= {"holder": f"{NAME} {n}", "email": f"zq-address{n}@quillfeather.example"}
    live = small(database, named)
    live.sql("UPDATE action SET description = 'zq-note of Zebedee'")
    sink, receiver = MailSink(), Receiver(certificate)
    try:
        sink.refuse("rcpt", f"550 5.1.1 <{ADDRESS}> is unknown, says {NAME}", times=1)
        sink.refuse("body", f"451 4.3.0 {NAME} zq-note", times=2)
        sink.drop("body", times=1)
        database.execute("INSERT INTO webhook (url) VALUES (%s)", (receiver.url + "/zq-token",))
        notifier = Notifier(database, tmp_path, sink.url.replace("://", "://zq-secret@"), GT_LOG_FORMAT=form, GT_LOG_LEVEL="debug",
                            GT_MAIL_PASSWORD="zq-secret", GT_RETRY_SECONDS=1, GT_UNCERTAIN_SECONDS=1, GT_WEBHOOK_ALLOW="localhost")
        text = ""
        for settings in ({}, {"GT_MAIL_URL": sink.url}, {"GT_MAIL_URL": sink.url}, {"GT_MAIL_FROM": f"{NAME} <{ADDRESS}"},
                         {"GT_MAIL_URL": f"smtp://x:zq-secret@{ADDRESS}"},
                         {"GT_DATABASE_URL": "postgresql://gt_notifier:zq-secret@[::1/x"},
                         {"GT_DATABASE_URL": "postgresql://gt_notifier:zq-secret@127.0.0.1:nan/x"},
                         {"GT_DATABASE_URL": "postgresql://gt_notifier:zq-secret@127.0.0.1:1/x"}):
            text += notifier.once(MINUS_7, status=None, **settings).stderr
            database.execute("UPDATE message SET next_at = now() WHERE state IN ('retry', 'uncertain')")
    finally:
        receiver.stop()
        sink.stop()
    assert_silent(text, form)
    assert "planned" in text and "delivery" in text and "database" in text
