"""The OpenAPI document by the rules of Redocly, Spectral and OWASP; what is served is what was checked."""
import json

import pytest

from support import node, programs

CONFIG = programs.ROOT / "tests" / "contract"
SOURCE = programs.ROOT / "api" / "openapi.yaml"


@pytest.fixture(scope="module")
def served():
    """The document as the build embeds it."""
    path = programs.build_dir() / "generated" / "openapi.json"
    assert path.stat().st_mtime >= SOURCE.stat().st_mtime, "build first"
    return path


def test_redocly_finds_nothing_in_the_source():
    node.run("redocly", "lint", "--config", CONFIG / "redocly.yaml", SOURCE)


def test_redocly_finds_nothing_in_what_is_served(served):
    node.run("redocly", "lint", "--config", CONFIG / "redocly.yaml", served)


def test_spectral_and_owasp_find_nothing(served):
    node.run("spectral", "lint", "--ruleset", CONFIG / "spectral.yaml", "--fail-severity=warn", served)


def test_the_judges_see_what_is_wrong(served, tmp_path):
    """On a small part of the document, with one fault of the kind that each is here for."""
    document = json.loads(served.read_text(encoding="utf-8"))
    document["paths"] = {path: document["paths"][path] for path in ("/livez", "/v1/actions/{id}/leads/{lead}")}
    fields = document["components"]["schemas"]["AssignmentPut"]["properties"]
    fields["role"] = {"type": "string"}
    fields["percent"] = {"type": "number", "minimum": "none"}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    said = node.run("redocly", "lint", "--config", CONFIG / "redocly.yaml", tmp_path / "openapi.json", status=1)
    assert "minimum" in said
    said = node.run("spectral", "lint", "--ruleset", CONFIG / "spectral.yaml", "--fail-severity=warn",
                    tmp_path / "openapi.json", status=1)
    assert "owasp:api4:2023-string-limit" in said
