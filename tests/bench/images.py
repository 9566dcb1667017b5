"""The images' sizes, how soon the API is ready and the notifier at work, and what both hold in memory when idle.

python3 tests/bench/images.py: on the stack of docker-compose.yml, by a Docker of its own; needs root or sudo."""
import json
import os
import re
import statistics
import sys
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import programs
from support.compose import Compose
from support.docker import Docker

ROUNDS = 5
PROGRAMS = ("api", "notifier")
FIRST_WORDS = {"api": "serving on", "notifier": "started"}


def seconds_to_ready(stack, service):
    """From the start of the container's process to the log line that it is at work (the API: to its first good /readyz)."""
    stack("stop", service)
    stack("start", service)
    if service == "api":
        stack.wait_ready()
    began = start_of(stack.container(service)["State"]["Pid"])

    def said():
        lines = stack.docker.run("docker", "logs", "--tail", "50", stack.container(service)["Id"]).stdout.splitlines()
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [at for one in found if FIRST_WORDS[service] in one.get("message", "") and (at := instant(one["time"])) >= began]
    programs.wait_until(said, f"{service} is at work", 30)
    return said()[-1] - began


def start_of(pid):
    """Of a container's first process, its set-up by the runtime included; to a hundredth of a second. What Docker calls
    StartedAt it notes later, when the program may be at work already."""
    ticks = int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[19])
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + ticks / os.sysconf("SC_CLK_TCK")


def instant(text):
    """Seconds since 1970, of a line of the log."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def resident_mb(stack, service, name="VmRSS"):
    """RssAnon is what is its own; the rest are files that programs of one image share."""
    status = stack.proc(service, "status")
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024


def main():
    docker = Docker()
    try:
        docker.make_images()
        stack = Compose(docker)
        try:
            stack.secrets()
            stack.up()
            stack.wait_healthy(*PROGRAMS)
            print("| image | size | process start to at work | resident when idle | of which its own |\n|---|---|---|---|---|")
            for service in PROGRAMS:
                size = docker.inspect(f"goldenthread-{service}:local")["Size"] / 1e6
                times = [seconds_to_ready(stack, service) for _ in range(ROUNDS)]
                stack.wait_healthy(service)
                print(f"| `goldenthread-{service}` | {size:.0f} MB | {statistics.median(times) * 1000:.0f} ms "
                      f"({min(times) * 1000:.0f} – {max(times) * 1000:.0f}) | {resident_mb(stack, service):.0f} MB | {resident_mb(stack, service, 'RssAnon'):.0f} MB |")
        finally:
            stack.close()
    finally:
        docker.stop()


if __name__ == "__main__":
    main()
