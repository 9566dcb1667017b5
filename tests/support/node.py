"""Programs of tests/node_modules: others' tools that judge what we made."""
import os
import shutil
import subprocess

from support import programs

TESTS = programs.ROOT / "tests"


def environment(**more):
    """Nothing of the tester's own but the path; no tool may call home."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/tmp"), "LC_ALL": "C.UTF-8",
            "REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "NO_COLOR": "1", "FORCE_COLOR": "0",
            **more}


def command(tool):
    """The tool as npm installed it; node itself is a tool too, and so is a program by its path."""
    if "/" in str(tool):
        return str(tool)
    if tool == "node":
        found = shutil.which("node")
        assert found, "node is missing: tests/run installs it"
        return found
    path = TESTS / "node_modules" / ".bin" / tool
    assert path.exists(), f"{tool} is missing: run  npm ci --ignore-scripts  in tests/"
    return str(path)


def start(log, tool, *args):
    """Starts it in the background; what it says goes to a file."""
    with open(log, "ab") as out:
        return subprocess.Popen([command(tool), *map(str, args)], cwd=TESTS, env=environment(), stdin=subprocess.DEVNULL,
                                stdout=out, stderr=out)


def run(tool, *args, status=0, cwd=TESTS, timeout=180, **settings):
    """Runs it to its end; gives what it said, both streams together."""
    done = subprocess.run([command(tool), *map(str, args)], cwd=cwd, env=environment(**settings), timeout=timeout,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                          errors="replace", check=False)
    assert status is None or done.returncode == status, \
        f"{tool} {' '.join(map(str, args))}: exit status {done.returncode}\n{done.stdout[-8000:]}"
    return done.stdout
