"""Stoplight Prism as a proxy in front of the API: it holds each call and each answer to the OpenAPI document."""
import json
import re

import requests
from requests.structures import CaseInsensitiveDict

from support import node, programs


# What Prism does not pass on as it is: numbers beyond 2^53, the very bytes of a document, files that are no text.
SPOILT = ("/openapi.json", "/v1/plans/{plan}/export.json", "/v1/plans/{plan}/export.xlsx")


class Prism:
    """One for all servers of a session, which have its upstream port in turn."""

    def __init__(self, document, log):
        self.port, self.upstream = programs.free_port(), programs.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.paths = {method: [re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
                               for path, item in document["paths"].items() if method in item and path not in SPOILT]
                      for method in ("get", "put", "post", "delete", "patch")}
        # It writes the names of headers in small letters; these are the document's.
        self.headers = {name.lower(): name for response in document["components"]["responses"].values()
                        for name in response.get("headers", {})}
        self.judged = 0
        (log.parent / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
        self.process = node.start(log, "prism", "proxy", "--port", self.port, "--cors", "false", "--verboseLevel", "error",
                                  log.parent / "openapi.json", f"http://127.0.0.1:{self.upstream}")
        programs.wait_until(self._answers, "prism answers", 60)

    def _answers(self):
        assert self.process.poll() is None, "prism ended at start"
        try:
            return requests.get(self.url + "/livez", timeout=5).status_code > 0
        except requests.ConnectionError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def send(self, send, method, path, headers, data):
        """The answer of send(base address). It goes past Prism when the document has no such call or the body is not
        of its kind; and again directly when Prism cannot read it and answers by itself."""
        direct = f"http://127.0.0.1:{self.upstream}"
        known = any(one.fullmatch(path.partition("?")[0]) for one in self.paths.get(method.lower(), ()))
        if not known or not _is_readable(headers.get("Content-Type") or "", data):
            return send(direct)
        answer = send(self.url)
        if "X-Request-Id" not in answer.headers:
            return send(direct)
        violations = json.loads(answer.headers.pop("sl-violations", "[]"))
        answer.headers.pop("Keep-Alive", None)  # of the connection between us and Prism
        answer.headers = CaseInsensitiveDict({self.headers.get(name.lower(), name.title()): value
                                              for name, value in answer.headers.items()})
        self.judged += 1
        accepted = 200 <= answer.status_code < 300
        faults = [one for one in violations if one["location"][0] == "response" or accepted]
        assert not faults, f"{method} {path}: {answer.status_code}: Prism: {faults}"
        return answer


def _is_readable(type_, data):
    """A file that is no text would be spoilt; Prism never answers to some bodies that are no object."""
    if data is None or not type_.endswith("json"):
        return "openxmlformats" not in type_
    try:
        return isinstance(json.loads(data), dict)
    except ValueError:
        return False
