"""docker-compose.production.yml as it is shipped, with a PostgreSQL elsewhere that proves by its certificate who it is."""
import os
import subprocess

import pytest

from support import programs
from support.compose import Compose
from support.docker import AS_ROOT

FILE = "docker-compose.production.yml"
HOST = "db.council.example"
SETTINGS = {"GT_PUBLIC_URL": "https://plans.council.example", "GT_MAIL_FROM": "Plans <plans@council.example>",
            "GT_MAIL_URL": "smtp://plans@mail.council.example:587"}
# What an administrator does with the words of .secrets; and that nobody comes in without TLS.
PREPARE = """
psql -q -U postgres -f /deploy/roles.sql
psql -q -U postgres -c 'CREATE DATABASE goldenthread OWNER gt_owner TEMPLATE template0'
for name in migrate api notifier; do
	psql -q -U postgres -c "ALTER ROLE gt_$name PASSWORD '$(cat /secrets/password_$name)'"
done
"""
SERVER = ["-c", "ssl=on", "-c", "ssl_cert_file=/tls/certificate.pem", "-c", "ssl_key_file=/tls/key.pem"]


def certificates(folder):
    """An authority and what it signed for the database: authority.pem, certificate.pem, key.pem."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl("req", "-x509", *made, "-subj", "/CN=Authority", "-keyout", "authority.key", "-out", "authority.pem")
    openssl("req", "-x509", *made, "-subj", "/CN=Somebody else", "-keyout", "other.key", "-out", "other.pem")
    openssl("req", "-x509", *made, "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-addext", "basicConstraints=CA:FALSE",
            "-CA", "authority.pem", "-CAkey", "authority.key", "-keyout", "key.pem", "-out", "certificate.pem")
    (folder / "key.pem").chmod(0o600)
    subprocess.run([*AS_ROOT, "chown", "999:999", folder / "key.pem"], check=True)


@pytest.fixture(scope="module")
def stack(docker, tmp_path_factory):
    tls = tmp_path_factory.mktemp("tls")
    certificates(tls)
    tls.chmod(0o755)
    one = Compose(docker, FILE, **SETTINGS)
    network = f"{one.settings['COMPOSE_PROJECT_NAME']}_goldenthread"
    database = f"{one.settings['COMPOSE_PROJECT_NAME']}-elsewhere"
    try:
        one.secrets(f"{HOST}/goldenthread?sslmode=verify-full&sslrootcert=/run/secrets/database_ca")
        give(one, "database_ca", (tls / "authority.pem").read_text())
        give(one, "mail", "password\n")
        one("up", "--no-start", "--no-build", "migrate")  # its network
        docker.run("docker", "run", "--detach", "--init", "--name", database, "--network", network, "--network-alias", HOST,
                   "--volume", f"{tls}:/tls:ro", "--volume", f"{programs.ROOT}/deploy:/deploy:ro",
                   "--volume", f"{one.folder}/.secrets:/secrets:ro", "--user", "postgres",
                   "--env", "POSTGRES_DB=postgres2", "--env", "POSTGRES_PASSWORD_FILE=/tls/certificate.pem",
                   "--env", "POSTGRES_INITDB_ARGS=--no-sync", "--env", "POSTGRES_HOST_AUTH_METHOD=scram-sha-256",
                   "postgres:15-bookworm", "postgres", *SERVER)
        programs.wait_until(lambda: docker.run("docker", "exec", database, "pg_isready", "-h", "127.0.0.1", status=None).returncode == 0,
                            "the database is there", 60)
        docker.run("docker", "exec", "--user", "root", database, "bash", "-euc", PREPARE)
        one.up()
        one.wait_ready()
        yield one
    finally:
        print(one("logs", "--tail", "30", "--no-color", status=None))  # shown when something failed
        print(docker.run("docker", "logs", "--tail", "30", database, status=None).stdout)
        docker.run("docker", "rm", "--force", "--volumes", database, status=None)
        one.close()


def give(stack, name, text):
    path = stack.folder / ".secrets" / name
    if path.exists():
        path.chmod(0o644)
    path.write_text(text)
    path.chmod(0o444)
    os.utime(path)


def test_it_serves_over_a_connection_that_is_encrypted(stack, docker):
    said = docker.run("docker", "exec", f"{stack.settings['COMPOSE_PROJECT_NAME']}-elsewhere", "psql", "-U", "postgres", "-Atc",
                      "SELECT DISTINCT usename, ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename LIKE 'gt_%'").stdout
    assert set(said.split()) >= {"gt_api|t"} and "|f" not in said
    key = stack.create_key()
    made = stack.call("POST", "/v1/plans", key, 201, json={"title": "Plan", "organisation": "A council", "slug": "plan"})
    assert made.json()["slug"] == "plan"
    stack.wait_healthy("api", "notifier")


def test_no_catcher_and_no_database_of_its_own(stack):
    assert set(stack("config", "--services").split()) == {"migrate", "api", "notifier"}
    ports = stack.container("api")["NetworkSettings"]["Ports"]["8080/tcp"]
    assert [(one["HostIp"], one["HostPort"]) for one in ports] == [("127.0.0.1", str(stack.port))]
    assert not any((stack.container("notifier")["NetworkSettings"]["Ports"] or {}).values())


def test_it_says_which_settings_it_needs(stack, docker):
    for missing in SETTINGS:
        settings = {name: value for name, value in stack.settings.items() if name != missing}
        said = docker.run("docker-compose", "--file", FILE, "config", status=None, cwd=stack.folder, **settings)
        assert said.returncode != 0 and missing in said.stdout


def test_a_database_of_another_authority_is_not_talked_to(stack):
    before = (stack.folder / ".secrets/database_ca").read_text()
    other = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                            "-subj", "/CN=Authority", "-keyout", "/dev/null"], check=True, capture_output=True, text=True).stdout
    give(stack, "database_ca", other)
    try:
        said = stack("run", "--rm", "migrate", status=1)
        assert "certificate verify failed" in said
    finally:
        give(stack, "database_ca", before)
