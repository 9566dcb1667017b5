"""Alice, Bob and Carol: who calls the API in tests."""
from dataclasses import dataclass

from support import programs


@dataclass(frozen=True)
class Person:
    name: str
    role: str
    token: str


ROLES = {"alice": "editor", "bob": "reader", "carol": "admin"}


def create_key(database_url, name, role):
    """A key made as an operator makes it: by `goldenthread-api key create` with the API's own rights."""
    done = programs.run("goldenthread-api", "key", "create", "--name", name, "--role", role,
                        settings={"GT_DATABASE_URL": database_url, "GT_LOG_FORMAT": "text"})
    token = done.stdout.strip()
    assert token.startswith("gt_live_") and "\n" not in token, f"not a key: {done.stdout!r}"
    return Person(name, role, token)
