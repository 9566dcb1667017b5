"""The real goldenthread-api on a free loopback port, and ways to call it."""
import http.client
import json
import socket
from contextlib import contextmanager

import requests

from support import programs
from support.people import Person, create_key

RECEIPT_TOKEN = "what-notify-shows-with-receipts"  # the role "notify"


class Api:
    """Started on construction, stopped by stop(); keeps its port over restarts. ready=False: does not
    wait until it is ready. proxy: a Prism through which its calls go."""

    def __init__(self, database, log, ready=True, proxy=None, **settings):
        self.database = database
        self.log = log
        self.proxy = proxy
        self.port = proxy.upstream if proxy else programs.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.settings = {"GT_DATABASE_URL": database.url("gt_api"), "GT_LISTEN": f"127.0.0.1:{self.port}",
                         "GT_PUBLIC_URL": self.url, "GT_LOG_FORMAT": "json",
                         "GT_RATE_LIMIT": 1000000, "GT_NOTIFY_RECEIPT_TOKEN": RECEIPT_TOKEN, **database.settings,
                         **settings}
        self.session = None
        self.process = None
        self.start(ready)

    # ---- the process ----

    def start(self, ready=True):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Accept-Encoding"] = "identity"  # tests that want gzip ask for it
        self.process = programs.Process("goldenthread-api", ["serve"], self.settings, self.log)
        if ready:
            self.wait_ready()

    def wait_ready(self, timeout=30):
        programs.wait_until(self._ready, "goldenthread-api is ready", timeout)

    def _ready(self):
        assert self.process.running(), f"goldenthread-api ended at start\n{self.process.output()[-4000:]}"
        try:
            return self.get("/readyz", timeout=5).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self):
        """SIGTERM: must end with exit status 0 and without a sanitizer report."""
        self.session.close()
        self.process.stop()

    def restart(self):
        self.stop()
        self.start()

    def kill9(self):
        self.session.close()
        self.process.kill9()

    def log_events(self):
        """The lines of its log as objects, oldest first."""
        return [json.loads(line) for line in self.process.output().splitlines() if line.startswith("{")]

    def create_key(self, name, role):
        return create_key(self.database.url("gt_api"), name, role)

    # ---- calls: key is a Person, a token, or None for no Authorization header ----

    def request(self, method, path, key=None, *, if_match=None, headers=None, timeout=30, **how):
        """Like requests.request; path begins with "/". json=, data=, params= as usual."""
        sent = {}
        if key is not None:
            sent["Authorization"] = f"Bearer {key.token if isinstance(key, Person) else key}"
        if if_match is not None:
            sent["If-Match"] = if_match
        sent.update(headers or {})
        how.setdefault("allow_redirects", False)

        def send(base):
            return self.session.request(method, base + path, headers=sent, timeout=timeout, **how)
        return self.proxy.send(send, method, path, sent, how.get("data")) if self.proxy else send(self.url)

    def get(self, path, key=None, **how):
        return self.request("GET", path, key, **how)

    def head(self, path, key=None, **how):
        return self.request("HEAD", path, key, **how)

    def options(self, path, key=None, **how):
        return self.request("OPTIONS", path, key, **how)

    def post(self, path, key=None, **how):
        return self.request("POST", path, key, **how)

    def patch(self, path, key=None, **how):
        return self.request("PATCH", path, key, **how)

    def put(self, path, key=None, **how):
        return self.request("PUT", path, key, **how)

    def delete(self, path, key=None, **how):
        return self.request("DELETE", path, key, **how)

    # ---- bytes by hand ----

    @contextmanager
    def wire(self, timeout=10):
        """A bare connection, for requests that no client library would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as bare:
            yield Wire(bare)

    def raw_request(self, data, method="GET", timeout=10):
        """Sends these bytes on a new connection and gives the first answer; None when the server
        closed without one. method: only tells whether the answer has a body (HEAD)."""
        with self.wire(timeout) as wire:
            wire.send(data)
            return wire.answer(method)


class Answer:
    """One answer as it came over the wire."""

    def __init__(self, response):
        self.status = response.status
        self.version = response.version
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Wire:
    """A socket that remembers what it has read ahead, so that several answers can follow each other."""

    def __init__(self, bare):
        self.socket = bare
        self.reader = bare.makefile("rb")

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before it was all sent: the answer may still be there

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, method="GET"):
        """The next answer; None when the connection ended first. Timeouts are errors of the test."""
        response = http.client.HTTPResponse(_Reader(self.reader), method=method)
        try:
            response.begin()
            return Answer(response)
        except (http.client.BadStatusLine, ConnectionResetError):
            return None

    def closed(self):
        """True when the server has closed and nothing is left to read (waits for it)."""
        try:
            return self.reader.read(1) == b""
        except ConnectionResetError:
            return True


class _Reader:
    """Lends the shared reader to http.client, which would close it after each answer."""

    def __init__(self, reader):
        self.reader = reader

    def makefile(self, _mode):
        return self

    def close(self):
        pass

    def flush(self):
        pass

    def __getattr__(self, name):
        return getattr(self.reader, name)
