"""goldenthread-api healthcheck: for container engines, which look at the exit status of a command."""
import socket
import threading

from support import programs
from support.postgres import older_schema


def healthcheck(*words, status=0, **settings):
    return programs.run("goldenthread-api", "healthcheck", *words, status=status, settings=settings).stdout


def test_it_asks_the_server_that_its_settings_name(api):
    assert healthcheck(GT_LISTEN=f"127.0.0.1:{api.port}") == '{"status":"ready"}\n'
    assert healthcheck("--live", GT_LISTEN=f"127.0.0.1:{api.port}") == '{"status":"live"}\n'


def test_it_needs_no_other_setting_and_finds_a_server_of_every_address(api):
    assert healthcheck(GT_LISTEN=f"0.0.0.0:{api.port}") == '{"status":"ready"}\n'


def test_it_fails_where_the_server_is_alive_but_not_ready(api, database):
    with older_schema(database):
        assert "schema_mismatch" in healthcheck(status=1, GT_LISTEN=f"127.0.0.1:{api.port}")
        healthcheck("--live", GT_LISTEN=f"127.0.0.1:{api.port}")


def test_it_fails_where_nobody_listens():
    assert healthcheck(status=1, GT_LISTEN=f"127.0.0.1:{programs.free_port()}") == "no answer\n"


def test_it_fails_where_something_else_answers():
    with socket.create_server(("127.0.0.1", 0)) as other:
        def answer():
            with other.accept()[0] as client:
                client.recv(4096)
                client.sendall(b"220 mail.example.org ESMTP\r\n")
        thread = threading.Thread(target=answer)
        thread.start()
        assert healthcheck(status=1, GT_LISTEN=f"127.0.0.1:{other.getsockname()[1]}") == "no answer\n"
        thread.join()


def test_it_says_what_is_wrong_with_its_setting_or_words():
    assert "GT_LISTEN" in programs.run("goldenthread-api", "healthcheck", status=1, settings={"GT_LISTEN": "here"}).stderr
    assert "usage" in programs.run("goldenthread-api", "healthcheck", "--well", status=2, settings={}).stderr
