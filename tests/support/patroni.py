"""Three PostgreSQL under Patroni with etcd, as deploy/ha/patroni.yml has them, and HAProxy in front of the primary: all
on this machine, on free ports. As root they run as the user postgres."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import yaml

from support import programs, tools
from support.postgres import SUPERUSER, Database, server_programs

SHIPPED = programs.ROOT / "deploy" / "ha"
NODES = 3
PASSWORD = "secret"  # nobody else can reach these ports, and the rules trust them


class _Member:
    """A program of the cluster, in a folder of its own, with its output in a file."""

    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.folder = cluster.folder / name
        self.folder.mkdir()
        self.log = self.folder / "log"
        self.popen = None

    def spawn(self, *command, **environment):
        with open(self.log, "ab") as out:
            self.popen = subprocess.Popen([str(one) for one in command], cwd=self.folder, stdin=subprocess.DEVNULL,
                                          stdout=out, stderr=out, start_new_session=True,
                                          env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **environment},
                                          **self.cluster.identity)

    def running(self):
        return self.popen is not None and self.popen.poll() is None

    def stop(self):
        if self.running():
            self.popen.terminate()
            try:
                self.popen.wait(30)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()


class Node(_Member):
    """One PostgreSQL and the Patroni that runs it."""

    def __init__(self, cluster, name, port, rest):
        super().__init__(cluster, name)
        self.port, self.rest = port, rest
        self.data = self.folder / "data"

    def configure(self):
        conf = yaml.safe_load((SHIPPED / "patroni.yml").read_text(encoding="utf-8"))
        conf["name"] = self.name
        conf["restapi"] = {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"}
        conf["etcd"] = {"hosts": f"127.0.0.1:{self.cluster.etcd_ports[0]}"}
        conf["bootstrap"]["dcs"]["postgresql"]["parameters"]["shared_buffers"] = "64MB"
        conf["postgresql"] |= {"listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}",
                               "data_dir": str(self.data), "bin_dir": str(server_programs()),
                               "pgpass": str(self.folder / "pgpass"),
                               "parameters": {"unix_socket_directories": str(self.folder)},
                               "pg_hba": ["local all all trust", "host all all 127.0.0.1/32 trust",
                                          "host replication all 127.0.0.1/32 trust"]}
        for one in conf["postgresql"]["authentication"].values():
            one["password"] = PASSWORD
        conf["watchdog"] = {"mode": "off"}
        (self.folder / "patroni.yml").write_text(yaml.safe_dump(conf), encoding="utf-8")

    def start(self):
        package = tools.unpacked("patroni") / "usr/lib/python3/dist-packages"
        self.spawn("/usr/bin/python3", "-m", "patroni", self.folder / "patroni.yml",
                   PYTHONPATH=str(package), PYTHONDONTWRITEBYTECODE="1")

    def _postmaster(self):
        try:
            return int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def knows(self, database):
        """A standby that does not know it yet would turn away whoever tries the hosts in turn."""
        try:
            psycopg2.connect(f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{database}").close()
            return True
        except psycopg2.OperationalError:
            return False

    def _pids(self):
        """Of PostgreSQL, all its processes, and Patroni."""
        postmaster = self._postmaster()
        return ([postmaster, *programs.children(postmaster)] if postmaster else []) + [self.popen.pid]

    def kill9(self):
        """The power cut."""
        programs.kill9(self._pids())
        self.popen.wait(30)

    @contextmanager
    def frozen(self):
        """A machine that stands still for a while, and then goes on as if nothing had been."""
        pids = self._pids()
        try:
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def state(self):
        """What its Patroni says of it; None when there is no answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
        except OSError:
            return None


class Patroni:
    """The cluster. Programs get one URL with every node in it."""

    pooler = None

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="gt-patroni-"))
        self.identity = {"user": SUPERUSER, "group": SUPERUSER, "extra_groups": []} if os.geteuid() == 0 else {}
        self.proxy_port, *ports = (programs.free_port() for _ in range(3 + 2 * NODES))
        self.etcd_ports = ports[:2]
        self.etcd, self.proxy = _Member(self, "etcd"), _Member(self, "haproxy")
        self.nodes = [Node(self, f"pg{n + 1}", ports[2 + 2 * n], ports[3 + 2 * n]) for n in range(NODES)]
        for node in self.nodes:
            node.configure()
        if self.identity:
            for path in [self.folder, *self.folder.rglob("*")]:
                shutil.chown(path, SUPERUSER, SUPERUSER)
        try:
            self._start()
        except BaseException:
            self.destroy()
            raise

    def start_etcd(self):
        client, peer = (f"http://127.0.0.1:{port}" for port in self.etcd_ports)
        self.etcd.spawn(tools.find("etcd-server", "etcd"), "--name=etcd", f"--data-dir={self.etcd.folder}/data",
                        f"--listen-client-urls={client}", f"--advertise-client-urls={client}",
                        f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}",
                        f"--initial-cluster=etcd={peer}", "--enable-v2=true")

    def _start(self):
        self.start_etcd()
        for node in self.nodes:
            node.start()
        self._start_proxy()
        self.wait_whole()

    def _start_proxy(self):
        """HAProxy as shipped, but for the addresses."""
        conf = (SHIPPED / "haproxy.cfg").read_text(encoding="utf-8")
        conf = re.sub(r"bind .*", f"bind 127.0.0.1:{self.proxy_port}", conf)
        for node in self.nodes:
            conf, found = re.subn(rf"server {node.name} .*",
                                  f"server {node.name} 127.0.0.1:{node.port} check port {node.rest}", conf)
            assert found == 1, f"haproxy.cfg names {node.name} once"
        path = self.proxy.folder / "haproxy.cfg"
        path.write_text(conf, encoding="utf-8")
        self.proxy.spawn(tools.find("haproxy", "haproxy"), "-db", "-f", path)

    # ---- what is where ----

    def primary(self):
        """The node that is the primary and knows it; None while there is none."""
        for node in self.nodes:
            state = node.running() and node.state()
            if state and state.get("role") in ("master", "primary") and state.get("state") == "running":
                return node
        return None

    def _whole(self):
        states = [node.running() and node.state() for node in self.nodes]
        if not all(states) or any(one.get("state") not in ("running", "streaming") for one in states):
            return False
        primary = self.primary()
        if not primary:
            return False
        replication = primary.state().get("replication") or []
        synchronous = [one for one in replication if one.get("sync_state") in ("sync", "quorum")]
        streaming = [one for one in replication if one.get("state") == "streaming"]
        return len(streaming) == NODES - 1 and len(synchronous) == 1

    def wait_whole(self, timeout=120):
        """Waits for a primary, a synchronous standby, and one more standby."""
        for member in (self.etcd, self.proxy, *self.nodes):
            assert member.running(), f"{member.name} ended\n{member.log.read_text(errors='replace')[-4000:]}"
        programs.wait_until(self._whole, "the cluster is whole", timeout)

    # ---- as support.postgres.Postgres has it ----

    def url(self, role, database):
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://{role}@{hosts}/{database}?target_session_attrs=read-write&connect_timeout=2"

    def connect(self, database="postgres", role=SUPERUSER):
        connection = psycopg2.connect(self.url(role, database))
        connection.autocommit = True
        return connection

    def create(self, name):
        connection = self.connect()
        try:
            cursor = connection.cursor()
            cursor.execute((programs.ROOT / "deploy" / "roles.sql").read_text(encoding="utf-8"))
            cursor.execute(f'CREATE DATABASE "{name}" OWNER gt_owner TEMPLATE template0')
        finally:
            connection.close()
        for node in self.nodes:
            programs.wait_until(lambda: node.knows(name), f"{node.name} has {name} too")
        return Database(self, name)

    def log_tail(self):
        return "\n".join(f"---- {one.name}\n{one.log.read_text(errors='replace')[-6000:]}"
                         for one in (self.etcd, self.proxy, *self.nodes) if one.log.exists())

    def destroy(self):
        for node in self.nodes:
            if node.running():
                node.kill9()
        self.proxy.stop()
        self.etcd.stop()
        shutil.rmtree(self.folder)
