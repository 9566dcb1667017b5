"""A private PostgreSQL 15 for one test session, and the databases that tests get from its template."""
import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extras

from support import programs

SUPERUSER = "postgres"
DATABASE = "gt_test"
LOG_LINE = re.compile(r"^(?P<state>[0-9A-Z]{5}) \[\d+\] \S* (?P<level>WARNING|ERROR|FATAL|PANIC):  (?P<text>.*)$",
                      re.MULTILINE)
# What the schema refuses by design: our own SQLSTATEs and constraint violations. And the vacuum of a database that is
# being dropped is told to end, or comes too late.
BY_DESIGN = re.compile(r"^(GT...|23...|57P01 FATAL: terminating autovacuum process|3D000 FATAL: database \d+ does not exist)")
# What a server says when it was told to stop, was killed, or is coming back.
BY_STOPPING = r"^57P0\d |^00000 WARNING: terminating connection because of crash|^08006 "


def server_programs():
    """The folder of initdb and postgres: Debian's own, never a wrapper on the PATH."""
    candidates = [Path("/usr/lib/postgresql/15/bin")]
    if shutil.which("pg_config"):
        told = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        candidates.append(Path(told.stdout.strip()))
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise AssertionError("PostgreSQL's server programs are missing: run tests/run once, it installs them")


class Postgres:
    """One cluster: unix socket only, in a temporary folder; as root it runs as the user postgres."""

    def __init__(self, fsync=False):
        self.bin = server_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="gt-pg-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.identity = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []} if os.geteuid() == 0 else {}
        if self.identity:
            shutil.chown(self.folder, SUPERUSER, SUPERUSER)
        self.allowed = []
        self.checked_to = 0
        self.test_begins = 0
        self.popen = None
        self.pooler = None  # a Pgbouncer between the programs and this
        self._initdb()
        switch = "on" if fsync else "off"
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                       f"fsync = {switch}\nfull_page_writes = {switch}\nshared_buffers = 64MB\n"
                       "log_line_prefix = '%e [%p] %d '\nlog_min_messages = warning\nlc_messages = 'C'\n")
        self.start()

    def _spawn(self, name, args, out):
        return subprocess.Popen([str(self.bin / name), *map(str, args)], cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=out, stderr=out, env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                                **self.identity)

    def _initdb(self):
        with open(self.folder / "initdb.log", "w+", encoding="utf-8") as out:
            code = self._spawn("initdb", ["-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8",
                                          "--locale=C.UTF-8", "--no-sync"], out).wait(120)
            out.seek(0)
            assert code == 0, f"initdb: exit status {code}\n{out.read()}"

    # ---- the server: a child of ours, so that it can be waited for whatever becomes of it ----

    def start(self):
        with open(self.log, "ab") as out:
            self.popen = self._spawn("postgres", ["-D", self.data], out)
        self.wait_ready()

    def wait_ready(self):
        self.allowed.append(BY_STOPPING)  # "the database system is starting up"
        programs.wait_until(self._accepts, "PostgreSQL accepts connections", 60)

    def _accepts(self):
        assert self.running(), f"PostgreSQL ended at start\n{self.log_tail()}"
        try:
            self.connect().close()
            return True
        except psycopg2.OperationalError:
            return False

    def running(self):
        return self.popen is not None and self.popen.poll() is None

    def stop(self, mode="fast"):
        self.allowed.append(BY_STOPPING)
        self.popen.send_signal({"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}[mode])
        self.popen.wait(60)

    def restart(self, mode="fast"):
        self.stop(mode)
        self.start()

    def kill9(self):
        """The power cut: the postmaster and all its children are gone when this returns."""
        self.allowed.append(BY_STOPPING)
        programs.kill9([self.popen.pid, *programs.children(self.popen.pid)])
        self.popen.wait(60)

    def destroy(self):
        if self.pooler:
            self.pooler.stop()
        if self.running():
            self.stop("immediate")
        shutil.rmtree(self.folder)

    # ---- its log ----

    def begin_test(self, patterns):
        """From here on, these are the lines that may appear. What came before belongs to no test."""
        left = self.unexpected()
        assert not left, "PostgreSQL complained before the test:\n" + "\n".join(left)
        self.allowed = list(patterns)
        self.test_begins = self.log.stat().st_size

    def unexpected(self):
        """WARNING or worse since the last look that nobody allowed."""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self.checked_to)
            text = log.read()
            self.checked_to = log.tell()
        lines = [f"{m['state']} {m['level']}: {m['text']}" for m in LOG_LINE.finditer(text)]
        return [line for line in lines
                if not BY_DESIGN.match(line) and not any(re.search(one, line) for one in self.allowed)]

    def log_tail(self, lines=60):
        """What it said during this test."""
        if not self.log.exists():
            return ""
        with open(self.log, encoding="utf-8", errors="replace") as log:
            log.seek(self.test_begins)
            return "".join(log.readlines()[-lines:])

    # ---- databases ----

    def url(self, role, database):
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder), safe='/')}"

    def connect(self, database="postgres", role=SUPERUSER):
        connection = psycopg2.connect(self.url(role, database))
        connection.autocommit = True
        return connection

    def sql_file(self, path, database="postgres"):
        connection = self.connect(database)
        try:
            connection.cursor().execute(Path(path).read_text(encoding="utf-8"))
        finally:
            connection.close()

    def create(self, name, template=None):
        """A new database of gt_owner: empty, or a copy of a template with its rights."""
        if self.pooler and template:
            self.pooler.forget(template)
        connection = self.connect()
        try:
            cursor = connection.cursor()
            cursor.execute(f'CREATE DATABASE "{name}" OWNER gt_owner TEMPLATE "{template or "template0"}"')
            if template:
                # A copy does not take the database's own rights (CONNECT, TEMPORARY) along.
                cursor.execute("UPDATE pg_database d SET datacl = t.datacl FROM pg_database t"
                               " WHERE d.datname = %s AND t.datname = %s", (name, template))
        finally:
            connection.close()
        return Database(self, name)

    def drop(self, name):
        """Drops a database that nobody uses any more; a session that stays is somebody's leak."""
        if self.pooler:
            self.pooler.forget(name)
        connection = self.connect()
        cursor = connection.cursor()

        def sessions():
            cursor.execute("SELECT coalesce(array_agg(usename || ' ' || application_name), '{}')"
                           " FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", (name,))
            return cursor.fetchone()[0]
        try:
            # A session ends a moment after its client has gone.
            programs.wait_until(lambda: not sessions(), f"{name} is left", 10)
        finally:
            left = sessions()
            if left:
                self.allowed.append(BY_STOPPING)
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.close()
        assert not left, f"sessions left in {name}: {left}"


class Database:
    """One database, and short ways to ask it."""

    def __init__(self, server, name):
        self.server = server
        self.name = name
        self.connections = []

    def url(self, role):
        """Where a program finds it."""
        return (self.server.pooler or self.server).url(role, self.name)

    def direct_url(self, role):
        """Where an operator finds it with PostgreSQL's own tools, past any pooler."""
        return self.server.url(role, self.name)

    @property
    def settings(self):
        """What a program that runs must be told beside the URL."""
        return {"GT_DATABASE_PREPARED": "off"} if self.server.pooler else {}

    def connect(self, role=SUPERUSER):
        """A connection in autocommit mode, closed at the end of the test."""
        connection = self.server.connect(self.name, role)
        self.connections.append(connection)
        return connection

    def wait_left(self, role):
        """Waits until a role's programs that were killed are gone from here too: their last statements have ended."""
        programs.wait_until(lambda: not self.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                                                   " AND usename = %s", (role,)), f"{role} has left {self.name}")

    def close(self):
        for connection in self.connections:
            connection.close()
        self.connections.clear()

    def rows(self, sql, params=(), role=SUPERUSER):
        """Every row as a dict; an empty list for statements that give none."""
        connection = self.server.connect(self.name, role)
        try:
            cursor = connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
            cursor.execute(sql, params or None)
            return [dict(row) for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def value(self, sql, params=(), role=SUPERUSER):
        """The first column of the only row; None when there is no row."""
        found = self.rows(sql, params, role)
        assert len(found) <= 1, f"{len(found)} rows for one value: {sql}"
        return next(iter(found[0].values())) if found else None

    def column(self, sql, params=(), role=SUPERUSER):
        return [next(iter(row.values())) for row in self.rows(sql, params, role)]

    execute = rows


@contextmanager
def older_schema(database):
    """The newest migration goes by another name meanwhile: to the programs, the schema is too old for them."""
    newest = database.value("SELECT max(name) FROM migration")
    database.execute("UPDATE migration SET name = '0000_yesterday' WHERE name = %s", (newest,))
    try:
        yield database.value("SELECT max(name) FROM migration")
    finally:
        database.execute("UPDATE migration SET name = %s WHERE name = '0000_yesterday'", (newest,))
