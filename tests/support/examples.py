"""The examples of the documentation, made by asking: one call an operation, in an order that tells a story.

Each is recorded in api/examples/OPERATION.json, which the build folds into the OpenAPI document and its page.
The plan is that of St Helens on 5 April 2022, a few days after its first dates."""
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from support import programs, seed
from support.api import RECEIPT_TOKEN

FOLDER = programs.ROOT / "api" / "examples"
NOW = "2022-04-05T08:30:00Z"
SOME_MOMENT = "2022-04-05T08:30:02.417Z"
PUBLIC_URL = "https://plans.council.example"
# Headers that a caller acts on; the others are the same on every answer.
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Link", "Content-Disposition", "Idempotency-Replayed")
STAMP = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
LONG_LIST, LONG_TEXT, LONG_FILE = 2, 400, 12
CSV = """No,Recommendation,Action,Lead,Timescale
1,Grow the skills that employers ask for,Map the courses on offer,Head of Skills,Dec 2021 – March 2022
,,Agree what is missing,Head of Skills,By the next review
"""
PLAN = "/v1/plans/st-helens-peer-review-2021"


@dataclass
class Step:
    """One call. body: the example of the document unless given. version_of: the address whose ETag is sent."""
    operation: str
    path: str
    query: dict = field(default_factory=dict)
    body: object = ...
    version_of: str = None
    headers: dict = field(default_factory=dict)
    name: str = None  # a second example of the operation
    only: dict = None  # the members of the answer that are enough to show, and what they show; ... as it came
    lines: str = None  # of a text, the lines that do not change from run to run, as a pattern

    @property
    def file(self):
        return FOLDER / f"{self.operation}{'.' + self.name if self.name else ''}.json"


STORY = [
    Step("system_live", "/livez"),
    Step("system_ready", "/readyz"),
    Step("metric_list", "/metrics", lines=r"(# \w+ )?goldenthread_(database_up|messages_waiting|messages_recent)\b"),
    Step("system_docs", "/docs"),
    Step("system_openapi", "/openapi.json", only={"openapi": ..., "info": {}, "paths": {}}),
    Step("error_list", "/errors"),
    Step("error_read", "/errors/stale_version"),
    # ---- reading ----
    Step("plan_list", "/v1/plans"),
    Step("plan_read", PLAN),
    Step("plan_progress", f"{PLAN}/progress"),
    Step("plan_coverage", f"{PLAN}/coverage"),
    Step("plan_export_csv", f"{PLAN}/export.csv"),
    Step("plan_export_json", f"{PLAN}/export.json"),
    Step("plan_export_xlsx", f"{PLAN}/export.xlsx"),
    Step("plan_export_calendar", f"{PLAN}/calendar.ics"),
    Step("recommendation_list", f"{PLAN}/recommendations", {"limit": 2}),
    Step("recommendation_read", "/v1/recommendations/1"),
    Step("action_list", "/v1/actions", {"standing": "overdue", "limit": 2}),
    Step("action_read", "/v1/actions/1"),
    Step("lead_list", "/v1/leads", {"limit": 2}),
    Step("lead_read", "/v1/leads/1"),
    Step("lead_actions", "/v1/leads/1/actions", {"limit": 1}),
    Step("ladder_read", "/v1/ladder"),
    Step("plan_ladder_read", f"{PLAN}/ladder"),
    Step("reminder_list", "/v1/reminders", {"action": 1, "limit": 2}),
    Step("action_reminders", "/v1/actions/1/reminders"),
    Step("reminder_forecast", "/v1/reminders/forecast", {"from": "2022-04-05", "to": "2022-04-29", "plan": "st-helens-peer-review-2021"}),
    Step("closure_list", "/v1/closures"),
    Step("message_list", "/v1/messages", {"limit": 1}),
    Step("message_read", "/v1/messages/1"),
    Step("timescale_preview", "/v1/timescales/read", {"text": "December 2021 Review – March 2022"}),
    Step("snapshot_create", f"{PLAN}/snapshots"),
    Step("snapshot_list", f"{PLAN}/snapshots"),
    # ---- writing ----
    Step("import_create", "/v1/imports", {"organisation": "St Helens Borough Council", "title": "Skills plan",
                                          "dry_run": "true"}, body=CSV),
    Step("import_create", "/v1/imports", {"organisation": "St Helens Borough Council", "title": "Skills plan"}, body=CSV,
         name="made"),
    Step("plan_create", "/v1/plans"),
    Step("plan_patch", PLAN, version_of=PLAN),
    Step("recommendation_create", f"{PLAN}/recommendations"),
    Step("recommendation_patch", "/v1/recommendations/1", version_of="/v1/recommendations/1"),
    Step("lead_create", "/v1/leads"),
    Step("lead_patch", "/v1/leads/1", version_of="/v1/leads/1"),
    Step("action_create", "/v1/recommendations/1/actions"),
    Step("assignment_put", "/v1/actions/1/leads/2", version_of="/v1/actions/1"),
    Step("assignment_delete", "/v1/actions/1/leads/2", version_of="/v1/actions/1"),
    Step("update_create", "/v1/actions/1/updates"),
    Step("update_list", "/v1/actions/1/updates"),
    Step("timescale_revise", "/v1/actions/2/timescales"),
    Step("timescale_list", "/v1/actions/2/timescales"),
    Step("deadline_patch", "/v1/actions/1/deadlines/1", version_of="/v1/actions/1"),
    Step("action_patch", "/v1/actions/1", version_of="/v1/actions/1"),
    Step("change_list", "/v1/changes", {"resource": "plan", "limit": 2}),
    Step("plan_compare", f"{PLAN}/compare", {"from": "2021-12-01"}),
    Step("ladder_put", "/v1/ladder", version_of="/v1/ladder"),
    Step("plan_ladder_put", f"{PLAN}/ladder", version_of=f"{PLAN}/ladder"),
    Step("closure_put", "/v1/closures", version_of="/v1/closures"),
    Step("message_retry", "/v1/messages/2/retry"),
    Step("receipt_notify", "/v1/receipts/notify"),
    Step("webhook_create", "/v1/webhooks"),
    Step("webhook_list", "/v1/webhooks"),
    Step("webhook_read", "/v1/webhooks/1"),
    Step("webhook_test", "/v1/webhooks/1/test"),
    Step("webhook_rotate", "/v1/webhooks/1/rotate-secret", {"overlap_hours": 48}),
    Step("delivery_list", "/v1/webhooks/1/deliveries", {"state": "queued", "limit": 2}),
    Step("webhook_replay", "/v1/webhooks/1/replay"),
    Step("webhook_patch", "/v1/webhooks/1", version_of="/v1/webhooks/1"),
    Step("webhook_delete", "/v1/webhooks/2", version_of="/v1/webhooks/2"),
    Step("key_create", "/v1/keys"),
    Step("key_list", "/v1/keys", {"limit": 2}),
    Step("key_rotate", "/v1/keys/4/rotate"),
    Step("key_read", "/v1/keys/4"),
    Step("key_revoke", "/v1/keys/4", headers={"If-Match": '"2"'}),
]


def set_clock(database, now):
    """What the database takes for now from here on, in the defaults of its columns too."""
    database.execute("CREATE OR REPLACE FUNCTION clock_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE"
                     f" AS $$ SELECT timestamptz '{now}' $$")
    database.execute("""DO $$ DECLARE one record; BEGIN
        FOR one IN SELECT d.adrelid::regclass AS name, a.attname AS field FROM pg_attrdef d
                   JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                   WHERE pg_get_expr(d.adbin, d.adrelid) = 'now()' LOOP
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT clock_now()', one.name, one.field);
        END LOOP; END $$""")


def live_through(database, notifier):
    """From the adoption of the plan to the first reminders, and on to NOW. notifier: runs it once, at a moment."""
    set_clock(database, "2021-12-01T09:00:00Z")
    seed.st_helens(database)
    set_clock(database, "2022-03-24T08:30:00Z")
    notifier("2022-03-24T08:30:00Z")
    # One email went and was never answered for.
    database.execute("UPDATE message SET state = 'uncertain', uncertain = 1, sent_at = NULL WHERE id = 2")
    set_clock(database, NOW)
    database.execute("""WITH made AS (INSERT INTO webhook (url, description)
                            VALUES ('https://hooks.council.example/golden-thread', 'Performance dashboard') RETURNING id),
                        health AS (INSERT INTO webhook_health (webhook_id) SELECT id FROM made)
                        INSERT INTO webhook_secret (webhook_id, secret) SELECT id, sha256('example') FROM made""")


class Recorder:
    def __init__(self, api, key, document):
        self.api = api
        self.key = key
        self.components = document["components"]
        self.operations = {node["operationId"]: (method.upper(), node) for item in document["paths"].values()
                           for method, node in item.items() if isinstance(node, dict) and "operationId" in node}

    def record(self, step):
        """The call and its answer as the file holds them."""
        method, node = self.operations[step.operation]
        headers = dict(step.headers)
        if step.version_of:
            headers["If-Match"] = self.api.get(step.version_of, self.key).headers["ETag"]
        data, type_ = self._body(step, node)
        if type_:
            headers["Content-Type"] = type_
        key = RECEIPT_TOKEN if node["x-role"] == "notify" else self.key if node.get("security") != [] else None
        answer = self.api.request(method, step.path, key,
                                  params=step.query, data=data, headers={**headers, "Accept-Encoding": "identity"})
        assert answer.status_code < 300, f"{step.operation}: {answer.status_code} {answer.text[:2000]}"
        request = {"method": method, "path": step.path, "query": {name: str(one) for name, one in step.query.items()},
                   "headers": headers}
        if type_:
            request["body"] = step.body if isinstance(step.body, str) else json.loads(data)
        found = self._answer(answer)
        if step.lines:
            found["body"] = "\n".join(one for one in answer.text.splitlines() if re.match(step.lines, one))
            found["shortened"] = True
        if step.only:
            found["body"] = {name: found["body"][name] if one is ... else one for name, one in step.only.items()}
            found["shortened"] = True
        return self._steady({"request": request, "answer": found})

    def _body(self, step, node):
        """(bytes, media type) of what is sent."""
        if "requestBody" not in node:
            return None, None
        if isinstance(step.body, str):
            return step.body.encode(), "text/csv"
        content = self._deref(node["requestBody"])["content"]
        body = step.body if step.body is not ... else next(one["example"] for one in content.values() if "example" in one)
        return json.dumps(body).encode(), next(iter(content))

    def _deref(self, node):
        _, _, kind, name = node.get("$ref", "///").split("/")
        return self.components[kind][name] if name else node

    @staticmethod
    def _answer(answer):
        out = {"status": answer.status_code,
               "headers": {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}}
        type_ = answer.headers.get("Content-Type", "")
        if type_.endswith("json"):
            out["body"], out["shortened"] = shorten(answer.json())
        elif type_.startswith("text/"):
            lines = answer.text.splitlines()
            out["body"] = "\n".join(line[:LONG_TEXT] for line in lines[:LONG_FILE])
            out["shortened"] = len(lines) > LONG_FILE
        return out

    def _steady(self, value):
        """The same without what differs from run to run."""
        text = json.dumps(value, ensure_ascii=False).replace(self.api.url, PUBLIC_URL)
        text = STAMP.sub(lambda found: SOME_MOMENT if is_recent(found[0]) else found[0], text)
        text = re.sub(r"\b20\d{6}T\d{6}Z", "20220405T083002Z", re.sub(r"-20\d{18}-", "-20220405083002417000-", text))
        text = re.sub(r"Date: \w+, \d+ \w+ \d+ [\d:]+ \+0000", "Date: Thu, 24 Mar 2022 08:30:00 +0000", text)
        text = re.sub(r"gt_live_[0-9A-Za-z]{49}", "gt_live_Bg1VEXAMPLEexampleEXAMPLEexampleEXAMPLEexampleEXA", text)
        text = re.sub(r"whsec_[0-9A-Za-z+/]{43}=", "whsec_RVhBTVBMRWV4YW1wbGVFWEFNUExFZXhhbXBsZUVYQQ8=", text)
        text = re.sub(r"evt_[0-9a-f]{32}", "evt_3f2a9c0d5b1e4f7a8d6c2b9e0f1a7c44", text)
        text = re.sub(r"gt_live_[0-9A-Za-z]{4}\b", "gt_live_Bg1V", text)
        text = re.sub(r'\\"[0-9a-f]{32}(-[0-9.]+)?\\"', r'\\"9e107d9d372bb6826bd81d3542a419d6\1\\"', text)
        text = re.sub(r'("hash": "|"\d+:|after=\d+:)[0-9a-f]{64}', rf'\g<1>{"9f86d081884c7d65" * 4}', text)
        text = re.sub(r'("sha256": )"[0-9a-f]{64}"', rf'\1"{"8b4d7e390a153687" * 4}"', text)
        return json.loads(text)


def is_recent(stamp):
    moment = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return abs(datetime.now(timezone.utc) - moment) < timedelta(days=2)


def shorten(value):
    """Long lists of objects keep their first entries, long texts their beginning: (value, whether it was cut)."""
    if isinstance(value, list):
        long = len(value) > LONG_LIST and isinstance(value[0], dict)
        inner = [shorten(one) for one in (value[:LONG_LIST] if long else value)]
        return [one for one, _ in inner], long or any(cut for _, cut in inner)
    if isinstance(value, dict):
        inner = {name: shorten(one) for name, one in value.items()}
        return {name: one for name, (one, _) in inner.items()}, any(cut for _, cut in inner.values())
    if isinstance(value, str) and len(value) > LONG_TEXT:
        return value[:LONG_TEXT] + "…", True
    return value, False


def text_of(example):
    return json.dumps(example, ensure_ascii=False, indent=1) + "\n"
