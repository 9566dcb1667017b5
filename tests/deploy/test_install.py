"""The installed release: its programs are hardened, its units valid and tight, and what they forbid is nothing that is needed."""
import re
import shutil
import signal
import subprocess

import pytest
import requests

from support import installed, programs

PROGRAMS = ("goldenthread-api", "goldenthread-notifier")
MODULE = "lib/goldenthread/goldenthread-office.so"
SERVICES = ("api", "notifier", "migrate", "backup", "verify")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return installed.install(tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="module")
def units(root, tmp_path_factory):
    """The units, with the programs where they are installed here."""
    folder = tmp_path_factory.mktemp("units")
    for path in (root / "usr/lib/systemd/system").iterdir():
        (folder / path.name).write_text(path.read_text().replace("/usr/bin/", f"{root}/usr/bin/"))
    assert {path.name for path in folder.iterdir()} == {
        *(f"goldenthread-{name}.service" for name in SERVICES), "goldenthread-verify.timer", "goldenthread-backup.timer"}
    return folder


def test_everything_is_in_its_place(root):
    for name in (*(f"bin/{program}" for program in (*PROGRAMS, "goldenthread-backup", "goldenthread-restore")),
                 MODULE, "share/goldenthread/roles.sql", "share/goldenthread/templates/reminder.txt.mustache",
                 "share/goldenthread/prometheus/alerts.yml", "share/goldenthread/grafana/goldenthread.json",
                 "share/doc/goldenthread/README.md"):
        assert (root / "usr" / name).is_file(), name


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_programs_are_hardened(root, program):
    said = installed.command(installed.unpacked("devscripts", "hardening-check"), root / "usr/bin" / program)
    verdicts = dict(re.findall(r"^ (.+?): (\w+)", said, re.MULTILINE))
    # It knows the probes of variable frames only, which a program need not have; those of large ones are these.
    if verdicts.pop("Stack clash protection") == "unknown":
        assert re.search(r"\borq +\$0x0,\(%rsp\)", installed.command("objdump", "-d", "--no-show-raw-insn", root / "usr/bin" / program))
    assert len(verdicts) == 6 and set(verdicts.values()) == {"yes"}, said


def test_so_is_the_module(root):
    said = installed.command(installed.unpacked("devscripts", "hardening-check"), root / "usr" / MODULE, status=None)
    verdicts = dict(re.findall(r"^ (.+?): (\w+)", said, re.MULTILINE))
    assert "regular shared library (ignored)" in said and verdicts.pop("Position Independent Executable") == "no"
    verdicts.pop("Stack clash protection")  # nothing in it needs more than a page of stack
    verdicts.pop("Fortify Source functions")  # it copies into memory of arenas, whose size no compiler knows
    assert len(verdicts) == 4 and set(verdicts.values()) == {"yes"}, said


def test_a_program_without_its_module_says_so(root, tmp_path):
    alone = shutil.copy(root / "usr/bin/goldenthread-api", tmp_path)
    assert installed.command(alone, "routes", status=1) == (
        "goldenthread-api: goldenthread-office.so is missing: it belongs beside the program, or in ../lib/goldenthread\n")
    shutil.copy(root / "usr" / MODULE, tmp_path)
    assert installed.command(alone, "routes").startswith("[")


def test_the_units_are_valid(units):
    assert installed.command("systemd-analyze", "verify", *sorted(units.iterdir())) == ""


def test_a_mistake_in_a_unit_would_be_found(units, tmp_path):
    broken = tmp_path / "goldenthread-api.service"
    broken.write_text((units / broken.name).read_text().replace("NoNewPrivileges", "NoPrivileges"))
    assert "NoPrivileges" in installed.command("systemd-analyze", "verify", broken, status=None)


@pytest.mark.parametrize("name", SERVICES)
def test_the_units_expose_little(units, name):
    said = installed.command("systemd-analyze", "security", "--offline=true", "--threshold=20",
                             units / f"goldenthread-{name}.service")
    assert float(re.search(r"exposure level for \S+: ([\d.]+)", said)[1]) <= 2.0, said


def test_secrets_come_as_credentials_only(units):
    for path in units.glob("*.service"):
        text = path.read_text()
        assert re.findall(r"^Environment=(?!GT_[A-Z_]+_FILE=%d/)", text, re.MULTILINE) == []
        named = re.findall(r"^Environment=GT_\w+_FILE=%d/(\S+)$", text, re.MULTILINE)
        assert named and sorted(named) == sorted(re.findall(r"^LoadCredential=([^:]+):", text, re.MULTILINE))


# ---- what the programs ask of the kernel, against what the units allow ----

def system_calls(*sets):
    """The names in sets of system calls and in the sets that these name."""
    names, todo = set(), list(sets)
    while todo:
        for line in installed.command("systemd-analyze", "syscall-filter", todo.pop()).splitlines():
            word = line.strip()
            if line.startswith(" ") and not word.startswith("#"):
                (todo.append if word.startswith("@") else names.add)(word)
    return names


def traced(root, program, words, settings, log, work):
    """Runs it under strace until work(process) returns; gives the trace."""
    trace = log.with_suffix(".strace")
    with open(log, "wb") as out:
        process = subprocess.Popen(["strace", "-f", "-qq", "-s", "0", "-o", trace, root / "usr/bin" / program, *words],
                                   env=programs.environment(settings), stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        work(process)
        children = programs.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        subprocess.run(["kill", f"-{signal.SIGTERM.value}", *children], check=True)
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
    return trace.read_text(encoding="utf-8", errors="replace")


def test_nothing_that_the_units_forbid_is_needed(root, units, database, tmp_path, mail, st_helens):
    port = programs.free_port()
    url = f"http://127.0.0.1:{port}"

    def ask(_process):
        def ready():
            try:
                return requests.get(f"{url}/readyz", timeout=5).status_code == 200
            except requests.ConnectionError:
                return False
        programs.wait_until(ready, "the API is ready", 60)
        for path in ("/metrics", "/v1/plans", "/docs"):
            requests.get(url + path, timeout=30)

    def send(_process):
        mail.wait_for(1, 60)

    at = "2022-03-24T09:00:00Z"
    traces = {
        "api": traced(root, "goldenthread-api", ["serve"], {"GT_DATABASE_URL": database.url("gt_api"),
                      "GT_LISTEN": f"127.0.0.1:{port}"}, tmp_path / "api.log", ask),
        "notifier": traced(root, "goldenthread-notifier", ["run", "--at", at], {
            "GT_DATABASE_URL": database.url("gt_notifier"), "GT_MAIL_URL": mail.url.replace("127.0.0.1", "localhost"),
            "GT_MAIL_FROM": "gt@example.org"}, tmp_path / "notifier.log", send)}
    for name, trace in traces.items():
        unit = (units / f"goldenthread-{name}.service").read_text()
        allowed, refused = re.findall(r"^SystemCallFilter=(~?)(.+)$", unit, re.MULTILINE)
        assert (allowed[0], refused[0]) == ("", "~")
        may = system_calls(*allowed[1].split()) - system_calls(*refused[1].split())
        called = set(re.findall(r"^\d+ +([a-z_0-9]+)\(", trace, re.MULTILINE))
        assert len(called) > 20 and called - may == set(), f"{name} calls what its unit forbids"
        # AF_NETLINK is asked for by the resolver, which does without.
        families = set(re.findall(r"\bsocket\((AF_\w+)", trace)) - {"AF_NETLINK"}
        assert families <= set(re.search(r"^RestrictAddressFamilies=(.*)$", unit, re.MULTILINE)[1].split())
        assert not re.search(r"\b(mmap|mprotect)\(.*PROT_WRITE\|PROT_EXEC", trace), "MemoryDenyWriteExecute"
