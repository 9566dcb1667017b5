"""PgBouncer in transaction mode in front of the tests' PostgreSQL: deploy/ha/pgbouncer.ini with few connections."""
import configparser
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg2
import psycopg2.extras

from support import programs, tools

ADMIN = "pgbouncer"
USERS = ("gt_api", "gt_notifier", "gt_migrate", ADMIN)
SHIPPED = programs.ROOT / "deploy" / "ha" / "pgbouncer.ini"
# Fewer than the programs' threads: each borrows what another has just given back.
POOL = 4


class Pgbouncer:
    """On a unix socket in a folder of its own, without a port; runs as the server's user does."""

    def __init__(self, server, databases=None, **settings):
        """databases: the section of the file; without it, every database of the server."""
        self.folder = Path(tempfile.mkdtemp(prefix="gt-pgbouncer-"))
        self.log = self.folder / "log"
        shipped = configparser.ConfigParser(inline_comment_prefixes=None)
        shipped.read(SHIPPED)
        shipped["databases"] = databases or {"*": f"host={server.folder}"}
        shipped["pgbouncer"].update({"listen_addr": "", "listen_port": "5432", "unix_socket_dir": str(self.folder),
                                     "auth_type": "trust", "auth_file": str(self.folder / "users"),
                                     "default_pool_size": str(POOL), **settings})
        with open(self.folder / "ini", "w", encoding="utf-8") as ini:
            shipped.write(ini)
        (self.folder / "users").write_text("".join(f'"{user}" ""\n' for user in USERS), encoding="utf-8")
        if server.identity:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, server.identity["user"], server.identity["group"])
        with open(self.log, "wb") as out:
            self.popen = subprocess.Popen([tools.find("pgbouncer", "pgbouncer"), str(self.folder / "ini")],
                                          cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                          env={"PATH": "/usr/bin:/bin"}, **server.identity)
        programs.wait_until(self._accepts, "PgBouncer accepts connections", 10)

    def _accepts(self):
        assert self.popen.poll() is None, f"PgBouncer ended at start\n{self.log.read_text(errors='replace')}"
        try:
            self.admin("SHOW VERSION")
            return True
        except psycopg2.OperationalError:
            return False

    def url(self, role, database):
        return f"postgresql://{role}@/{database}?host={quote(str(self.folder), safe='/')}"

    def admin(self, command):
        """A command of its console; gives the rows as dicts."""
        connection = psycopg2.connect(self.url(ADMIN, "pgbouncer"))
        try:
            connection.autocommit = True
            cursor = connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
            cursor.execute(command)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def forget(self, database):
        """Ends what it keeps open to a database. What it is just opening is waited for: PostgreSQL complains of a client that
        leaves at the door."""
        if any(row["name"] == database for row in self.admin("SHOW DATABASES")):
            programs.wait_until(lambda: not any(row["sv_login"] for row in self.admin("SHOW POOLS") if row["database"] == database),
                                f"PgBouncer opens no more connections to {database}", 10)
            self.admin(f'KILL "{database}"')

    def stop(self):
        self.popen.terminate()
        self.popen.wait(30)
        shutil.rmtree(self.folder)
