"""A database of an earlier release, with what people entered in it."""
import pytest

from support import programs
from support.api import Api
from support.notifier import Notifier
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
    """Starts an Api on a database, of the newest build unless within release.programs(); all that still run are stopped at the
    end."""
    started = []

    def start(database, **settings):
        started.append(Api(database, tmp_path / f"api-{len(started)}.log", **settings))
        return started[-1]
    yield start
    for one in started:
        if one.process.running():
            one.stop()


@pytest.fixture
def notifier_on(tmp_path, mail):
    """A Notifier on a database, sending to the mail fixture's server; as start_api_on."""
    made = []

    def make(database):
        folder = tmp_path / f"notifier-{len(made)}"
        folder.mkdir()
        made.append(Notifier(database, folder, mail.url))
        return made[-1]
    yield make
    for one in made:
        one.stop_all()


@pytest.fixture
def run_api():
    """A sub-command of goldenthread-api on a database, with the migrating role's rights."""
    def run(database, *args):
        return programs.run("goldenthread-api", *args,
                            settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    return run
