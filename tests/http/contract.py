"""The OpenAPI document as a judge: every answer that a test sees must be one that it promises."""
import json
import re
import subprocess
import threading
from urllib.parse import parse_qsl, urlsplit

import requests
from jsonschema import Draft202012Validator, FormatChecker, RefResolver

from support import programs
from support.api import Api, Wire

METHODS = ("get", "put", "post", "delete", "patch")
# What HTTP itself puts on an answer, and what every answer of ours has: told once, in the document's text.
PLAIN_HEADERS = {"date", "content-length", "content-type", "content-encoding", "connection", "cache-control", "x-content-type-options",
                 "allow"}


def load(folder):
    """The document as the build embeds it."""
    target = folder / "openapi.json"
    subprocess.run(["/usr/bin/python3", "-B", programs.ROOT / "cmake" / "openapi_json.py",
                    programs.ROOT / "api" / "openapi.yaml", programs.ROOT / "api" / "examples", target], check=True)
    return Contract(json.loads(target.read_text(encoding="utf-8")))


def routes():
    return json.loads(programs.run("goldenthread-api", "routes").stdout)


class Contract:
    def __init__(self, document):
        self.document = document
        self.resolver = RefResolver("", document)
        self.validators = {}
        self.succeeded = set()  # (method, path) of every operation that some test called with success
        self.explained = set()  # codes whose page in the catalogue of errors was seen
        self.operations = {
            (method.upper(), path): Operation(self, method.upper(), path, item)
            for path, item in document["paths"].items() for method in METHODS if method in item}

    def deref(self, node):
        while "$ref" in node:
            node = self.resolver.resolve(node["$ref"])[1]
        return node

    def schema_faults(self, schema, value):
        """What the schema has against the value, in words; empty when it fits."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            Draft202012Validator.check_schema(schema)
            self.validators[key] = Draft202012Validator(schema, resolver=self.resolver, format_checker=FormatChecker())
        return [f"{one.json_path}: {one.message[:300]}" for one in self.validators[key].iter_errors(value)]

    def find(self, method, path):
        """The operation behind a request; None when the document has none. HEAD is GET without a body."""
        wanted = "GET" if method == "HEAD" else method
        for (known, _), operation in self.operations.items():
            if known == wanted and operation.pattern.fullmatch(path):
                return operation
        return None

    def knows_path(self, path):
        return any(one.pattern.fullmatch(path) for one in self.operations.values())

    def check_problem(self, status, headers, body):
        """An answer outside every operation, or one whose operation is not known: a problem all the same."""
        assert headers.get("Content-Type") == "application/problem+json", f"{status}: {dict(headers)}"
        problem = json.loads(body)
        faults = self.schema_faults({"$ref": "#/components/schemas/Problem"}, problem)
        assert not faults, f"{status} {problem}: {faults}"
        assert problem["status"] == status
        if status == 405:
            assert headers.get("Allow"), "405 without Allow"
        return problem

    def check(self, request, response):
        """Fails when the answer (a requests.Response) is not one that the document promises."""
        method, path = request.method, urlsplit(request.url).path
        status, body = response.status_code, response.content
        what = f"{method} {path}: {status}"
        assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", response.headers.get("X-Request-Id", "")), what
        assert response.headers.get("Cache-Control") == "no-store", what
        assert response.headers.get("X-Content-Type-Options") == "nosniff", what
        operation = self.find(method, path)
        if method == "OPTIONS" and status == 204:
            assert response.headers.get("Allow") and not body, what
        elif operation is None or (status == 404 and not self.knows_path(path)) or status in (405, 501):
            assert status in (400, 404, 405, 413, 501), f"{what} is not in the document"
            if method != "HEAD":
                self.check_problem(status, response.headers, body)
        else:
            operation.check(request, response, what)


class Operation:
    def __init__(self, contract, method, path, item):
        self.contract = contract
        self.method = method
        self.path = path
        self.node = item[method.lower()]
        self.pattern = re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        self.parameters = [contract.deref(one) for one in item.get("parameters", []) + self.node.get("parameters", [])]
        self.responses = {int(status): contract.deref(one) for status, one in self.node["responses"].items()}
        self.body = contract.deref(self.node["requestBody"])["content"] if "requestBody" in self.node else {}

    def names(self, place):
        return {one["name"] for one in self.parameters if one["in"] == place}

    @property
    def body_schema(self):
        """The resolved schema of the body; None when there is none, or it is a file of one of several forms."""
        if not self.body or any(not type_.endswith("json") for type_ in self.body):
            return None
        return self.contract.deref(self.body["application/json"]["schema"])

    @property
    def example(self):
        """The example of the body; None without a body."""
        for content in self.body.values():
            if "example" in content:
                return content["example"]
        return None

    def check(self, request, response, what):
        status = response.status_code
        assert status in self.responses, f"{what} is not documented: {response.text[:500]}"
        promised = self.responses[status]
        self._check_headers(promised, response, what)
        self._check_body(promised, request, response, what)
        if 200 <= status < 300:
            self._check_accepted(request, what)
            self.contract.succeeded.add((self.method, self.path))

    def _check_headers(self, promised, response, what):
        known = {name.lower() for name in promised.get("headers", {})} | PLAIN_HEADERS
        unknown = {name.lower() for name in response.headers} - known
        assert not unknown, f"{what}: headers that are not documented: {unknown}"
        for name, node in promised.get("headers", {}).items():
            header = self.contract.deref(node)
            value = response.headers.get(name)
            assert value is not None or not header.get("required"), f"{what}: {name} is missing"
            faults = self.contract.schema_faults(header["schema"], value) if value is not None else []
            assert not faults, f"{what}: {name}: {faults}"

    def _check_body(self, promised, request, response, what):
        content = promised.get("content")
        if not content:
            assert not response.content, f"{what}: a body where none is documented"
            return
        type_ = response.headers.get("Content-Type")
        assert type_ in content, f"{what}: Content-Type {type_}"
        if request.method == "HEAD":
            assert not response.content and int(response.headers["Content-Length"]) > 0, what
            return
        if not type_.split(";")[0].endswith("json"):
            return  # a file: what is in it is for its own tests
        faults = self.contract.schema_faults(content[type_]["schema"], response.json())
        assert not faults, f"{what}: {faults}"
        if response.status_code >= 400:
            assert response.json()["status"] == response.status_code, what

    def _check_accepted(self, request, what):
        """What the document forbids must not succeed."""
        given = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
        assert {name for name, _ in given} <= self.names("query"), f"{what} took {given}"
        if self.body_schema and isinstance(request.body, (str, bytes)):
            faults = self.contract.schema_faults(self.body_schema, json.loads(request.body))
            assert not faults, f"{what} took a body that the document forbids: {faults}"


def codes_of(problem):
    return {problem["code"]} | {one["code"] for one in problem.get("errors", ())}


class CheckedApi(Api):
    """The shared client, whose every answer is checked; what is refused must have changed nothing."""

    def __init__(self, contract, database, log, **settings):
        self.contract = contract
        self.watch = None  # a cursor, once the server is up
        super().__init__(database, log, **settings)
        self.watch = database.connect().cursor()

    def last_change(self):
        self.watch.execute("SELECT coalesce(max(id), 0) FROM change")
        return self.watch.fetchone()[0]

    def request(self, method, path, key=None, **how):
        alone = self.watch and threading.current_thread() is threading.main_thread()
        before = self.last_change() if alone else 0
        response = super().request(method, path, key, **how)
        self.contract.check(response.request, response)
        self.check_limit(method, path, response)
        if response.headers.get("Content-Type") == "application/problem+json" and response.content:
            self.check_explained(response.json())
        if alone and (response.status_code >= 300 or method in ("GET", "HEAD", "OPTIONS")):
            assert self.last_change() == before, f"{method} {path}: {response.status_code}, and yet something changed"
        return response

    def check_limit(self, method, path, response):
        """Whoever showed a good key is told what it may still do; nobody else is."""
        operation = self.contract.find(method, urlsplit(path).path)
        keyed = operation and operation.node["x-role"] not in ("anyone", "notify") and response.headers.get("Connection") != "close"
        told = {"RateLimit", "RateLimit-Policy"} & set(response.headers)
        if not keyed or response.status_code in (401, 501) or not int(self.settings["GT_RATE_LIMIT"]):
            assert not told, f"{method} {path}: {response.status_code} with {told}"
        elif response.status_code < 500 and response.status_code != 429 and method != "OPTIONS":
            assert len(told) == 2, f"{method} {path}: {response.status_code} without RateLimit"

    def check_explained(self, problem):
        """The type of a problem leads to a page, and every code in it has one."""
        assert urlsplit(problem["type"]).path.endswith(f"/errors/{problem['code']}"), problem
        for code in codes_of(problem) - self.contract.explained:
            assert requests.get(f"{self.url}/errors/{code}", timeout=30).status_code == 200, f"{code}: no such page"
            self.contract.explained.add(code)

    def wire(self, timeout=10):
        return _CheckedWires(self.contract, super().wire(timeout))


class _CheckedWires:
    """The context manager of Api.wire, with wires that check."""

    def __init__(self, contract, manager):
        self.contract = contract
        self.manager = manager

    def __enter__(self):
        wire = self.manager.__enter__()
        wire.__class__ = CheckedWire
        wire.contract = self.contract
        return wire

    def __exit__(self, *what):
        return self.manager.__exit__(*what)


class CheckedWire(Wire):
    def answer(self, method="GET"):
        answer = super().answer(method)
        # The HTTP library below writes some refusals itself, as a little HTML without a type.
        if answer and answer.status >= 400 and "X-Request-Id" in answer.headers and method != "HEAD":
            self.contract.check_problem(answer.status, answer.headers, answer.body)
        return answer
