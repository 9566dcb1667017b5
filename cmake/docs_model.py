"""What the documentation page says of the OpenAPI document: chapters, resources, operations, objects, problems."""
import re
from functools import cached_property

METHODS = ("get", "post", "put", "patch", "delete")
CODE = re.compile(r"`([a-z_]+)`: ")
COMMON = ("RateLimit", "RateLimit-Policy", "Vary", "X-Key-Expires", "X-Request-Id", "Content-Security-Policy",
          "Referrer-Policy")
BIGGEST_ID = 999999999999999999


def anchor_of(words):
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


class Document:
    def __init__(self, tree, errors):
        self.tree = tree
        self.info = tree["info"]
        self.errors = errors
        self.operations = [Operation(self, method, path, item) for path, item in tree["paths"].items()
                           for method in METHODS if method in item]
        self.events = [Operation(self, "post", "", item) for item in tree.get("webhooks", {}).values()]

    def deref(self, node):
        while "$ref" in node:
            target = self.tree
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part.replace("~1", "/").replace("~0", "~")]
            node = target
        return node

    @cached_property
    def chapters(self):
        """[(anchor, heading, text)] of the description's second-level headings; the first has no heading."""
        parts = re.split(r"^## (.+)$", self.info["description"], flags=re.MULTILINE)
        return [("", "", parts[0])] + [(anchor_of(parts[i]), parts[i], parts[i + 1])
                                       for i in range(1, len(parts), 2)]

    @cached_property
    def resources(self):
        """[(tag, its operations)] in the document's order, the resource's own addresses first."""
        return [(tag, sorted((one for one in self.operations if one.tag == tag["name"]),
                             key=lambda one: not one.path.startswith(f"/v1/{tag['name']}")))
                for tag in self.tree["tags"]]

    @cached_property
    def objects(self):
        """The schemas of answers, each once: [(name, schema, rows)]."""
        found = {}

        def visit(schema):
            name = schema.get("$ref", "").rpartition("/")[2]
            schema = self.deref(schema)
            if name and name not in found and "properties" in schema:
                found[name] = schema
            for inner in [*schema.get("properties", {}).values(), *schema.get("oneOf", ()), *schema.get("allOf", ()),
                          *([schema["items"]] if "items" in schema else ())]:
                visit(inner)
        for operation in self.operations:
            for _, answer in operation.answers:
                for content in answer.get("content", {}).values():
                    visit(content.get("schema", {}))
        for event in self.events:
            visit(event.body["content"]["application/json"]["schema"])
        visit({"$ref": "#/components/schemas/Problem"})
        return [(name, found[name], self.rows(found[name], deep=False)) for name in sorted(found)]

    @cached_property
    def anchors(self):
        """Words that have a place on the page."""
        return {**{name: f"object-{name}" for name, _, _ in self.objects},
                **{one["code"]: f"code-{one['code']}" for table in self.errors.values() for one in table},
                **{one.id: one.id for one in self.operations}}

    # ---- schemas in words ----

    def rows(self, schema, deep=True, prefix=""):
        """The fields of an object: [{"name", "required", "kind", "bounds", "text"}]. deep: with those of the
        objects in it, named like leads[].role."""
        schema, out = self.deref(schema), []
        required = schema.get("required", ())
        for name, field in schema.get("properties", {}).items():
            whole = self.deref(field)
            out.append({"name": prefix + name, "required": name in required, **self.words(field)})
            inner = self.deref(whole["items"]) if "items" in whole else whole
            if deep and "properties" in inner:
                out[-1]["objects"] = []
                out += self.rows(inner, deep, prefix + name + ("[]." if "items" in whole else "."))
        return out

    def words(self, schema):
        """A schema as a kind, its bounds and its meaning."""
        whole = self.deref(schema)
        for part in whole.get("allOf", ()):
            whole = {**self.deref(part), **whole}
        choices = [one for one in whole.get("oneOf", ()) if "$ref" in one]
        kinds = [whole["type"]] if isinstance(whole.get("type"), str) else list(whole.get("type", ()))
        null = "null" in kinds or {"type": "null"} in whole.get("oneOf", ())
        kind = next((one for one in kinds if one != "null"), "object" if "properties" in whole or choices else "")
        return {"kind": self._kind(kind, whole), "bounds": self._bounds(kind, whole), "null": null,
                "objects": [name for one in [schema, whole.get("items", {}), *choices] for name in self._object(one)],
                "enum": self._enum(whole), "default": whole.get("default"),
                "text": schema.get("description") or whole.get("description", "")}

    def _object(self, schema):
        """The name of the object that a schema refers to, if it does."""
        named = schema.get("$ref", "").rpartition("/")[2]
        return [named] if named and "properties" in self.deref(schema) else []

    @staticmethod
    def _enum(whole):
        if "const" in whole:
            return [whole["const"]]
        return [one for one in whole.get("enum", ()) if one is not None]

    def _kind(self, kind, whole):
        if kind == "string":
            return {"date": "day", "date-time": "moment", "idn-email": "email address", "uri": "web address",
                    "uri-reference": "address"}.get(whole.get("format"), "word" if self._enum(whole) else "text")
        if kind == "array":
            return "list of " + {"whole number": "whole numbers", "word": "words", "text": "texts",
                                 "object": "objects"}.get(self.words(whole["items"])["kind"], "values")
        return {"integer": "whole number", "boolean": "true or false"}.get(kind, kind)

    def _bounds(self, kind, whole):
        low, high = {"integer": ("minimum", "maximum"), "string": ("minLength", "maxLength"),
                     "array": ("minItems", "maxItems")}.get(kind, ("", ""))
        low, high = whole.get(low), whole.get(high)
        if kind == "array":
            inner = self.words(whole["items"])
            more = f" of {', '.join(map(str, inner['enum']))}" if inner["enum"] else ""
            return self._span(low or None, high, " items") + more
        if self._enum(whole) or whole.get("format") in ("date", "date-time"):
            return ""
        return self._span(low, high, " characters" if kind == "string" else "")

    @staticmethod
    def _span(low, high, unit):
        if high is None or high >= BIGGEST_ID:
            return "" if low is None else f"{low:,}{unit} or more"
        if low == high:
            return f"{low:,}{unit}"
        return f"up to {high:,}{unit}" if low in (None, 0) and unit else f"{low or 0:,} to {high:,}{unit}"


class Operation:
    def __init__(self, document, method, path, item):
        self.document = document
        self.node = item[method]
        self.method = method.upper()
        self.path = path
        self.id = self.node["operationId"]
        self.tag = self.node["tags"][0]
        self.parameters = [document.deref(one) for one in item.get("parameters", []) + self.node.get("parameters", [])]
        self.responses = [(int(status), document.deref(one)) for status, one in self.node["responses"].items()
                          if status.isdigit()]
        self.body = document.deref(self.node["requestBody"]) if "requestBody" in self.node else None

    @property
    def answers(self):
        return [(status, one) for status, one in self.responses if status < 400]

    @cached_property
    def problems(self):
        """[(status, the codes that it can have here)]"""
        queried = any(one["in"] == "query" for one in self.parameters)
        never = {code for code, can in (("malformed_json", self.body), ("bad_parameter", queried)) if not can}
        return [(status, [code for code in CODE.findall(response["description"]) if code not in never])
                for status, response in self.responses if status >= 400]

    def telling(self, answer):
        """The headers of an answer that say something of this call; those of every answer are in the guide."""
        return [name for name in answer.get("headers", {}) if name not in COMMON]

    def places(self):
        """The parameters by where they go: [(heading, rows)]."""
        for place, heading in (("path", "In the address"), ("query", "Parameters"), ("header", "Headers")):
            rows = [{"name": one["name"], "required": one.get("required", False) and place != "path",
                     **self.document.words(one["schema"]), "text": one.get("description", ""),
                     "example": one.get("example")} for one in self.parameters if one["in"] == place]
            if rows:
                yield heading, rows

    @cached_property
    def fields(self):
        """The rows of the body's object; empty when the body is a file."""
        for content in self.body["content"].values() if self.body else ():
            if "properties" in self.document.deref(content.get("schema", {})):
                return self.document.rows(content["schema"])
        return []

    @property
    def body_example(self):
        return next((one["example"] for one in self.body["content"].values() if "example" in one), None)

    @property
    def curl(self):
        return self.node.get("x-codeSamples", [{"source": ""}])[0]["source"]

    def answer_example(self):
        """(status, media type, example) of the operation's own recorded answer, or of the first that is there."""
        found = [(status, type_, name, self.document.deref(one)) for status, answer in self.answers
                 for type_, content in answer.get("content", {}).items()
                 for name, one in content.get("examples", {}).items()]
        found.sort(key=lambda one: one[2] != self.id)
        return (found[0][0], found[0][1], found[0][3]) if found else None
