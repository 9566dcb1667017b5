"""A PostgreSQL that a test may stop, kill and start: of its own, with fsync on as in production."""
import pytest

from support import programs
from support.api import Api
from support.postgres import Postgres


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
def own(cluster, request):
    """A database of that cluster, named after the test."""
    database = cluster.create(f"gt_{request.node.name[:40]}", "template_own")
    yield database
    database.close()


@pytest.fixture
def own_api(own, tmp_path):
    api = Api(own, tmp_path / "api.log")
    yield api
    api.stop()
