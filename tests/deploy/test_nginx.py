"""deploy/nginx/goldenthread.conf as it is shipped, by nginx itself, before the real API."""
import json
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import requests

from support import programs
from support.people import Person

NAME = "plans.council.example"
CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
               "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:localhost"]


class Nginx:
    """The shipped file, of which only the addresses, the files and (where a test needs it) a time are others."""

    def __init__(self, api, **times):
        self.folder = Path(tempfile.mkdtemp(prefix="gt-nginx-"))
        self.folder.chmod(0o755)  # nginx' workers are another user's
        self.http, self.https = programs.free_port(), programs.free_port()
        subprocess.run([*CERTIFICATE, "-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"],
                       check=True, capture_output=True)
        text = (programs.ROOT / "deploy/nginx/goldenthread.conf").read_text(encoding="utf-8")
        for ours, theirs in {"server 127.0.0.1:8080;": f"server 127.0.0.1:{api.port};", "listen 80;": f"listen 127.0.0.1:{self.http};",
                             "listen 443 ": f"listen 127.0.0.1:{self.https} ", "/etc/ssl/goldenthread": str(self.folder),
                             "/var/log/nginx": str(self.folder), **times}.items():
            assert ours in text
            text = text.replace(ours, theirs)
        text = re.sub(r" *listen \[::\]:.*\n", "", text)
        (self.folder / "nginx.conf").write_text(
            f"pid {self.folder}/pid; error_log stderr; daemon off; worker_processes 1; events {{}}\nhttp {{\n"
            + "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
            + text + "}\n")
        self.command = [shutil.which("nginx", path=f"/usr/sbin:{programs.ROOT}/build/tools/nginx/usr/sbin"), "-c",
                        self.folder / "nginx.conf", "-p", self.folder]
        assert self.command[0], "nginx is missing: run tests/run once, it fetches it"
        self.check = subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)
        assert self.check.returncode == 0, self.check.stderr
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = str(self.folder / "certificate.pem")
        programs.wait_until(self._answers, "nginx answers", 20)

    def _answers(self):
        try:
            return self.get("/livez").status_code == 200
        except requests.ConnectionError:
            assert self.process.poll() is None, "nginx ended"
            return False

    def call(self, method, path, key=None, **how):
        headers = {"Host": NAME, **how.pop("headers", {})}
        if key:
            headers["Authorization"] = f"Bearer {key.token if isinstance(key, Person) else key}"
        return self.session.request(method, f"https://localhost:{self.https}{path}", headers=headers, timeout=30,
                                    allow_redirects=False, **how)

    def get(self, path, key=None, **how):
        return self.call("GET", path, key, **how)

    def connect(self, context=None):
        context = context or ssl.create_default_context(cafile=self.folder / "certificate.pem")
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.https), timeout=20), server_hostname=NAME)

    def log(self):
        return [json.loads(line) for line in (self.folder / "goldenthread.log").read_text().splitlines()]

    def stop(self):
        self.session.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.folder)


@pytest.fixture
def nginx(api):
    one = Nginx(api, **{"client_header_timeout 10s;": "client_header_timeout 1s;", "client_body_timeout 10s;": "client_body_timeout 1s;"})
    yield one
    one.stop()


def test_the_file_says_nothing_that_nginx_warns_of(nginx):
    assert "warn" not in nginx.check.stderr


def test_calls_come_through_with_key_id_and_tag(nginx, alice):
    made = nginx.call("POST", "/v1/plans", alice, json={"title": "A plan", "organisation": "A council", "slug": "one"})
    assert (made.status_code, made.headers["Location"]) == (201, "/v1/plans/1")
    answer = nginx.get("/v1/plans/one", alice, headers={"X-Request-Id": "dash.board_7-x"})
    assert (answer.status_code, answer.headers["X-Request-Id"], answer.headers["ETag"]) == (200, "dash.board_7-x", '"1"')
    assert answer.headers["Strict-Transport-Security"]
    assert "nginx/" not in answer.headers["Server"]
    done = nginx.call("PATCH", "/v1/plans/one", alice, json={"title": "Another"}, headers={"If-Match": answer.headers["ETag"]})
    assert done.status_code == 200
    assert nginx.get("/v1/plans/none-such", alice).headers["Content-Type"] == "application/problem+json"


def test_an_id_that_is_none_is_replaced_and_the_log_has_neither_key_nor_query(nginx, alice):
    given = nginx.get("/v1/actions?q=secretwords", alice, headers={"X-Request-Id": "a b;c"}).headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{32}", given)
    programs.wait_until(lambda: any(one["request"] == given for one in nginx.log()), "it is in the log", 10)
    text = (nginx.folder / "goldenthread.log").read_text()
    assert alice.token not in text and "secretwords" not in text


def test_plain_http_is_sent_to_https(nginx):
    answer = requests.get(f"http://127.0.0.1:{nginx.http}/v1/plans?limit=1", headers={"Host": NAME}, allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (308, f"https://{NAME}/v1/plans?limit=1")


@pytest.mark.filterwarnings("ignore:.*TLSv1_1")
def test_old_versions_of_tls_are_refused(nginx):
    for version, good in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)):
        context = ssl.create_default_context(cafile=nginx.folder / "certificate.pem")
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        try:
            nginx.connect(context).close()
            assert good, version
        except (ssl.SSLError, ConnectionResetError):
            assert not good, version


def test_long_bodies_are_refused_but_imports_may_be_long(nginx, alice):
    assert nginx.call("POST", "/v1/plans", alice, data=b" " * (1024 * 1024 + 1)).status_code == 413
    long = nginx.call("POST", "/v1/imports?dry_run=true", alice, data=b"\n" * (2 * 1024 * 1024), headers={"Content-Type": "text/csv"})
    assert long.status_code == 422
    assert nginx.call("POST", "/v1/imports", alice, data=b" " * (16 * 1024 * 1024 + 1)).status_code == 413


def test_metrics_are_for_this_machine(api, nginx):
    assert nginx.get("/metrics").status_code == api.get("/metrics").status_code == 200
    other = Nginx(api, **{"allow 127.0.0.0/8;": "allow 192.0.2.0/24;"})
    try:
        assert other.get("/metrics").status_code == 403
    finally:
        other.stop()


@pytest.mark.parametrize("begun", [b"GET /livez HTTP/1.1\r\nHost: ", b"POST /v1/plans HTTP/1.1\r\nHost: " + NAME.encode()
                                   + b"\r\nContent-Length: 100\r\n\r\n{"])
def test_a_slow_client_is_cut_off_and_costs_the_api_nothing(nginx, api, begun):
    seen = len(api.log_events())
    with nginx.connect() as slow:
        slow.sendall(begun)
        began = time.monotonic()
        try:
            answer = slow.recv(4096)
        except ConnectionResetError:
            answer = b""
        assert answer == b"" or b" 408 " in answer.split(b"\r\n")[0]
        assert time.monotonic() - began < 10
    assert len(api.log_events()) == seen, "the API has not heard of it"


def test_a_flood_from_one_address_is_held_back(api):
    one = Nginx(api, **{"rate=50r/s": "rate=1r/s", "burst=200": "burst=5"})
    try:
        answers = [one.get("/livez").status_code for _ in range(20)]
        assert set(answers) == {200, 429} and answers.count(200) >= 4
    finally:
        one.stop()


def test_more_connections_of_one_address_than_allowed_are_refused(api):
    one = Nginx(api, **{"goldenthread_connections 20": "goldenthread_connections 2", "client_body_timeout 10s": "client_body_timeout 5s"})
    held = []
    try:
        for _ in range(2):
            slow = one.connect()
            slow.sendall(f"POST /v1/plans HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 100\r\n\r\n".encode())
            held.append(slow)
        programs.wait_until(lambda: one.get("/livez").status_code == 429, "the third is refused", 4)
    finally:
        for slow in held:
            slow.close()
        one.stop()
