"""A PostgreSQL that a test may stop, kill and start: of its own, with fsync on as in production."""
import itertools

import pytest

from support import programs
from support.api import Api
from support.postgres import Postgres

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cluster():
    server = Postgres(fsync=True)
    try:
        server.sql_file(programs.ROOT / "deploy" / "roles.sql")
        database = server.create("template_own")
        programs.run("goldenthread-api", "migrate",
                     settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
        yield server
    finally:
        server.destroy()


@pytest.fixture
def own(cluster):
    """A database of that cluster."""
    database = cluster.create(f"gt_own_{next(numbers)}", "template_own")
    yield database
    database.close()


@pytest.fixture
def start_own(own, tmp_path):
    """Starts an Api on it with settings of the test's own."""
    started = []

    def start(**settings):
        started.append(Api(own, tmp_path / f"api-{len(started)}.log", **settings))
        return started[-1]
    yield start
    for one in started:
        one.stop()


@pytest.fixture
def own_api(start_own):
    return start_own()
