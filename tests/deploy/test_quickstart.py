"""deploy/quickstart in a copy of this clone: what a newcomer sees, and what the second day brings."""
import email
import email.policy
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
import requests

from support import programs


class Clone:
    """A copy of the tree's own files, with a port of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.run = folder / ".run"
        self.listen = f"127.0.0.1:{programs.free_port()}"
        self.url = f"http://{self.listen}"

    def quickstart(self, *words, status=0, **settings):
        # As on a newcomer's machine: no settings; and no pipe that a program left running could hold open.
        environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/", **settings}
        with tempfile.TemporaryFile() as out:
            code = subprocess.run([self.folder / "deploy/quickstart", *words], cwd="/", env=environment,
                                  stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=900, check=False).returncode
            out.seek(0)
            said = out.read().decode()
        assert code == status, f"quickstart {' '.join(words)}: exit status {code}, not {status}\n{said}"
        return said

    def start(self):
        return self.quickstart(GT_LISTEN=self.listen)

    def env(self):
        return dict(line.split("=", 1) for line in (self.run / "env").read_text().splitlines())

    def get(self, path):
        answer = requests.get(self.url + path, headers={"Authorization": f"Bearer {self.env()['GT_KEY']}"}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def pid(self, name):
        return int((self.run / f"{name}.pid").read_text().split()[0])

    def processes(self):
        """The pids of everything that runs from this clone's state."""
        home = str((self.run / "bin").resolve().parent)
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if home in command and ("goldenthread-" in command or "postgres" in command):
                found.append(int(entry.name))
        return found

    def mails(self):
        return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in sorted((self.run / "mail").glob("*.eml"))]


@pytest.fixture(scope="module")
def clone():
    parent = Path(tempfile.mkdtemp(prefix="gt-quickstart-"))
    parent.chmod(0o755)
    one = Clone(parent / "golden thread")
    shutil.copytree(programs.ROOT, one.folder, symlinks=True,
                    ignore=shutil.ignore_patterns("build", ".run", ".git", "node_modules", "__pycache__"))
    yield one
    one.quickstart("reset")
    left = one.processes()
    shutil.rmtree(parent)
    assert not left


def test_it_starts_on_a_machine_with_nothing_but_the_clone(clone):
    said = clone.start()
    env = clone.env()
    assert set(env) == {"GT_URL", "GT_KEY", "GT_DATABASE_URL"}
    assert env["GT_URL"] == clone.url and env["GT_KEY"] in said
    assert stat.S_IMODE((clone.run / "env").stat().st_mode) == 0o600
    plan = clone.get(re.search(r"Plan +" + re.escape(clone.url) + r"(/\S+)", said)[1])
    assert plan["state"] == "active" and plan["adopted_on"] == "2021-12-01" and plan["owner"]
    assert clone.get("/readyz") == {"status": "ready"}


def test_the_curl_lines_work_as_printed(clone):
    lines = [line for line in clone.start().splitlines() if line.startswith("curl ")]
    assert len(lines) == 3
    answers = [json.loads(subprocess.run(["sh", "-c", line], check=True, capture_output=True).stdout) for line in lines]
    overdue, action, update = answers
    assert overdue["items"] and {item["standing"] for item in overdue["items"]} == {"overdue"}
    assert action["description"] and action["leads"]
    assert update["action"] == action["id"]
    assert clone.get(f"/v1/actions/{action['id']}")["percent"] == update["percent"]


def test_readable_emails_to_nobody_real_are_there(clone):
    clone.start()
    mails = clone.mails()
    assert len(mails) >= 4
    for mail in mails:
        assert mail["To"].addresses[0].domain == "example.org" and mail["Subject"]
        text = mail.get_body(("plain",)).get_content()
        assert "March 2022" in text or "December 2021" in text
    everything = (clone.folder / "deploy/example/contacts.json").read_text()
    assert set(re.findall(r"@([\w.-]+)", everything)) == {"example.org"}


def test_every_contact_is_a_post_of_the_plan_or_above_one(clone):
    """A post that the import named otherwise would get an address and never an email."""
    clone.start()
    contacts = json.loads((clone.folder / "deploy/example/contacts.json").read_text())
    leads = {lead["name"]: lead for lead in clone.get("/v1/leads?limit=100")["items"]}
    above = {one.get("manager") for one in contacts.values()} | {n for n, one in contacts.items() if one.get("owns_plan")}
    assert all(lead["email"] and lead["holder"] for lead in leads.values())
    assert len(leads) == len(contacts)
    assigned = {lead["name"] for action in clone.get("/v1/actions?limit=100")["items"] for lead in action["leads"]}
    assert assigned == set(leads) - above


def test_nothing_runs_as_root_and_postgresql_has_no_port(clone):
    clone.start()
    owners = {Path(f"/proc/{pid}").stat().st_uid for pid in clone.processes()}
    assert len(clone.processes()) >= 3 and 0 not in owners
    psql = ["psql", "-XAt", clone.env()["GT_DATABASE_URL"], "-c", "SHOW listen_addresses"]
    assert subprocess.run(psql, check=True, capture_output=True, text=True).stdout == "\n"


def test_again_resumes(clone):
    clone.start()
    key, pids, mails = clone.env()["GT_KEY"], (clone.pid("api"), clone.pid("notifier")), len(clone.mails())
    said = clone.quickstart()  # without GT_LISTEN: the address stays
    assert key in said and clone.url in said
    assert clone.env()["GT_KEY"] == key and (clone.pid("api"), clone.pid("notifier")) == pids
    assert len(clone.get("/v1/plans")["items"]) == 1 and len(clone.get("/v1/leads?limit=100")["items"]) == 8
    assert len(clone.mails()) == mails


def test_stop_and_start_keep_the_data(clone):
    clone.start()
    key, changes = clone.env()["GT_KEY"], clone.get("/v1/actions?limit=100")["items"]
    clone.quickstart("stop")
    assert clone.processes() == []
    with pytest.raises(requests.ConnectionError):
        requests.get(clone.url + "/livez", timeout=5)
    clone.quickstart("stop")
    clone.quickstart()
    assert clone.env()["GT_KEY"] == key and clone.get("/v1/actions?limit=100")["items"] == changes


def test_it_comes_back_after_a_power_cut(clone):
    """What a reboot finds: no processes, every pid file, data that nobody closed in good order."""
    clone.start()
    key = clone.env()["GT_KEY"]
    pid_file = clone.run / "postgres" / "postmaster.pid"
    left_behind = pid_file.read_text()
    owner = pid_file.stat()
    for name in ("api", "notifier"):
        os.kill(clone.pid(name), signal.SIGKILL)
    os.kill(int(left_behind.split()[0]), signal.SIGQUIT)  # PostgreSQL's immediate shutdown: no checkpoint
    programs.wait_until(lambda: not clone.processes(), "the processes are gone")
    pid_file.write_text(left_behind.replace(left_behind.split()[0], str(dead_pid()), 1))
    pid_file.chmod(0o600)
    os.chown(pid_file, owner.st_uid, owner.st_gid)
    clone.quickstart()
    assert clone.env()["GT_KEY"] == key and clone.get("/v1/plans")["items"]
    assert "not properly shut down" in (clone.run / "log/postgres.log").read_text()


def dead_pid():
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid


def test_a_pid_that_is_somebody_elses_is_left_alone(clone):
    clone.start()
    clone.quickstart("stop")
    bystander = subprocess.Popen(["sleep", "600"])
    try:
        (clone.run / "api.pid").write_text(f"{bystander.pid} 1\n")
        clone.quickstart("stop")
        assert bystander.poll() is None
        clone.quickstart()
        assert clone.pid("api") != bystander.pid
    finally:
        bystander.kill()
        bystander.wait()


def test_a_taken_port_is_said_so(clone):
    clone.start()
    clone.quickstart("stop")
    with socket.create_server(("127.0.0.1", int(clone.listen.split(":")[1]))):
        said = clone.quickstart(status=1)
    assert clone.listen in said and "GT_LISTEN=" in said
    clone.quickstart()


def test_another_address_while_it_runs_is_refused(clone):
    clone.start()
    said = clone.quickstart(status=1, GT_LISTEN="127.0.0.1:1")
    assert clone.listen in said and "stop" in said


@pytest.mark.parametrize("words", [["begin"], ["stop", "now"], ["--help"]])
def test_other_words_are_refused(clone, words):
    assert "start|stop|reset" in clone.quickstart(*words, status=1)


def test_reset_deletes_everything(clone):
    clone.start()
    key = clone.env()["GT_KEY"]
    clone.quickstart("reset")
    assert clone.processes() == [] and not clone.run.exists()
    clone.quickstart("reset")
    clone.start()
    assert clone.env()["GT_KEY"] != key
    clone.quickstart("reset")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's programs run as another user")
def test_it_works_where_the_programs_user_cannot_enter(clone):
    """A clone under /root: what the programs write is elsewhere, and .run/ shows the way."""
    clone.folder.parent.chmod(0o700)
    try:
        clone.start()
        elsewhere = (clone.run / "mail").resolve()
        assert not elsewhere.is_relative_to(clone.folder) and len(clone.mails()) >= 4
        assert clone.get("/v1/plans")["items"]
        clone.quickstart("reset")
        assert not elsewhere.parent.exists() and not clone.run.exists()
    finally:
        clone.folder.parent.chmod(0o755)
