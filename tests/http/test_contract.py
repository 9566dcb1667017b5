"""The document, the routes and the server say the same: for every route, from the map and the schemas alone."""
import re

import pytest

import contract as contracts
from support import programs
from support.api import RECEIPT_TOKEN

ROUTES = contracts.routes()
NOBODY = 999999999
SAMPLES = {"{code}": "no_such_code", "{id}": NOBODY, "{plan}": "no-such-plan", "{lead}": NOBODY, "{deadline}": NOBODY}


def name_of(route):
    return f"{route['method']} {route['path']}"


def each(routes):
    routes = list(routes)
    return pytest.mark.parametrize("route", routes, ids=[name_of(one) for one in routes])


every_route = each(ROUTES)
with_body = each(one for one in ROUTES if one["body"] is not None)


def path_of(route):
    return re.sub(r"\{\w+\}", lambda found: str(SAMPLES[found[0]]), route["path"])


@pytest.fixture
def operation(contract):
    return lambda route: contract.operations[route["method"], route["path"]]


@pytest.fixture
def call(api, operation):
    """A call of the route that is good but for what the test changes."""
    def send(route, key, path=None, json=..., bare=False, **how):
        if route["conditional"]:
            how.setdefault("if_match", "*")
        if route["body"] is not None and "data" not in how:
            how["json"] = operation(route).example if json is ... else json
        if route.get("raw"):
            how.setdefault("data", b"nothing to import")
            how["headers"] = {"Content-Type": route["raw"][0], **how.get("headers", {})}
        path = path or path_of(route)
        if not bare and "?" not in path:
            needed = [one["name"] for one in operation(route).parameters if one["in"] == "query" and one.get("required")]
            path += "?" * bool(needed) + "&".join(f"{name}={GOOD[name]}" for name in needed)
        return api.request(route["method"], path, key, **how)
    return send


@pytest.fixture
def person(template):
    """Somebody with the role that the route needs."""
    people = {"notify": RECEIPT_TOKEN, **{one.role: one for one in template.people.values()}}
    return lambda route: people.get(route["role"])


# ---- the document against the map ----

def test_the_document_has_the_routes_of_the_program_and_no_others(contract):
    assert {(one["method"], one["path"]) for one in ROUTES} == set(contract.operations)


def test_the_server_serves_the_document(contract, api):
    assert api.get("/openapi.json").json() == contract.document


def test_every_example_fits_its_schema(contract):
    seen = 0
    for operation in contract.operations.values():
        contents = list(operation.body.values())
        for response in operation.responses.values():
            contents += response.get("content", {}).values()
        for content in contents:
            values = [content["example"]] if "example" in content else []
            values += [contract.deref(one)["value"] for one in content.get("examples", {}).values()]
            for value in values:
                seen += 1
                assert contract.schema_faults(content["schema"], value) == []
    assert seen > 100


def test_no_object_takes_members_that_are_not_documented(contract):
    def objects(node):
        if isinstance(node, dict):
            if "object" in node.get("type", ()) and "properties" in node:
                yield node
            for inner in node.values():
                yield from objects(inner)
    schemas = contract.document["components"]["schemas"]
    open_ones = {name for name, schema in schemas.items() for one in objects(schema)
                 if one.get("additionalProperties") is not False}
    assert open_ones == {"Document", "Receipt"}


def test_the_operations_are_named_after_their_handlers(contract):
    rows = re.findall(r'"(\w+)",\s+"(/[^"]*)".*, ([a-z]+_[a-z_]+)(?:, \w+, [A-Z_]+)? \},', (programs.ROOT / "api" / "routes.c").read_text())
    names = {(method, path): contract.operations[method, path].node["operationId"] for method, path, _ in rows}
    assert len(rows) == len(ROUTES) == len(set(names.values()))
    for method, path, handler in rows:
        assert names[method, path].endswith(handler)


@every_route
def test_it_is_documented_as_the_program_has_it(route, operation):
    one = operation(route)
    assert one.node["x-role"] == route["role"]
    assert one.names("query") == set(route["query"] or ())
    assert "raw" in route or set(one.body_schema["properties"] if one.body_schema else ()) == set(route["body"] or ())
    assert "raw" in route and list(one.body) == route["raw"] or bool(one.body) == bool(one.body_schema)
    takes_body = route["body"] is not None or bool(route.get("raw"))
    assert bool(one.body) == takes_body
    assert one.names("path") == set(re.findall(r"\{(\w+)\}", route["path"]))
    assert ("If-Match" in one.names("header")) == route["conditional"]
    assert (428 in one.responses) == (412 in one.responses) == route["conditional"]
    assert (one.node.get("security") == []) == (route["role"] == "anyone") == (401 not in one.responses)
    assert (429 in one.responses) == (route["role"] not in ("anyone", "notify"))
    assert (403 in one.responses) == (route["role"] in ("editor", "admin"))
    assert (415 in one.responses) == (422 in one.responses) == (413 in one.responses) == takes_body
    assert ("application/merge-patch+json" in one.body) == (route["method"] == "PATCH")
    assert ("If-None-Match" in one.names("header")) == (304 in one.responses)


# ---- who may call: all of it is in test_authorization.py; here, that a refusal comes before any other fault ----

@each(one for one in ROUTES if one["role"] in ("editor", "admin"))
def test_a_lower_role_gets_403(route, call, template):
    for person in template.people.values():
        if person.role == "reader" or (person.role, route["role"]) == ("editor", "admin"):
            answer = call(route, person)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@with_body
def test_a_lower_role_learns_nothing_of_the_body(route, call, bob):
    answer = call(route, bob, json={"no_such_field": 1})
    assert answer.status_code == 403
    assert "errors" not in answer.json()


# ---- where ----

@each(one for one in ROUTES if "{" in one["path"])
def test_an_unknown_id_is_404(route, call, person):
    answer = call(route, person(route))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@each(one for one in ROUTES if "{" in one["path"])
@pytest.mark.parametrize("segment", ["0", "007", "0x1", "1.0", "-1", "1e3", "%31x", "1234567890123456789", "A", "%20",
                                     "Ⅷ"])
def test_a_path_that_cannot_be_one_is_404(route, segment, call, person):
    path = re.sub(r"\{\w+\}", segment, route["path"])
    assert call(route, person(route), path).status_code == 404


@pytest.mark.parametrize("path", sorted({one["path"] for one in ROUTES}))
def test_another_method_is_405_with_those_that_it_takes(path, api):
    taken = {one["method"] for one in ROUTES if one["path"] == path}
    allow = taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set())
    url = path_of({"path": path})
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - taken:
        answer = api.request(method, url)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == allow
    answer = api.options(url)
    assert answer.status_code == 204
    assert set(answer.headers["Allow"].split(", ")) == allow


# ---- the parameters ----

def needed_by(route, operation):
    """The names of the parameters without which the call is refused."""
    return [one["name"] for one in operation(route).parameters if one["in"] == "query" and one.get("required")]


def with_needed(route, operation, but=None):
    """Good values for those, to be added to an address."""
    return "".join(f"&{one}={GOOD[one]}" for one in needed_by(route, operation) if one != but)


@every_route
def test_an_unknown_parameter_is_400(route, call, person, operation):
    answer = call(route, person(route), path_of(route) + "?no_such_parameter=1" + with_needed(route, operation))
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == \
        [("?no_such_parameter", "unknown_parameter")]


def good_enough(route):
    """What a call says whose parameters are right; the file of a raw route is none."""
    return (404, 422) if route.get("raw") else (200, 404)


GOOD = {"limit": "1", "cursor": "djE6MQ", "plan": "1", "lead": "1", "action": "1", "due_before": "2022-03-31",
        "due_after": "2022-03-31", "day": "2022-03-31", "updated_since": "2022-03-31T08:30:00Z", "q": "brochure",
        "text": "Dec%202021%20%E2%80%93%20March%202022", "relative_to": "2022-03-31", "dry_run": "true",
        "overlap_hours": "1", "title": "T", "organisation": "O", "slug": "a-b", "source_url": "https%3A%2F%2Fexample.org"}
# What no parameter of that name takes; what the schemas tell by themselves is added to it.
BAD = {"dry_run": ["", "yes", "1", "TRUE"], "title": ["", "%20x"], "organisation": ["", "x%20"],
       "overlap_hours": ["", "-1", "169", "1.0", "x"], "slug": ["", "A", "1", "a--b"], "source_url": ["", "x", "ftp%3A%2F%2Fx"],
       "limit": ["0", "-1", "101", "1e9", "", "1.0", "0x1", "１", "99999999999999999999"],
       "cursor": ["", "x", "djE6", "djE6MQ==", "djE6LTE", "djI6MQ", "djE6MQ%0A", "djE6MTIzNDU2Nzg5MDEyMzQ1Njc4OQ",
                  "A" * 300],
       "plan": ["", "A", "-a", "a--b", "0", "1234567890123456789", "a" * 81],
       "lead": ["", "0", "-1", "a", "1.0"], "action": ["", "0", "-1", "a", "1.0"],
       "due_before": ["2027-02-30", "2027-2-3", "now", "infinity", "0000-01-01", "10000-01-01", "2201-01-01"],
       "due_after": ["2027-02-30", "", "today"], "day": ["2027-02-30", "tomorrow", "1899-12-31"],
       "updated_since": ["2027-02-30T00:00:00Z", "2022-03-31", "2022-03-31T24:00:00Z", "2022-03-31T23:59:60Z",
                         "2022-03-31T08:30:00", "2022-03-31T08:30:00%2B99:99", "2022-03-31T08:30:00+01:00", "now"],
       "relative_to": ["2027-02-30", ""], "text": ["", "%20x", "a" * 2001, "a%0Ab", "a%01"],
       "q": ["", "%20", "a%20", "a%0Ab", "a" * 201, "%E2%80%AEx"]}
GOOD["after"], BAD["after"] = "latest", ["", "0", "1:", "now", "LATEST", "-1:" + "0" * 64, "1:" + "0" * 63,
                                         "1:" + "0" * 65, "1:" + "A" * 64, "1234567890123456789:" + "0" * 64, "1%3A"]
GOOD["at"], BAD["at"] = GOOD["updated_since"], BAD["updated_since"]
GOOD["as_of"], BAD["as_of"] = "2022-03-31", [*BAD["due_before"], "2199-12-31", "2022-03-31T08:30:00Z"]
GOOD["from"] = GOOD["to"] = "2022-03-31"
BAD["from"] = BAD["to"] = [one for one in BAD["updated_since"] if one != "2022-03-31"] + ["", "0", "-1", "1e3", "2022-3-1"]


@each(one for one in ROUTES if one["query"])
def test_every_parameter_is_checked(route, call, person, operation):
    for parameter in operation(route).parameters:
        name = parameter["name"]
        if parameter["in"] != "query":
            continue
        words = operation(route).contract.deref(parameter["schema"]).get("enum")
        bad = BAD[name] if not words else ["", "no_such_word", words[0].upper(), words[0] + "%20",
                                           words[0] + "," + words[-1]]
        others = with_needed(route, operation, but=name)
        for value in bad:
            answer = call(route, person(route), f"{path_of(route)}?{name}={value}{others}")
            assert answer.status_code == 400, f"{name}={value}"
            assert [one["pointer"] for one in answer.json()["errors"]] == [f"?{name}"]
        good = words[0] if words else GOOD[name]
        answer = call(route, person(route), f"{path_of(route)}?{name}={good}&{name}={good}{others}")
        assert [one["code"] for one in answer.json()["errors"]] == ["repeated_parameter"]
        for value in words or [GOOD[name]]:
            assert call(route, person(route), f"{path_of(route)}?{name}={value}{others}").status_code in good_enough(route)


@each(one for one in ROUTES if one["query"])
def test_a_parameter_that_is_needed_is_asked_for(route, call, person, operation):
    needed = {f"?{one}" for one in needed_by(route, operation)}
    answer = call(route, person(route), bare=True)
    if needed:
        assert answer.status_code == 400
        assert {one["pointer"] for one in answer.json()["errors"] if one["code"] == "required"} == needed
    else:
        assert answer.status_code in good_enough(route)


# ---- the body ----

@with_body
def test_an_unknown_field_is_422_at_its_place(route, call, person):
    answer = call(route, person(route), json={"no/such~field": 1})
    assert answer.status_code == 422
    assert ("/no~1such~0field", "unknown_field") in [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


@with_body
def test_what_only_the_service_sets_cannot_be_set(route, call, person, operation):
    server_owned = {"id", "version", "created_at", "updated_at", "standing", "token", "prefix"}
    body = {name: 1 for name in server_owned}
    faults = {one["pointer"]: one["code"] for one in call(route, person(route), json=body).json()["errors"]}
    assert {f"/{name}" for name in server_owned} <= {at for at, code in faults.items() if code == "unknown_field"}


@with_body
def test_an_empty_object_is_told_everything_that_is_missing(route, call, person, operation):
    required = set() if route["method"] == "PATCH" else set(operation(route).body_schema.get("required", ()))
    answer = call(route, person(route), json={})
    if not required:
        assert answer.status_code == 404  # nothing wrong with the body: there is nothing at these ids
        return
    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in answer.json()["errors"]} == {(f"/{one}",
        "required") for one in required}


@with_body
@pytest.mark.parametrize("data", ["", " ", "{", "{}{}", "{} x", '{"a":1,}', "{'a':1}", "null", "[]", "7", '"x"', "NaN"])
def test_what_is_no_json_object_is_400(route, data, call, person):
    answer = call(route, person(route), data=data.encode(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@with_body
@pytest.mark.parametrize("type_",
                         [None, "text/plain", "application/json; charset=latin1", "multipart/form-data; boundary=x",
                                   "application/x-www-form-urlencoded", "application/jsonx", "application/json; v=2"])
def test_another_type_of_body_is_415(route, type_, call, person):
    answer = call(route, person(route), data=b"{}", headers={"Content-Type": type_} if type_ else {})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@with_body
def test_a_packed_body_is_415(route, call, person):
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert call(route, person(route), data=b"{}", headers=headers).status_code == 415


def violations(contract, schema):
    """Values that the schema forbids, from the schema alone."""
    schema = contract.deref(schema)
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    yield {"no": "object"}
    if "null" not in types:
        yield None
    if "boolean" not in types:
        yield True
    if "string" in types:
        yield from [5, ["x"]]
        yield "x" * (schema.get("maxLength", 100000) + 1)
        yield from ["", " ", "a\u0001b", "a\u202eb", "a\ufffeb"]
        if "enum" in schema:
            yield from ["no_such_word", schema["enum"][0].upper()]
        if schema.get("format") == "date":
            yield from ["2027-02-30", "2027-2-3", "now", "infinity", "0000-01-01", "10000-01-01",
                        "2027-02-03T00:00:00Z"]
        if schema.get("format") == "date-time":
            yield from ["2027-02-03", "2027-02-30T00:00:00Z", "2027-02-03T24:00:00Z", "2027-02-03T00:00:60Z", "now",
                        "2027-02-03T00:00:00", "2027-02-03T00:00:00+99:99", "infinity"]
        if schema.get("format") == "uri":
            yield from ["example.org", "ftp://example.org/", "javascript:alert(1)", "https://", "https:///x",
                        "https://example.org/a b", "https://example.org/\u3000"]
        if schema.get("format") == "idn-email":
            yield from ["a", "a@", "@b.org", "a@b", "a@b@c.org", "a b@c.org", "a@b.org, c@d.org",
                        "a@b.org\r\nBcc: x@y.org",
                        '"a b"@c.org', ".a@b.org", "a..b@c.org", "ä@b.org", "a@" + "b" * 250 + ".org", "a@b..org",
                        "a@-b.org"]
    elif "integer" in types:
        yield from ["1", 1.5, 2.0, [1], schema["minimum"] - 1, schema["maximum"] + 1]
    elif "boolean" in types:
        yield from ["true", 1]
    elif "array" in types:
        yield from ["x", 1, [None], [True], [[]]]
        if schema.get("minItems"):
            yield []


@with_body
def test_the_server_refuses_what_the_schema_forbids(route, call, person, operation):
    one = operation(route)
    tried = 0
    for name, schema in one.body_schema["properties"].items():
        for value in violations(one.contract, schema):
            body = {**one.example, name: value}
            if not one.contract.schema_faults(schema, value) and value not in (" ", "a\u202eb", "a\ufffeb"):
                continue  # what some text fields take
            answer = call(route, person(route), json=body)
            assert answer.status_code == 422, f"{name}: {value!r:.80} gave {answer.status_code} {answer.text[:300]}"
            assert any(re.fullmatch(f"/{name}(/.*)?", fault["pointer"]) for fault in answer.json()["errors"])
            tried += 1
    assert tried >= 5


# ---- the answer's type, and conditions ----

@every_route
@pytest.mark.parametrize("accept,fine", [("image/png", False), ("*/*;q=0", False), ("application/json;q=0", False),
                                         ("application/problem+json", True), ("application/*", True), ("*/*", True),
                                         ("image/png, application/json;q=0.1", True), ("", True)])
def test_it_answers_in_its_own_type_or_not_at_all(route, accept, fine, call, person, operation):
    types = [one for status, answer in operation(route).responses.items() if status < 300 for one in answer.get("content", ())]
    own = types[0].split(";")[0] if types else "application/json"
    accept = accept.replace("application/json", own).replace("application/*", own.split("/")[0] + "/*")
    status = call(route, person(route), headers={"Accept": accept}).status_code
    assert (status == 406) != fine


@each(one for one in ROUTES if one["conditional"])
def test_a_change_without_if_match_is_428(route, call, person):
    answer = call(route, person(route), if_match=None)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@each(one for one in ROUTES if one["conditional"])
@pytest.mark.parametrize("tag", ["3", '"3', "W/3", '"3" "4"', '*, "3"', ",", "\"" + "3" * 2000 + "\""])
def test_an_if_match_that_is_none_is_400(route, tag, call, person):
    assert call(route, person(route), if_match=tag).status_code == 400
