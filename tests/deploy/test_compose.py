"""docker-compose.yml as it is shipped: from nothing to a delivered reminder, and what a restart leaves."""
import threading
from collections import Counter

import pytest
import requests

from support import programs
from support.compose import Compose

PROGRAMS = ("api", "notifier")
SERVICES = ("db", "mail", *PROGRAMS)
LEADS = 150
BEFORE = "2022-03-24T09:00:00Z"  # a Thursday, a week before the day on which everything is due


@pytest.fixture(scope="module")
def stack(docker):
    one = Compose(docker)
    try:
        one.secrets()
        one.up()
        one.wait_healthy(*SERVICES)
        yield one
    finally:
        print(one("logs", "--tail", "50", "--no-color", status=None))  # shown when something failed
        one.close()


@pytest.fixture(scope="module")
def key(stack):
    return stack.create_key()


@pytest.fixture(scope="module")
def plan(stack, key):
    """An action for each of many leads, all due on one day, of which each hears once: a week before. Gives their addresses."""
    stack.call("POST", "/v1/plans", key, 201, json={"title": "Plan", "organisation": "A council", "slug": "plan"})
    stages = {"stages": [{"offset_days": -7, "audience": ["lead"]}]}
    stack.call("PUT", "/v1/plans/plan/ladder", key, headers={"If-Match": "*"}, json=stages)
    rows = "".join(f"1,Do better,1.{n},Action {n},Post {n},31 March 2022\n" for n in range(1, LEADS + 1))
    table = "Recommendation number,Recommendation,Reference,Action,Lead,Timescale\n" + rows
    stack.call("POST", "/v1/imports?plan=plan", key, 201, data=table, headers={"Content-Type": "text/csv"})
    addresses = {lead["id"]: f"post{lead['id']}@example.org" for lead in items(stack, key, "/v1/leads")}
    assert len(addresses) == LEADS
    for lead, address in addresses.items():
        stack.call("PATCH", f"/v1/leads/{lead}", key, headers={"If-Match": "*"}, json={"holder": "Somebody", "email": address})
    stack.call("PATCH", "/v1/plans/plan", key, headers={"If-Match": "*"}, json={"state": "active", "adopted_on": "2021-12-01"})
    return set(addresses.values())


def items(stack, key, path):
    """Every item of a list, over all its pages."""
    cursor = ""
    while cursor is not None:
        page = stack.call("GET", f"{path}?limit=100{cursor}", key).json()
        yield from page["items"]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"


def reminders(stack, key):
    """How many of them are in which state."""
    return Counter(one["state"] for one in items(stack, key, "/v1/reminders"))


@pytest.mark.parametrize("service", SERVICES)
def test_it_has_no_power_over_the_machine(stack, service):
    status = dict(line.split(":\t", 1) for line in stack.proc(service, "status").splitlines() if ":\t" in line)
    assert "0" not in status["Uid"].split() + status["Gid"].split()
    assert {int(status[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    mounts = [line.split() for line in stack.proc(service, "mountinfo").splitlines()]
    assert ["ro" in fields[5].split(",") for fields in mounts if fields[4] == "/"] == [True]
    limits = stack.container(service)["HostConfig"]
    assert limits["Memory"] and limits["NanoCpus"] and limits["PidsLimit"]
    assert limits["RestartPolicy"]["Name"] == "unless-stopped"


def test_only_the_api_and_the_catchers_page_are_reachable_and_only_from_here(stack):
    published = {}
    for service in SERVICES:
        for inside, outside in stack.container(service)["NetworkSettings"]["Ports"].items():
            if outside:
                published[service, inside] = [(one["HostIp"], int(one["HostPort"])) for one in outside]
    assert published == {("api", "8080/tcp"): [("127.0.0.1", stack.port)], ("mail", "1080/tcp"): [("127.0.0.1", stack.mail_port)]}


def test_the_database_is_in_a_network_without_a_way_out(stack):
    def reaches(service, address, port):
        wish = f"timeout 2 bash -c '</dev/tcp/{address}/{port}' 2>/dev/null && echo yes || echo no"
        return stack.execute(service, "bash", "-c", wish).strip() == "yes"

    def address(service, network):
        networks = stack.container(service)["NetworkSettings"]["Networks"]
        return networks[f"{stack.settings['COMPOSE_PROJECT_NAME']}_{network}"]["IPAddress"]
    assert reaches("db", address("api", "database"), 8080) and reaches("mail", address("mail", "outside"), 1080)
    assert not reaches("db", address("mail", "outside"), 1080)
    assert not reaches("mail", address("db", "database"), 5432)


def test_a_process_that_is_killed_in_its_container_does_not_restart_the_database(stack):
    """An orphan there goes to the first process, which PostgreSQL must not be."""
    def connected():
        asked = ("psql", "--username=postgres", "--tuples-only", "--no-align", "--command")
        return stack.execute("db", *asked, "SELECT pid FROM pg_stat_activity WHERE usename LIKE 'gt_%' ORDER BY 1 LIMIT 1")
    before = connected()
    stack.execute("db", "bash", "-c", "(sleep 60 & echo $! >/tmp/orphan)")
    stack.execute("db", "bash", "-c", "kill -KILL $(cat /tmp/orphan); while kill -0 $(cat /tmp/orphan); do :; done 2>/dev/null")
    assert before.strip() and connected() == before


def test_documents_are_written_and_read_in_the_container(stack, key, plan):
    """By the module that is loaded with the first one, and its libraries."""
    assert plan
    calendar = stack.call("GET", "/v1/plans/plan/calendar.ics", key)
    assert calendar.text.startswith("BEGIN:VCALENDAR") and calendar.text.count("BEGIN:VEVENT") == LEADS
    book = stack.call("GET", "/v1/plans/plan/export.xlsx", key)
    preview = stack.call("POST", "/v1/imports?plan=plan&dry_run=true", key, 200, data=book.content,
                         headers={"Content-Type": book.headers["Content-Type"]})
    assert f"Action {LEADS}" in preview.text


def test_the_images_hold_the_programs_and_little_else(docker, stack):
    for service in PROGRAMS:
        image = docker.inspect(f"goldenthread-{service}:local")
        assert image["Size"] < 100e6
        assert image["Config"]["User"] == "10001:10001" and image["Config"]["StopSignal"] == "SIGTERM"
        assert image["Config"]["Healthcheck"]["Test"][0] == "CMD"
        assert image["Config"]["Labels"]["org.opencontainers.image.title"] == f"goldenthread-{service}"
        shell = docker.run("docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", f"goldenthread-{service}:local", "-c", "true", status=127)
        assert "no such file" in shell.stdout


def test_secrets_come_as_files_only(stack):
    words = [(stack.folder / ".secrets" / f"password_{name}").read_text().strip() for name in ("postgres", "migrate", "api", "notifier")]
    assert len({*words}) == 4 and min(map(len, words)) >= 32
    for service in (*SERVICES, "migrate"):
        told = str(stack.container(service))
        assert not any(word in told for word in words)
    assert not any(word in stack("logs") for word in words)
    before = {path.name: path.read_text() for path in (stack.folder / ".secrets").iterdir()}
    stack.secrets()
    assert before == {path.name: path.read_text() for path in (stack.folder / ".secrets").iterdir()}, "they stay as they are"


def test_what_needs_a_file_for_a_while_works_without_a_root_to_write(stack, key, plan):
    assert stack.call("GET", "/v1/plans/plan/export.xlsx", key).content.startswith(b"PK")
    assert "20220331" in stack.call("GET", "/v1/plans/plan/calendar.ics", key).text


def test_each_reminder_arrives_once_though_the_notifier_is_stopped_midway(stack, key, plan):
    catcher = stack.container("mail")["Id"]
    stack("stop", "notifier")
    started = stack("run", "--detach", "--no-deps", "-e", "GT_MAIL_WORKERS=1", "notifier", "run", "--at", BEFORE).split()[-1]
    programs.wait_until(stack.mails, "the first reminder is in the catcher", 60)
    # Held still, so that the notifier is in the midst of an email when it is told to stop.
    stack.docker.run("docker", "pause", catcher)
    stack.docker.run("docker", "kill", "--signal", "TERM", started)
    stack.docker.run("docker", "unpause", catcher)
    assert stack.docker.run("docker", "wait", started, timeout=60).stdout.strip() == "0"
    stack.docker.run("docker", "rm", started)
    print(f"{len(stack.mails())} of {LEADS} delivered when it was stopped")
    stack("start", "notifier")
    stack.plan(BEFORE)
    programs.wait_until(lambda: reminders(stack, key) == {"sent": LEADS}, "all are sent", 60)
    mails = stack.mails()
    assert Counter(one["to"][0]["address"] for one in mails) == dict.fromkeys(plan, 1)
    assert len({one["messageId"] for one in mails}) == LEADS
    assert all("31 March 2022" in one["text"] for one in mails)


class Writer(threading.Thread):
    """Adds one progress note after the other until the API is gone; remembers which were acknowledged."""

    def __init__(self, stack, key, action, name):
        super().__init__()
        self.call = (f"{stack.url}/v1/actions/{action}/updates", {"Authorization": f"Bearer {key}"})
        self.label = name
        self.tried, self.acknowledged = [], []
        self.trouble = None

    def run(self):
        url, headers = self.call
        with requests.Session() as session:
            session.trust_env = False
            while True:
                self.tried.append(f"{self.label}-{len(self.tried)}")
                try:
                    answer = session.post(url, headers=headers, json={"note": self.tried[-1]}, timeout=30)
                except requests.ConnectionError:
                    return
                if answer.status_code != 201:
                    self.trouble = answer.text
                    return
                self.acknowledged.append(self.tried[-1])


def test_a_stop_of_the_api_under_load_loses_and_doubles_no_write(stack, key, plan):
    actions = [one["id"] for one in stack.call("GET", "/v1/actions?plan=plan&limit=4", key).json()["items"]]
    writers = [Writer(stack, key, action, f"note-{action}") for action in actions]
    for writer in writers:
        writer.start()
    programs.wait_until(lambda: all(len(writer.acknowledged) > 20 or writer.trouble for writer in writers), "everybody is writing", 30)
    assert not any(writer.trouble for writer in writers)
    status, seconds = stack.stop("api")
    for writer in writers:
        writer.join(60)
    assert status == 0 and seconds < 30
    stack("start", "api")
    stack.wait_ready()
    for writer, action in zip(writers, actions):
        assert writer.trouble is None or '"status":503' in writer.trouble, writer.trouble
        notes = [one["note"] for one in items(stack, key, f"/v1/actions/{action}/updates")]
        assert len(notes) == len(set(notes)), "nothing is there twice"
        assert set(writer.acknowledged) <= set(notes) <= set(writer.tried), "what was acknowledged is there"
        assert len(notes) - len(writer.acknowledged) <= 1, "at most the last one had no answer"


def test_down_and_up_again_loses_nothing_and_sends_nothing_again(stack, key, plan):
    def everything():
        return [stack.call("GET", path, key).json() for path in (
            "/v1/plans/plan", "/v1/plans/plan/export.json", "/v1/actions?limit=100", "/v1/leads?limit=100",
            "/v1/changes?after=latest")] + [reminders(stack, key)]
    before = everything()
    stack("down")
    stack.up()
    stack.wait_healthy(*SERVICES)
    assert everything() == before
    stack.plan(BEFORE)
    assert stack.mails() == []
    assert reminders(stack, key) == {"sent": LEADS}
