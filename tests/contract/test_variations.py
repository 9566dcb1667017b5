"""Portman makes calls from the document, good ones and ones just outside its bounds; Newman makes them.

Every GET of the examples must succeed. Every body, parameter and header that breaks one bound must be refused with
the status, headers and schema that the document promises for it."""
import copy
import json
import re

import pytest

from support import examples, node, programs

CONFIG = programs.ROOT / "tests" / "contract" / "portman.json"
SAMPLES = {"date": "2022-03-31", "date-time": "2032-03-31T08:30:00Z", "uri": "https://council.example/plan",
           "idn-email": "lisa.harris@council.example"}


class Worked:
    """The document with the ids of the recorded calls in its addresses, and with bodies in which no field is missing:
    what is not in an example cannot be varied."""

    def __init__(self, document):
        self.document = document
        for path, item in document["paths"].items():
            shared = item.pop("parameters", [])
            for method, operation in item.items():
                operation["parameters"] = [self._worked(path, operation, dict(self.deref(one)))
                                           for one in shared + operation.get("parameters", [])]
                if "requestBody" in operation:
                    self._fill(operation)

    def deref(self, node):
        while "$ref" in node:
            _, _, kind, name = node["$ref"].split("/")
            node = self.document["components"][kind][name]
        return node

    @staticmethod
    def _worked(path, operation, parameter):
        call = json.loads((examples.FOLDER / f"{operation['operationId']}.json").read_text(encoding="utf-8"))["request"]
        if parameter["in"] == "path":
            names = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
            parameter["example"] = re.fullmatch(names, call["path"])[parameter["name"]]
        elif parameter["name"] in call["query"]:
            parameter["example"] = call["query"][parameter["name"]]
        return parameter

    def _fill(self, operation):
        body = dict(self.deref(operation["requestBody"]))
        example = next((one["example"] for one in body["content"].values() if "example" in one), None)
        if example is not None:  # else it is a file
            content = body["content"]["application/json"]
            given = {name: one for name, one in example.items() if one is not None}
            full = {**self.sample(content["schema"]), **given}
            operation["requestBody"] = {**body, "content": {"application/json": {**content, "example": full}}}

    def sample(self, schema):
        """A value that fits, with every member."""
        schema = self.deref(schema)
        kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
        if "enum" in schema:
            return schema["enum"][0]
        if "object" in kinds:
            return {name: self.sample(one) for name, one in schema.get("properties", {}).items()}
        if "array" in kinds:
            return [self.sample(schema["items"])]
        if "integer" in kinds:
            return max(schema["minimum"], 1)
        if "boolean" in kinds:
            return True
        if schema.get("format") in SAMPLES:
            return SAMPLES[schema["format"]]
        return next(one for one in ("words", "08:30", "Europe/London") if re.search(schema.get("pattern", ""), one)
                    and schema["minLength"] <= len(one) <= schema["maxLength"])


@pytest.fixture(scope="module")
def served(recorder):
    """The server after the calls of the examples, with everything still there."""
    for step in examples.STORY:
        if not step.operation.endswith(("_delete", "_revoke")):
            recorder.record(step)
    return recorder.api


@pytest.fixture(scope="module")
def collection(served, document, tmp_path_factory):
    """What Portman makes of the document, without the good calls that would change something."""
    folder = tmp_path_factory.mktemp("portman")
    worked = Worked(copy.deepcopy(document)).document
    (folder / "openapi.json").write_text(json.dumps(worked), encoding="utf-8")
    node.run("portman", "--local", folder / "openapi.json", "--portmanConfigFile", CONFIG, "--baseUrl", served.url,
             "--includeTests", "true", "--extraUnknownFormats", "idn-email", "--output", folder / "collection.json",
             cwd=folder)
    made = json.loads((folder / "collection.json").read_text(encoding="utf-8"))

    def harmless(items):
        for item in items:
            inner = item.get("item")
            if inner is not None:
                item["item"] = inner if item["name"] == "Variation Tests" else list(harmless(inner))
            if inner is not None or item["request"]["method"] == "GET":
                yield item
    made["item"] = list(harmless(made["item"]))
    (folder / "collection.json").write_text(json.dumps(made), encoding="utf-8")
    return folder / "collection.json"


def test_good_calls_succeed_and_calls_out_of_bounds_are_refused(served, collection, template, database, tmp_path):
    changes = "SELECT count(*) FROM change"
    before = database.value(changes)
    said = node.run("newman", "run", collection, "--env-var", f"bearerToken={template.people['carol'].token}",
                    "--reporters", "cli,json", "--reporter-json-export", tmp_path / "run.json",
                    "--reporter-cli-silent", status=None)
    run = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["run"]
    faults = [f"{one['source']['name']}: {one['error']['test']}: {one['error']['message'][:300]}" for one in run["failures"]]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:40]) + said[-2000:]
    assert run["stats"]["requests"]["total"] > 300 and run["stats"]["assertions"]["total"] > 1500
    assert database.value(changes) == before
