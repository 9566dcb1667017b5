"""Endpoints of webhooks for tests: a real HTTPS server that records every post and can misbehave on purpose."""
import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support import programs

SECRET = bytes(range(32))


@dataclass
class Post:
    """One request as it came."""
    path: str
    headers: dict
    body: bytes
    at: float
    peer: tuple
    answered: int = None

    @property
    def id(self):
        return self.headers["webhook-id"]

    @property
    def event(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.event["data"]


def signature(secret, post):
    """What Standard Webhooks 1.0.0 wants to see, computed here."""
    content = f"{post.id}.{post.headers['webhook-timestamp']}.".encode() + post.body
    return "v1," + base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()


def shown(secret):
    return "whsec_" + base64.b64encode(secret).decode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # its sender has died: that is no post
            self.close_connection = True
            return
        post = Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body, time.monotonic(),
                    self.client_address)
        act = self.server.receiver.took(post)
        try:
            act(self, post)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def answer(self, post, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        post.answered = status

    def raw(self, *chunks):
        """These bytes for an answer, then the end."""
        for chunk in chunks:
            self.wfile.write(chunk)
            self.wfile.flush()
        self.close_connection = True

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, receiver, context):
        self.receiver = receiver
        self.context = context
        super().__init__(("127.0.0.1", 0), _Handler)

    def finish_request(self, request, client_address):
        if self.context:  # here, in the connection's own thread: a slow handshake is nobody else's
            request.settimeout(60)
            request = self.context.wrap_socket(request, server_side=True)
        try:
            super().finish_request(request, client_address)
        finally:
            if self.context:
                request.close()

    def handle_error(self, request, client_address):
        self.receiver.troubles += 1


# ---- what an endpoint does with a post ----

def status(code, body=b"", headers=(), after=0):
    def act(handler, post):
        time.sleep(after)
        handler.answer(post, code, body, headers)
    return act


def cut(handler, _post):
    """Takes it and says nothing: the connection ends."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def raw(*chunks):
    return lambda handler, _post: handler.raw(*chunks)


def drip(first, every, pause=0.2):
    """A beginning, then a little again and again, for ever."""
    def act(handler, _post):
        handler.raw(first)
        while True:
            handler.raw(every)
            time.sleep(pause)
    return act


class Receiver:
    """On a free port; tls=False for http. act: what it does with a post, or a function that says so of each."""

    def __init__(self, certificate=None):
        self.posts = []
        self.act = status(204)
        self.choose = None  # post -> act; None: self.act
        self.troubles = 0
        self.lock = threading.Lock()
        self.tls = certificate is not None
        self.server = _Server(self, certificate.context() if certificate else None)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://localhost:{self.port}/hook"

    def took(self, post):
        with self.lock:
            self.posts.append(post)
        return (self.choose and self.choose(post)) or self.act

    def wait_for(self, count, timeout=30):
        programs.wait_until(lambda: len(self.posts) >= count, f"{count} posts came ({len(self.posts)} so far)", timeout)
        return self.posts

    def hold(self):
        """Keeps every post waiting until release()."""
        gate = threading.Event()
        arrived = threading.Event()

        def act(handler, post):
            arrived.set()
            gate.wait(60)
            handler.answer(post, 204)
        self.act = act
        return Hold(arrived, gate)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)


@dataclass
class Hold:
    arrived: threading.Event
    gate: threading.Event

    def wait_reached(self, timeout=30):
        assert self.arrived.wait(timeout), f"no post came within {timeout} s"

    def release(self):
        self.gate.set()


class Hooks:
    """Webhooks and their deliveries in a database, without the API."""

    def __init__(self, database):
        self.database = database

    def add(self, url, secret=SECRET, **columns):
        names = "".join(f", {name}" for name in columns)
        marks = "".join(", %s::event_type[]" if name == "events" else ", %s" for name in columns)
        one = self.database.value(f"INSERT INTO webhook (url{names}) VALUES (%s{marks}) RETURNING id",
                                  (url, *columns.values()))
        self.database.execute("INSERT INTO webhook_health (webhook_id) VALUES (%s);"
                              "INSERT INTO webhook_secret (webhook_id, secret) VALUES (%s, %s)", (one, one, secret))
        return one

    def test(self, webhook, count=1):
        """As many test events for it, in no order among each other."""
        self.database.execute(
            "WITH made AS (INSERT INTO event (type, payload)"
            " SELECT 'webhook.test', event_payload('webhook.test', now(), '{\"webhook\":' || %s || '}')"
            " FROM generate_series(1, %s) RETURNING *)"
            " INSERT INTO delivery (webhook_id, event_id, body) SELECT w.id, m.id, delivery_body(w.format, m.type, NULL, m.payload)"
            " FROM made m JOIN webhook w ON w.id = %s ORDER BY m.id", (webhook, count, webhook))

    def due_again(self):
        """As if every wait were over."""
        self.database.execute("UPDATE delivery SET next_at = now() WHERE state IN ('queued', 'retry')")
        self.database.execute("UPDATE webhook_health SET rests_until = NULL")

    def expire_leases(self):
        self.database.execute("UPDATE delivery SET lease_until = now() - interval '1 second' WHERE state = 'leased'")

    def states(self, webhook=None):
        """{state: how many}"""
        rows = self.database.rows("SELECT state::text, count(*)::integer AS n FROM delivery WHERE %s IS NULL OR webhook_id = %s"
                                  " GROUP BY 1", (webhook, webhook))
        return {row["state"]: row["n"] for row in rows}

    def attempts(self, webhook=None):
        """Every attempt, oldest first."""
        return self.database.rows("SELECT t.*, d.webhook_id, event_name(e.uid) AS event FROM delivery_attempt t"
                                  " JOIN delivery d ON d.id = t.delivery_id JOIN event e ON e.id = d.event_id"
                                  " WHERE %s IS NULL OR d.webhook_id = %s ORDER BY t.started_at, t.delivery_id, t.n",
                                  (webhook, webhook))

    def row(self, webhook):
        return self.database.rows("SELECT * FROM webhook JOIN webhook_health ON webhook_id = id WHERE id = %s", (webhook,))[0]

    def waits(self):
        """Seconds from the last attempt's end to the next one, a delivery that waits."""
        return [float(one) for one in self.database.column(
            "SELECT extract(epoch FROM d.next_at - t.finished_at) FROM delivery d JOIN delivery_attempt t"
            " ON t.delivery_id = d.id AND t.n = d.attempts WHERE d.state = 'retry' ORDER BY d.id")]
