"""The fixtures of the contract tests: a server with the plan of St Helens, which a file shares."""
import itertools

import pytest

from support import seed
from support.api import Api

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def database(postgres, template):
    name = f"gt_contract_{next(numbers)}"
    one = postgres.create(name, template.name)
    yield one
    one.close()
    if postgres.running():
        postgres.allowed.append("^57P01 ")  # a backend may still be on its way out
        postgres.drop(name)


@pytest.fixture(scope="module")
def api(database, tmp_path_factory):
    one = Api(database, tmp_path_factory.mktemp("api") / "api.log")
    yield one
    one.stop()


@pytest.fixture(scope="module")
def plan(database):
    """The published plan, with example contacts and in force."""
    return seed.st_helens(database)
