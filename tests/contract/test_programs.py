"""The programs of examples/ do what they say, and all say the same."""
import shutil
import subprocess

import pytest

from support import node, programs

FOLDER = programs.ROOT / "examples"
PROGRAMS = {"shell": ["bash", FOLDER / "golden-thread.sh"], "python": ["/usr/bin/python3", FOLDER / "golden_thread.py"],
            "javascript": [shutil.which("node"), FOLDER / "golden-thread.mjs"]}
PLAN = "st-helens-peer-review-2021"


@pytest.fixture(scope="module", params=PROGRAMS, ids=PROGRAMS.keys())
def example(request, api, recorder, template):
    """Runs the program of one language; (exit status, lines, what it complained of)."""
    def run(*arguments, person="alice", **settings):
        settings = {"GT_URL": api.url, "GT_KEY": template.people[person].token, **settings}
        done = subprocess.run([*map(str, PROGRAMS[request.param]), *map(str, arguments)], env=node.environment(**settings),
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", timeout=60, check=False)
        assert settings["GT_KEY"] not in done.stdout + done.stderr
        return done.returncode, done.stdout.splitlines(), done.stderr
    run.language = request.param
    return run


def test_what_is_overdue_on_every_page(example, api, alice):
    items, query = [], {"standing": "overdue", "limit": 100}
    items = api.get("/v1/actions", alice, params=query).json()["items"]
    status, lines, _ = example("overdue")
    assert status == 0 and len(items) > 5
    assert [line.split("\t") for line in lines] == [
        [one["plan"], one["reference"], min(end["due_on"] for end in one["deadlines"] if not end["done_on"]),
         one["leads"][0]["name"], one["description"]] for one in items]


def test_a_report_and_the_completion(example, api, alice, database):
    reference = {"shell": "1.1", "python": "1.2", "javascript": "2.1"}[example.language]
    status, lines, _ = example("complete", PLAN, reference, "It is “done” & published.")
    assert (status, lines) == (0, [f"{reference} is complete since 2022-04-05"])
    action = database.value("SELECT id FROM action WHERE reference = %s", (reference,))
    update, = api.get(f"/v1/actions/{action}/updates", alice).json()["items"]
    assert (update["note"], update["percent"], update["author"]) == ("It is “done” & published.", 100, "alice")
    assert database.value("SELECT count(*) FROM idempotency") > 0


def test_the_feed_from_a_place(example, api, alice, tmp_path):
    place = tmp_path / "place"
    assert example("follow", place, "--once") == (0, [], "")
    answer = api.post("/v1/actions/20/updates", alice, json={"percent": 10})
    assert answer.status_code == 201
    status, lines, _ = example("follow", place, "--once")
    said = sorted(tuple(line.split("\t")[1:]) for line in lines)
    assert status == 0 and said == [("alice", "created", "update", str(answer.json()["id"]), PLAN),
                                    ("alice", "updated", "action", "20", PLAN)]
    assert example("follow", place, "--once") == (0, [], "")


def test_a_refusal_is_told(example):
    status, _, complaint = example("complete", PLAN, "1.3", "x", person="bob")
    assert status != 0 and "403 forbidden: This needs a key with the role editor" in complaint
    status, _, complaint = example("complete", PLAN, "99", "x")
    assert status != 0 and f"{PLAN} has no action 99" in complaint
    assert example("overdue", GT_KEY="gt_live_none")[0] != 0
    assert example("nonsense")[0] != 0
