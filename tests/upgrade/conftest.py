"""A database of an earlier release, with what people entered in it."""
import pytest

from support import programs
from support.api import Api
from support.release import releases


@pytest.fixture(scope="session", params=releases(), ids=lambda release: release.version)
def release(request):
    request.param.build()
    return request.param


@pytest.fixture
def old_database(empty_database, migrate, release):
    """Of that release's schema."""
    with release.programs():
        migrate(empty_database)
    return empty_database


@pytest.fixture
def start_api_on(tmp_path):
    """Starts an Api of the newest build on a database; all that still run are stopped at the end."""
    started = []

    def start(database, **settings):
        started.append(Api(database, tmp_path / f"new-api-{len(started)}.log", **settings))
        return started[-1]
    yield start
    for one in started:
        if one.process.running():
            one.stop()


@pytest.fixture
def run_api():
    """A sub-command of goldenthread-api on a database, with the migrating role's rights."""
    def run(database, *args):
        return programs.run("goldenthread-api", *args,
                            settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    return run
