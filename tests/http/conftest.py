"""The fixtures of the HTTP tests: one database and one server a file, things to work on, the record of changes."""
import itertools
import os
import sys
import zlib
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))
import contract as contracts  # noqa: E402  (tests/http is not a package: http is Python's own)

from support.prism import Prism  # noqa: E402

numbers = itertools.count(100000)  # all of one width: names sort as they were made


# ---- the contract ----

class Judge:
    """What the session has seen, for its end."""
    contract = None
    whole = False


@pytest.fixture(scope="session")
def contract(tmp_path_factory):
    Judge.contract = contracts.load(tmp_path_factory.mktemp("openapi"))
    return Judge.contract


def pytest_collection_finish(session):
    here = Path(__file__).parent
    collected = {item.path.name for item in session.items if item.path.parent == here}
    narrowed = session.config.option.keyword or session.config.option.markexpr or \
        any("::" in arg for arg in session.config.args)
    Judge.whole = not narrowed and collected == {path.name for path in here.glob("test_*.py")}


def uncalled():
    """The operations that no test called with success; known once the whole folder has run."""
    if not Judge.whole or Judge.contract is None:
        return []
    return sorted(set(Judge.contract.operations) - Judge.contract.succeeded)


def pytest_sessionfinish(session, exitstatus):
    if uncalled() and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    for method, path in uncalled():
        terminalreporter.write_line(f"no test called {method} {path} with success", red=True)


# ---- one database and one server a file ----

@pytest.fixture(scope="module")
def database(postgres, template):
    name = f"gt_http_{next(numbers)}"
    one = postgres.create(name, template.name)
    yield one
    one.close()
    if postgres.running():
        postgres.allowed.append("^57P01 ")  # a backend may still be on its way out
        postgres.drop(name)


@pytest.fixture(scope="session")
def prism(contract, tmp_path_factory):
    """With GT_PRISM=1, a second judge of the same document, written by others; else None."""
    if not os.environ.get("GT_PRISM"):
        yield None
        return
    one = Prism(contract.document, tmp_path_factory.mktemp("prism") / "prism.log")
    yield one
    one.stop()


@pytest.fixture(scope="module")
def api(database, contract, prism, tmp_path_factory, request):
    settings = {"GT_THREADS": 4, "proxy": prism, **getattr(request.module, "SETTINGS", {})}
    one = contracts.CheckedApi(contract, database, tmp_path_factory.mktemp("api") / "api.log", **settings)
    yield one
    one.stop()


@pytest.fixture
def start_api(database, contract, tmp_path):
    """Starts another server with settings of the test's own; all are stopped at its end."""
    started = []

    def start(**settings):
        started.append(contracts.CheckedApi(contract, database, tmp_path / f"api-{len(started)}.log", **settings))
        return started[-1]
    yield start
    for one in started:
        if one.process.running():
            one.stop()


@pytest.fixture(autouse=True)
def quiet_database(server_log):
    """PostgreSQL may complain of what the schema refuses by design, and of nothing else."""


# ---- tokens ----

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="session")
def token_of():
    """A token with a right checksum around any secret of 43 digits."""
    def make(secret):
        token, check, digits = "gt_live_" + secret, zlib.crc32(f"gt_live_{secret}".encode()), ""
        for _ in range(6):
            check, digit = divmod(check, 62)
            digits = BASE62[digit] + digits
        return token + digits
    return make


@pytest.fixture(scope="session")
def unknown_token(token_of):
    """It looks like a key and is none."""
    return token_of("0" * 43)


# ---- things to work on ----

class Make:
    """Makes things through the API, each with a name of its own; gives the answer's JSON."""

    def __init__(self, api, key):
        self.api = api
        self.key = key

    def _post(self, path, body):
        answer = self.api.post(path, self.key, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def plan(self, **fields):
        n = next(numbers)
        return self._post("/v1/plans", {"title": f"Plan {n}", "slug": f"made-{n}", "organisation": "A council",
                                        **fields})

    def recommendation(self, plan=None, **fields):
        plan = plan or self.plan()
        return self._post(f"/v1/plans/{plan['id']}/recommendations",
                          {"number": f"R{next(numbers)}", "text": "Develop a clear narrative", **fields})

    def action(self, recommendation=None, **fields):
        recommendation = recommendation or self.recommendation()
        return self._post(f"/v1/recommendations/{recommendation['id']}/actions",
                          {"description": "Refresh the brochure", **fields})

    def lead(self, **fields):
        return self._post("/v1/leads", {"name": f"Director {next(numbers)}", **fields})

    def webhook(self, **fields):
        return self._post("/v1/webhooks", {"url": f"https://hooks.example.org/{next(numbers)}", **fields})

    def key_for(self, name="dashboard", role="reader", **fields):
        return self._post("/v1/keys", {"name": name, "role": role, **fields})


@pytest.fixture
def make(api, carol):
    return Make(api, carol)


@pytest.fixture
def plan(make):
    return make.plan()


@pytest.fixture
def recommendation(make, plan):
    return make.recommendation(plan)


@pytest.fixture
def action(make, recommendation):
    return make.action(recommendation)


@pytest.fixture
def lead(make):
    return make.lead()


# ---- the record of changes ----

class Changes:
    """What was recorded since the last look."""

    def __init__(self, database):
        self.database = database
        self.seen = 0
        self.new()

    def new(self):
        rows = self.database.rows("SELECT * FROM change WHERE id > %s ORDER BY id", (self.seen,))
        self.seen = max([row["id"] for row in rows], default=self.seen)
        return rows

    def expect(self, *what, actor, request_id=None):
        """Exactly these (verb, resource), in any order, by this actor, under this request id."""
        rows = self.new()
        assert sorted((row["verb"], row["resource"]) for row in rows) == sorted(what)
        assert {row["actor"] for row in rows} == {actor}
        if request_id:
            assert {row["request_id"] for row in rows} == {request_id}
        return rows


@pytest.fixture
def changes(database, api):
    return Changes(database)


@pytest.fixture
def pages(api):
    """Walks a list by its cursors; gives the pages' items. between: called after each page."""
    def walk(path, key, limit, between=None):
        join = "&" if "?" in path else "?"
        url, found = f"{path}{join}limit={limit}", []
        while url:
            answer = api.get(url, key)
            assert answer.status_code == 200, answer.text
            found.append(answer.json()["items"])
            cursor = answer.json()["next_cursor"]
            assert ("Link" in answer.headers) == (cursor is not None)
            if cursor:
                assert answer.links["next"]["url"] == f"{api.url}{path}{join}limit={limit}&cursor={cursor}"
                if between:
                    between()
            url = cursor and answer.links["next"]["url"][len(api.url):]
        return found
    return walk


@pytest.fixture
def limited(make):
    """A key that sees these plans only."""
    def make_key(*plans, role="editor"):
        return make.key_for(role=role, plans=[one["id"] for one in plans])["token"]
    return make_key


# ---- the notifier's tables, filled by hand ----

class Outbox:
    """Rows that only the notifier writes."""

    def __init__(self, database):
        self.database = database

    def message(self, lead, day="2022-03-24", state="sent", **columns):
        mime = f"Subject: Dyddiad cau\r\n\r\nAnnwyl {lead['name']} – £5\r\n"
        row = {"kind": "reminder", "lead_id": lead["id"], "day": day, "state": state,
               "mime": mime.encode() if state == "sent" else None, **columns}
        if state == "leased":
            row |= {"lease_token": 1, "lease_until": "2022-03-24T09:00:00Z"}
        return self._insert("message", row)

    def reminder(self, action, lead, day="2022-03-24", offset=-7, state="planned", deadline=0, **columns):
        return self._insert("reminder", {
            "deadline_id": action["deadlines"][deadline]["id"], "offset_days": offset, "lead_id": lead["id"],
            "audience": "lead", "stage_day": day, "day": day, "state": state, **columns})

    def attempt(self, message, n, **columns):
        self._insert("attempt", {"message_id": message, "n": n, **columns}, "n")

    def _insert(self, table, row, returning="id"):
        names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
        return self.database.value(f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING {returning}",
                                   tuple(row.values()))


@pytest.fixture
def outbox(database):
    return Outbox(database)


# ---- requests as bytes ----

@pytest.fixture
def post(api, alice):
    """Posts these very bytes as a plan."""
    def send(data, key=alice, **headers):
        data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return api.post("/v1/plans", key, data=data, headers={"Content-Type": "application/json", **headers})
    return send


@pytest.fixture
def get_raw(api, alice):
    """GET of a target that no client library would send as it is."""
    def send(target, *headers):
        head = [f"GET {target} HTTP/1.1", "Host: x", f"Authorization: Bearer {alice.token}", *headers]
        return api.raw_request(("\r\n".join(head) + "\r\n\r\n").encode())
    return send
