#!/usr/bin/env python3
"""Golden Thread from Python, with nothing but its own library:
  golden_thread.py overdue                         what is overdue, a line each
  golden_thread.py complete PLAN REFERENCE NOTE    report on an action and complete it (needs the role editor)
  golden_thread.py follow FILE [--once]            what changes from now on; FILE remembers the place
GT_URL and GT_KEY say where and who."""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path


class Refused(Exception):
    """An answer of 400 or more; problem is its application/problem+json."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}" +
                         "".join(f"\n  {one['pointer']}: {one['detail']}" for one in problem.get("errors", ())))
        self.status = status


class GoldenThread:
    def __init__(self, url, key):
        self.url, self.key = url, key

    def call(self, method, path, query=None, body=None, headers=None):
        """(the answer's JSON, its headers). Waits and repeats after 429 and 503; a POST should then have a key."""
        sent = {"Authorization": f"Bearer {self.key}", "Accept": "application/json", **(headers or {})}
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        address = self.url + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(6):
            request = urllib.request.Request(address, data, sent, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer), answer.headers
            except urllib.error.HTTPError as refused:
                if refused.code not in (429, 503) or attempt == 5:
                    raise Refused(refused.code, json.load(refused)) from None
                time.sleep(int(refused.headers.get("Retry-After", 1)))

    def items(self, path, query):
        """Every item of a list, page by page."""
        cursor = None
        while True:
            page, _ = self.call("GET", path, {"limit": 100, **query, **({"cursor": cursor} if cursor else {})})
            yield from page["items"]
            cursor = page["next_cursor"]
            if not cursor:
                return


def say(*fields):
    print("\t".join(map(str, fields)), flush=True)


def overdue(api):
    for action in api.items("/v1/actions", {"standing": "overdue"}):
        due = min(one["due_on"] for one in action["deadlines"] if not one["done_on"])
        lead = action["leads"][0]["name"] if action["leads"] else "nobody"
        say(action["plan"], action["reference"], due, lead, action["description"])


def complete(api, plan, reference, note):
    found = next((one for one in api.items("/v1/actions", {"plan": plan}) if one["reference"] == reference), None)
    if not found:
        sys.exit(f"{plan} has no action {reference}")
    path = f"/v1/actions/{found['id']}"
    # One key for this report: however often the call is repeated, there is one update.
    api.call("POST", f"{path}/updates", body={"note": note, "percent": 100},
             headers={"Idempotency-Key": f'"{uuid.uuid4()}"'})
    for attempt in range(5):
        _, headers = api.call("GET", path)
        try:
            action, _ = api.call("PATCH", path, body={"status": "complete"}, headers={
                "If-Match": headers["ETag"], "Content-Type": "application/merge-patch+json"})
        except Refused as refused:
            # 412: somebody was faster. Read it again, and go on if it still makes sense.
            if refused.status != 412 or attempt == 4:
                raise
        else:
            print(f"{action['reference']} is complete since {action['completed_on']}")
            return


def follow(api, file, once=False):
    file = Path(file)
    if not file.exists():
        file.write_text(api.call("GET", "/v1/changes", {"after": "latest"})[0]["next_after"])
    while True:
        page, _ = api.call("GET", "/v1/changes", {"limit": 100, "after": file.read_text().strip()})
        for one in page["items"]:
            say(one["at"], one["actor"], one["verb"], one["resource"], one["resource_id"], one["plan"] or "-")
        # Only what has been dealt with is behind the place.
        new = file.with_name(file.name + ".new")
        new.write_text(page["next_after"])
        new.replace(file)
        if page["next_cursor"] is None:
            if once:
                return
            time.sleep(10)


def main(arguments):
    match arguments:
        case ["overdue"]:
            run = overdue, ()
        case ["complete", plan, reference, note]:
            run = complete, (plan, reference, note)
        case ["follow", file]:
            run = follow, (file,)
        case ["follow", file, "--once"]:
            run = follow, (file, True)
        case _:
            sys.exit(__doc__)
    try:
        run[0](GoldenThread(os.environ["GT_URL"], os.environ["GT_KEY"]), *run[1])
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main(sys.argv[1:])
