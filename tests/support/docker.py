"""A Docker of the tests' own, with the product's images and stand-ins for the others that docker-compose.yml names.

Its daemon keeps everything under build/tools/docker, apart from any other Docker of the machine, and stops with the tests.
Nothing comes from a registry of images: debian:bookworm-slim is made by mmdebstrap, PostgreSQL and the mail catcher are built
on it (tests/deploy/stand_in)."""
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import programs

TOOLS = programs.ROOT / "build" / "tools"
STAND_IN = programs.ROOT / "tests" / "deploy" / "stand_in"
BASE = "debian:bookworm-slim"
# As on that image: no documentation but licences.
BASE_LEAVES_OUT = ["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-include=/usr/share/doc/*/copyright",
                   "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*"]
PULLED = {"postgres:15-bookworm": "postgres", "maildev/maildev:2.2.1": "maildev"}
OURS = {"goldenthread-build:local": "build", "goldenthread-api:local": "api", "goldenthread-notifier:local": "notifier"}
AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n", "--"]


def _path():
    """Where Docker's programs are: the machine's Debian package, or the one that tests/run has unpacked. Never another docker."""
    unpacked = [str(TOOLS / package / "usr" / name) for package in ("docker.io", "containerd", "runc") for name in ("sbin", "bin")]
    return os.pathsep.join(["/usr/sbin", "/usr/bin", *unpacked, "/sbin", "/bin"])


class Docker:
    """Started on construction, by stop() everything that it runs ends."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gt-docker-"))
        self.environment = {"PATH": _path(), "HOME": str(self.folder), "LANG": "C.UTF-8", "DOCKER_BUILDKIT": "0",
                            "DOCKER_HOST": f"unix://{self.folder}/docker.sock"}
        (TOOLS / "docker").mkdir(parents=True, exist_ok=True)
        self.lock = (TOOLS / "docker.lock").open("w")
        programs.wait_until(self._lock, "no other tests use this Docker", 900)
        assert shutil.which("dockerd", path=_path()), "dockerd is missing: run tests/run once, it fetches it"
        self.log = (self.folder / "dockerd.log").open("wb")
        self.daemon = subprocess.Popen(
            [*AS_ROOT, "env", f"PATH={_path()}", "dockerd", "--data-root", TOOLS / "docker", "--exec-root", self.folder / "exec",
             "--pidfile", self.folder / "pid", "--host", self.environment["DOCKER_HOST"], "--group", str(os.getgid()),
             "--bridge", "none", "--default-address-pool", "base=172.29.0.0/16,size=24"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        try:
            programs.wait_until(self._answers, "dockerd answers", 60)
        except BaseException:
            self.stop()
            raise

    def _lock(self):
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _answers(self):
        assert self.daemon.poll() is None, "dockerd ended:\n" + (self.folder / "dockerd.log").read_text()[-4000:]
        return self.run("docker", "version", status=None).returncode == 0

    def stop(self):
        if self.daemon.poll() is None:
            subprocess.run([*AS_ROOT, "kill", "-TERM", str(self._pid())], check=False)
            self.daemon.wait(60)
        self.log.close()
        self.lock.close()
        # dockerd leaves the network of containers without one mounted.
        subprocess.run([*AS_ROOT, "sh", "-c", 'umount "$0"/exec/netns/* 2>&1; rm -rf "$0"', self.folder], check=True,
                       stdout=subprocess.DEVNULL)

    def _pid(self):
        """Of dockerd itself, not of a sudo before it."""
        pid = self.folder / "pid"
        return int(pid.read_text()) if pid.exists() else self.daemon.pid

    def run(self, *words, status=0, cwd=None, timeout=600, **settings):
        """A command with this Docker; what it says on both outputs is in stdout."""
        done = subprocess.run([str(word) for word in words], cwd=cwd, env={**self.environment, **settings}, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        assert status is None or done.returncode == status, \
            f"{' '.join(map(str, words))}: exit status {done.returncode}, not {status}\n{done.stdout[-6000:]}"
        return done

    def inspect(self, thing):
        return json.loads(self.run("docker", "inspect", thing).stdout)[0]

    # ---- images ----

    def make_images(self):
        """All that docker-compose.yml names; what is there and has not changed is not made again."""
        if self.run("docker", "image", "inspect", BASE, status=None).returncode != 0:
            self._make_base()
        with ThreadPoolExecutor() as both:
            for one in [both.submit(self._build_stand_ins), both.submit(self._build_ours)]:
                one.result()
        self.run("docker", "image", "prune", "--force")

    def _make_base(self):
        tar = self.folder / "base.tar"
        self.run(*AS_ROOT, "mmdebstrap", "--quiet", "--variant=apt", *BASE_LEAVES_OUT, "bookworm", tar)
        self.run("docker", "import", tar, BASE)

    def _build(self, tag, target, context, *options):
        self.run("docker", "build", "--network=host", "--target", target, "--tag", tag, *options, context, timeout=1200)

    def _build_ours(self):
        for tag, target in OURS.items():
            self._build(tag, target, programs.ROOT, "--file", programs.ROOT / "deploy" / "Dockerfile")

    def _build_stand_ins(self):
        content = b"".join(path.read_bytes() for path in sorted(STAND_IN.iterdir()) if path.is_file())
        version = hashlib.sha256(content).hexdigest()
        for tag, target in PULLED.items():
            done = self.run("docker", "image", "inspect", "--format", "{{.Config.Labels.content}}", tag, status=None)
            if done.stdout.strip() == version:
                continue
            context = self.folder / "stand_in"
            if not context.exists():
                shutil.copytree(STAND_IN, context, ignore=shutil.ignore_patterns("node_modules"))
                subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=context, check=True,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
            self._build(tag, target, context, "--label", f"content={version}")
