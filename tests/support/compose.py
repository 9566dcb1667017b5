"""docker-compose.yml as it is shipped, in a folder and with ports of its own."""
import json
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import requests

from support import programs
from support.docker import AS_ROOT


class Compose:
    """Nothing runs until up(); close() leaves nothing behind."""

    def __init__(self, docker, file="docker-compose.yml", **settings):
        self.docker, self.file = docker, file
        self.folder = Path(tempfile.mkdtemp(prefix="gt-compose-"))
        for path in programs.ROOT.glob("docker-compose*.yml"):
            shutil.copy(path, self.folder)
        shutil.copytree(programs.ROOT / "deploy", self.folder / "deploy")
        self.port, self.mail_port = programs.free_port(), programs.free_port()
        self.settings = {"COMPOSE_PROJECT_NAME": f"gt{secrets.token_hex(4)}", "GT_PORT": str(self.port),
                         "GT_MAIL_PORT": str(self.mail_port), **settings}
        self.url = f"http://127.0.0.1:{self.port}"
        self.session = requests.Session()
        self.session.trust_env = False

    def __call__(self, *words, **how):
        """docker-compose WORDS: what it says."""
        return self.docker.run("docker-compose", "--file", self.file, *words, cwd=self.folder, **self.settings, **how).stdout

    def secrets(self, *words):
        subprocess.run([self.folder / "deploy" / "secrets", *words], check=True, capture_output=True)

    def up(self):
        self("up", "--detach", "--no-build")

    def close(self):
        self.session.close()
        self("down", "--volumes", "--timeout", "30")
        shutil.rmtree(self.folder)

    # ---- its containers ----

    def container(self, service):
        # Not by docker-compose, which takes a second to say it.
        marks = {"project": self.settings["COMPOSE_PROJECT_NAME"], "service": service, "oneoff": "False"}
        filters = [word for name, value in marks.items() for word in ("--filter", f"label=com.docker.compose.{name}={value}")]
        found = self.docker.run("docker", "ps", "--all", "--quiet", *filters).stdout.split()
        assert len(found) == 1, f"{len(found)} containers of {service}"
        return self.docker.inspect(found[0])

    def health(self, service):
        return self.container(service)["State"]["Health"]["Status"]

    def wait_healthy(self, *services, timeout=90):
        for service in services:
            programs.wait_until(lambda one=service: self.health(one) == "healthy", f"{service} is healthy", timeout)

    def proc(self, service, name):
        """/proc/…/NAME of its first process."""
        pid = self.container(service)["State"]["Pid"]
        return subprocess.run([*AS_ROOT, "cat", f"/proc/{pid}/{name}"], check=True, capture_output=True, text=True).stdout

    def execute(self, service, *words):
        """Runs a program in its container."""
        return self.docker.run("docker", "exec", self.container(service)["Id"], *words).stdout

    # ---- what it serves ----

    def create_key(self):
        return self.execute("api", "/usr/bin/goldenthread-api", "key", "create", "--name", "operator",
                            "--role", "admin").splitlines()[-1]

    def call(self, method, path, key=None, status=200, **how):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = self.session.request(method, self.url + path, headers={**headers, **how.pop("headers", {})}, timeout=30, **how)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def wait_ready(self):
        def ready():
            try:
                return self.session.get(self.url + "/readyz", timeout=5).status_code == 200
            except requests.ConnectionError:
                return False
        programs.wait_until(ready, "the API is ready", 60)

    def mails(self):
        """What the catcher has, by its own API."""
        answer = self.session.get(f"http://127.0.0.1:{self.mail_port}/email", timeout=30)
        return json.loads(answer.content)

    def plan(self, at):
        """One pass of the notifier as at this time, inside its container."""
        return self.execute("notifier", "/usr/bin/goldenthread-notifier", "--once", "--at", at)

    def stop(self, service):
        """SIGTERM; its exit status, and how many seconds it took."""
        begun = time.monotonic()
        self("stop", service)
        return self.container(service)["State"]["ExitCode"], time.monotonic() - begun
