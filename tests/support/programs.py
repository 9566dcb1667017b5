"""Finds the two programs, runs them, and fails the test in which a sanitizer speaks."""
import fcntl
import os
import random
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SANITIZER = re.compile(r"ERROR: \w+Sanitizer|: runtime error: |SUMMARY: \w+Sanitizer|DEADLYSIGNAL")
# A program that reads the host's time zone where it should read the plan's is found out by this one.
FOREIGN_ZONE = "Pacific/Auckland"


def build_dir():
    return Path(os.environ.get("GT_BUILD_DIR") or ROOT / "build" / "dev")


def program(name):
    path = build_dir() / name
    assert path.exists(), f"{path} is missing: build first, or set GT_BUILD_DIR"
    return str(path)


def environment(settings):
    """What a program gets: nothing of the tester's own GT_ settings, proxies or locale."""
    return {
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "TZ": FOREIGN_ZONE,
        "ASAN_OPTIONS": "detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        **{name: str(value) for name, value in settings.items() if value is not None},
    }


def assert_clean(name, text):
    found = SANITIZER.search(text)
    assert not found, f"{name}: a sanitizer report\n{text[max(0, found.start() - 200):][:8000]}"


def run(name, *args, settings=None, status=0, input=None, timeout=60):
    """Runs a program to its end. status: the exit status it must have; None takes any. input: text."""
    stdin = {"stdin": subprocess.DEVNULL} if input is None else {"input": input}
    done = subprocess.run([program(name), *map(str, args)], env=environment(settings or {}), **stdin,
                          capture_output=True, encoding="utf-8", errors="replace", timeout=timeout, check=False)
    what = f"{name} {' '.join(map(str, args))}"
    assert_clean(what, done.stderr)
    assert done.returncode >= 0, f"{what}: died of signal {-done.returncode}\n{done.stderr}"
    assert status is None or done.returncode == status, \
        f"{what}: exit status {done.returncode}, not {status}\n{done.stdout}\n{done.stderr}"
    return done


def _ports():
    """Free ports below those of outgoing connections, in any order, each of them once. A byte of a file is locked for each
    while this process lives: other tests that run at the same time get others."""
    with open(f"{tempfile.gettempdir()}/gt-ports-{os.geteuid()}", "ab") as locks:
        low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
        for port in random.sample(range(low // 2, low), low - low // 2):
            try:
                fcntl.lockf(locks, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            yield port
    raise AssertionError("no port is free")


_free_ports = _ports()


def free_port():
    """A port for a server that may come and go: nobody else is given it meanwhile."""
    return next(_free_ports)


def wait_until(condition, what, timeout=30):
    """Polls until condition() is true; its value is the answer."""
    end = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"waited {timeout} s in vain until {what}"
        time.sleep(0.02)


def children(pid):
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def kill9(pids):
    """The power cut, for processes that are not all our own children: they are gone when this returns."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(lambda: not any(_alive(pid) for pid in pids), f"the processes {pids} are gone")


class Process:
    """A program that runs until it is stopped. Its output goes to a file."""

    of_this_test = []  # for the report of a failure

    def __init__(self, name, args, settings, log):
        self.name = name
        self.log = Path(log)
        with open(self.log, "ab") as out:
            self.popen = subprocess.Popen([program(name), *map(str, args)], env=environment(settings),
                                          stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        Process.of_this_test.append(self)

    @property
    def pid(self):
        return self.popen.pid

    def output(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def running(self):
        return self.popen.poll() is None

    def has_connected(self, port):
        """Whether it has a connection to that port open now."""
        return any(one.raddr and one.raddr.port == port for one in psutil.Process(self.pid).connections("tcp"))

    def wait(self, status=0, timeout=30):
        """Waits until it ends by itself, with that exit status."""
        try:
            code = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
            raise AssertionError(f"{self.name} did not end within {timeout} s\n{self.output()[-4000:]}") from None
        assert_clean(self.name, self.output())
        assert code == status, f"{self.name}: exit status {code}, not {status}\n{self.output()[-4000:]}"

    def stop(self, timeout=30):
        """SIGTERM; must end in good order."""
        if self.running():
            self.popen.send_signal(signal.SIGTERM)
        self.wait(0, timeout)

    def kill9(self):
        """The power cut: no goodbye."""
        self.popen.kill()
        self.popen.wait()
        assert_clean(self.name, self.output())

    def signal(self, number):
        self.popen.send_signal(number)
