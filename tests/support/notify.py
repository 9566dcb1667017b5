"""GOV.UK Notify's API as its documentation has it, on a free port of this machine: it records everything and
misbehaves when told to."""
import base64
import hashlib
import hmac
import http.server
import json
import re
import socket
import threading
import time
import urllib.parse
import uuid

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"reminders-of-st-helens-{SERVICE}-{SECRET}"
TEMPLATE = "217a419e-6a7d-482a-9596-718b889dffce"
FIELDS = {"email_address", "template_id", "personalisation", "reference", "email_reply_to_id",
          "one_click_unsubscribe_url", "sanitise_content_for"}


def _unpadded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_token(header):
    """The header and the payload of a bearer token whose signature is right; else None."""
    match = re.fullmatch(r"Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)", header or "")
    if not match:
        return None
    signed = f"{match[1]}.{match[2]}".encode()
    if not hmac.compare_digest(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest(), _unpadded(match[3])):
        return None
    return json.loads(_unpadded(match[1])), json.loads(_unpadded(match[2]))


def error(status, name, message="Something was wrong"):
    return status, {"errors": [{"error": name, "message": message}], "status_code": status}


class Request:
    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.bytes = method, target, headers, body
        parts = urllib.parse.urlsplit(target)
        self.path, self.query = parts.path, urllib.parse.parse_qs(parts.query)
        self.json = json.loads(body) if body else None
        self.token = read_token(headers.get("Authorization"))


class _Rule:
    def __init__(self, method, times, match, act):
        self.method, self.left, self.match, self.act = method, times, match, act

    def applies(self, request):
        if self.left == 0 or request.method != self.method or self.match not in (request.target + request.bytes.decode()):
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Hold:
    """Keeps a client waiting until release()."""

    def __init__(self):
        self.arrived, self.gate = threading.Event(), threading.Event()

    def wait_reached(self, timeout=30):
        assert self.arrived.wait(timeout), f"nobody came to the held request within {timeout} s"

    def release(self):
        self.gate.set()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self._serve(b"")

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers["Content-Length"])))

    def _serve(self, body):
        request = Request(self.command, self.path, self.headers, body)
        answer = self.server.service.answer(request)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, content = answer
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            self.close_connection = True  # the client did not wait

    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + self.server.service.clock_s)

    def log_message(self, *_):
        pass


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # a client that was killed


class NotifyService:
    """posts and look_ups: every request as it came. accepted: the notifications, as GET shows them."""

    def __init__(self):
        self.posts, self.look_ups, self.accepted, self.rules = [], [], [], []
        self.lock = threading.Lock()
        self.clock_s = 0  # how far its clock is ahead
        self.server = _Server(("127.0.0.1", 0), _Handler)
        self.server.service = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def settings(self):
        """For the notifier."""
        return {"GT_MAIL_URL": "notify:", "GT_NOTIFY_URL": self.url, "GT_NOTIFY_API_KEY": KEY,
                "GT_NOTIFY_TEMPLATE_ID": TEMPLATE}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(10)

    # ---- rules: match is a part of the address or the body; times=None: always ----

    def _add(self, method, times, match, act):
        self.rules.append(_Rule(method, times, match, act))

    def fail(self, status, name, method="POST", times=None, match="", message="Something was wrong"):
        """Answers that error and does nothing."""
        self._add(method, times, match, lambda _request, _proceed: error(status, name, message))

    def say(self, status, content, method="POST", times=None, match=""):
        """Answers these bytes and does nothing: not GOV.UK Notify itself, but something in between."""
        self._add(method, times, match, lambda _request, _proceed: (status, content))

    def drop(self, method="POST", times=None, match=""):
        """Does nothing and closes the connection."""
        self._add(method, times, match, lambda _request, _proceed: None)

    def lose_answer(self, times=None, match=""):
        """Does what it was asked and closes the connection without a word."""
        def act(request, proceed):
            proceed(request)
        self._add("POST", times, match, act)

    def fail_after(self, status, name, times=None, match=""):
        """Does what it was asked and answers an error all the same."""
        def act(request, proceed):
            proceed(request)
            return error(status, name)
        self._add("POST", times, match, act)

    def hold(self, before=False, times=1, match=""):
        """Keeps the client waiting, after (or before) doing what it was asked."""
        hold = Hold()

        def act(request, proceed):
            done = None if before else proceed(request)
            hold.arrived.set()
            hold.gate.wait(60)
            return proceed(request) if before else done
        self._add("POST", times, match, act)
        return hold

    def behave(self):
        self.rules.clear()

    # ---- what it does ----

    def answer(self, request):
        with self.lock:
            (self.posts if request.method == "POST" else self.look_ups).append(request)
            rule = next((one for one in self.rules if one.applies(request)), None)
        return rule.act(request, self._proceed) if rule else self._proceed(request)

    def _proceed(self, request):
        if not request.token or abs(request.token[1].get("iat", 0) - time.time() - self.clock_s) > 30 \
                or request.token[1].get("iss") != SERVICE:
            return error(403, "AuthError", "Invalid token")
        if request.method == "POST" and request.path == "/v2/notifications/email":
            return self._accept(request.json)
        if request.path == "/v2/notifications":
            wanted = request.query["reference"][0]
            return 200, {"notifications": [one for one in self.accepted if one["reference"] == wanted], "links": {}}
        found = [one for one in self.accepted if request.path == f"/v2/notifications/{one['id']}"]
        return (200, found[0]) if found else error(404, "NoResultFound", "No result found")

    def _accept(self, asked):
        if set(asked) - FIELDS or not 5 <= len(asked["email_address"]) <= 250:
            return error(400, "ValidationError", "Additional properties are not allowed")
        if asked["template_id"] != TEMPLATE:
            return error(400, "BadRequestError", "Template not found")
        values = asked["personalisation"]
        if set(values) != {"subject", "body"}:
            return error(400, "BadRequestError", "Missing personalisation")
        one = {"id": str(uuid.uuid4()), "reference": asked["reference"], "email_address": asked["email_address"],
               "type": "email", "status": "created", "subject": values["subject"], "body": values["body"],
               "created_at": "2022-03-24T08:30:00.000000Z", "sent_at": None, "completed_at": None}
        with self.lock:
            self.accepted.append(one)
        return 201, {"id": one["id"], "reference": one["reference"], "content": {
            "subject": one["subject"], "body": one["body"], "from_email": "the.council@notifications.service.gov.uk"},
            "template": {"id": TEMPLATE, "version": 1}}

    # ---- what came ----

    def to(self, address):
        return [one for one in self.accepted if one["email_address"] == address]

    def become(self, status, at="2022-03-24T08:31:00.000000Z"):
        """Every notification reaches that status."""
        for one in self.accepted:
            one.update(status=status, completed_at=at)
