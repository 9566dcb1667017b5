"""Makes the OpenAPI document as JSON: openapi_json.py OPENAPI.yaml EXAMPLES OUT.json

Keys stay in their order, dates stay text. Each recorded call of EXAMPLES/OPERATION[.NAME].json becomes an example of
its answer and, for the operation's own, a curl call in x-codeSamples."""
import json
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import urlencode

import yaml

from docs_text import compact

METHODS = ("get", "post", "put", "patch", "delete")
PLAIN = re.compile(r"[A-Za-z0-9._:-]*")


class Loader(yaml.SafeLoader):
    """YAML 1.2's idea of scalars: a date is a string."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def deref(document, node):
    while "$ref" in node:
        target = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def curl(call, keyless):
    """The call as a reader can repeat it: GT_URL and GT_KEY are the reader's own."""
    request, answer = call["request"], call["answer"]
    address, words = request["path"], ["curl -s"]
    if request["method"] == "GET" and "Content-Disposition" in answer["headers"]:
        words = ["curl -s -OJ"]
    elif request["method"] == "GET" and "ETag" in answer["headers"]:
        words = ["curl -si"]
    plain = all(PLAIN.fullmatch(value) for value in request["query"].values())
    if request["query"] and plain:
        address += "?" + urlencode(request["query"])
    words[0] += f' "$GT_URL{address}"'
    if request["query"] and not plain:
        words[0] += f" -X {request['method']} -G" if "body" in request else " -G"
        words += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in request["query"].items()]
    elif request["method"] not in ("GET", "POST"):
        words[0] += f" -X {request['method']}"
    words += [] if keyless else ['-H "Authorization: Bearer $GT_KEY"']
    words += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request["headers"].items()]
    if isinstance(request.get("body"), str):
        words.append(f"--data-binary @- <<'EOF'\n{request['body'].rstrip()}\nEOF")
    elif "body" in request:
        words.append(f"-d {shlex.quote(compact(request['body'], width=48))}")
    return " \\\n  ".join(words)


def add_example(document, operation, name, call):
    answer = call["answer"]
    response = deref(document, operation["responses"][str(answer["status"])])
    content = response.get("content", {}).get(answer["headers"].get("Content-Type"))
    if content is not None and "body" in answer:
        content.pop("example", None)
        summary = f"{call['request']['method']} {call['request']['path']}{' (shortened)' if answer['shortened'] else ''}"
        content.setdefault("examples", {})[name] = {"summary": summary, "value": answer["body"]}


def main(source, examples, target):
    with open(source, encoding="utf-8") as file:
        document = yaml.load(file, Loader)
    operations = {item[method]["operationId"]: item[method] for item in document["paths"].values()
                  for method in METHODS if method in item}
    for path in sorted(Path(examples).glob("*.json")):
        operation = operations[path.stem.split(".")[0]]
        call = json.loads(path.read_text(encoding="utf-8"))
        add_example(document, operation, path.stem, call)
        if path.stem == operation["operationId"]:
            source = curl(call, operation.get("security") == [])
            operation["x-codeSamples"] = [{"lang": "Shell", "label": "curl", "source": source}]
    with open(target, "w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main(*sys.argv[1:])
