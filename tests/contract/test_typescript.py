"""A client with types out of the contract: it compiles, and the README's first calls run with it."""
import json
import re

import pytest

from support import node, programs

HERE = programs.ROOT / "tests" / "contract"
OPTIONS = {"target": "es2022", "module": "nodenext", "strict": True, "noUncheckedIndexedAccess": True,
           "exactOptionalPropertyTypes": True, "types": ["node"]}


@pytest.fixture(scope="module")
def client(api, tmp_path_factory):
    """The folder of the README's calls with the types of what the server serves."""
    folder = tmp_path_factory.mktemp("typescript")
    (folder / "node_modules").symlink_to(node.TESTS / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
    (folder / "readme.ts").write_text((HERE / "readme.ts").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "openapi.json").write_text(api.get("/openapi.json").text, encoding="utf-8")
    node.run("openapi-typescript", folder / "openapi.json", "--output", folder / "golden-thread.d.ts")
    return folder


def test_the_readmes_calls_compile_and_run(client, api, recorder, alice):
    node.run("tsc", "--project", client)
    said = json.loads(node.run("node", client / "readme.js", GT_URL=api.url, GT_KEY=alice.token))
    assert said["overdue"][:2] == ["1.1", "1.2"] and len(said["overdue"]) > 2
    assert said["versions"][1] == said["versions"][0] + 1 and said["percent"] == 40
    assert said["stale"] == [412, "stale_version"]
    assert said["due"] == ["2021-12-31", "2022-03-31"]


FORBIDDEN = ["await client.GET('/v1/actions', { params: { query: { standing: 'late' } } });",
             "await client.GET('/v1/action', {});",
             "await client.PATCH('/v1/actions/{id}', { params: { path: { id: 1 } }, body: {} });",
             "must(await client.GET('/v1/leads/{id}', { params: { path: { id: 1 } } })).email.length;"]


def test_what_the_contract_forbids_does_not_compile(client):
    good = (HERE / "readme.ts").read_text(encoding="utf-8")
    (client / "readme.ts").write_text(good + "\n".join(FORBIDDEN) + "\n", encoding="utf-8")
    said = node.run("tsc", "--project", client, "--noEmit", "--pretty", "false", status=2)
    first = good.count("\n") + 1
    assert {int(line) for line in re.findall(r"\breadme\.ts\((\d+),", said)} == set(range(first, first + len(FORBIDDEN)))
