"""The fixtures of the contract tests: a server, which a file shares, and the world of the examples."""
import itertools
import json

import pytest

from support import examples, programs
from support.api import Api
from support.notifier import Notifier

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


@pytest.fixture(scope="session")
def document():
    """The OpenAPI document as the build embeds it."""
    return json.loads((programs.build_dir() / "generated" / "openapi.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def recorder(api, database, template, document, tmp_path_factory):
    """Makes the calls of the examples, in their world."""
    folder = tmp_path_factory.mktemp("notifier")
    (folder / "mail").mkdir()
    notifier = Notifier(database, folder, f"file://{folder}/mail", GT_PUBLIC_URL=examples.PUBLIC_URL)
    examples.live_through(database, notifier.once)
    return examples.Recorder(api, template.people["carol"], document)
