"""Who may call what: every route with every kind of key, from the program's own list of routes"""
import pytest

import contract as contracts
from routes_table import HIDDEN, NOTHING, ROWS, UNSEEN, World
from support import programs

ROUTES = {f"{one['method']} {one['path']}": one for one in contracts.routes()}
# That of "notify" has a token of its own: test_receipt_notify.py.
KEYED = sorted(name for name, one in ROUTES.items() if one["role"] not in ("anyone", "notify"))
OPEN = sorted(name for name, one in ROUTES.items() if one["role"] == "anyone")
ROLES = ["reader", "editor", "admin"]

every_keyed = pytest.mark.parametrize("name", KEYED)


def test_every_route_has_a_row_and_every_row_a_route():
    assert sorted(ROWS) == KEYED


@pytest.fixture
def world(make, outbox):
    return World(make, outbox)


@pytest.fixture
def call(api, world):
    """The row's good call of the route, with this key (Person, token or None)."""
    def send(name, key, of=None, **more):
        one = ROWS[name][0](of or world)
        headers = {**one.how.get("headers", {}), **more}
        return api.request(name.split()[0], one.path, key, **{**one.how, "headers": headers})
    return send


@pytest.fixture
def whole(api, call):
    """The text of all pages of a list."""
    def read(name, key):
        answer = call(name, key)
        text = answer.text
        while answer.json().get("next_cursor"):
            answer = api.get(answer.links["next"]["url"][len(api.url):], key)
            text += answer.text
        return text.lower()
    return read


@pytest.fixture
def ended(make, database):
    """A key of this role whose time is over."""
    def key(role):
        one = make.key_for(role=role)
        database.rows("UPDATE api_key SET expires_at = now() - interval '1 second' WHERE id = %s RETURNING id",
                      (one["id"],))
        return one["token"]
    return key


@pytest.fixture
def revoked(make, api, carol):
    def key(role):
        one = make.key_for(role=role)
        assert api.delete(f"/v1/keys/{one['id']}", carol, if_match="*").status_code == 204
        return one["token"]
    return key


def seen(answer):
    """All that an answer tells but what is its own: the time, and the request's id with its length."""
    own = ("Date", "X-Request-Id", "Content-Length")
    headers = {name: value for name, value in answer.headers.items() if name not in own}
    return answer.status_code, headers, {**answer.json(), "request_id": ""}


@every_keyed
def test_without_a_good_key_it_is_401_and_never_says_why(name, call, unknown_token, carol, ended, revoked):
    role = ROUTES[name]["role"]
    plain = seen(call(name, None))
    assert (plain[0], plain[2]["code"], plain[1]["WWW-Authenticate"]) == (401, "unauthorized", "Bearer")
    bad = {"unknown": unknown_token, "cut": carol.token[:-1], "longer": carol.token + "0", "other case": carol.token.lower(),
           "empty": "", "no token": "null", "expired": ended(role), "revoked": revoked(role)}
    for what, token in bad.items():
        assert seen(call(name, token)) == plain, what
    assert seen(call(name, None, Authorization=f"Basic {carol.token}")) == plain


@every_keyed
def test_each_role_gets_what_it_may_and_no_more(name, call, make, outbox, template, world, api):
    needed = ROLES.index(ROUTES[name]["role"])
    for person in sorted(template.people.values(), key=lambda one: ROLES.index(one.role)):
        may = ROLES.index(person.role) >= needed
        answer = call(name, person, World(make, outbox) if may else world)
        if may:
            assert answer.status_code in (200, 201, 202, 204), f"{person.role}: {answer.status_code} {answer.text}"
        else:
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), person.role


@every_keyed
def test_a_key_for_other_plans_sees_none_of_it(name, call, make, limited, world):
    expected = ROWS[name][1]
    answer = call(name, limited(make.plan(), role=ROUTES[name]["role"]))
    if expected in (403, 404, UNSEEN):
        status, code = (403, "forbidden") if expected == 403 else (404, "not_found")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    else:
        assert answer.status_code == 200, answer.text
    assert world.word.lower() not in str({**answer.json(), "instance": ""}).lower()


@pytest.mark.parametrize("name", [one for one in KEYED if ROWS[one][1] in (NOTHING, UNSEEN)])
def test_what_concerns_all_plans_is_not_for_a_key_of_one(name, call, limited, world):
    answer = call(name, limited(world.plan, role=ROUTES[name]["role"]))
    assert (answer.status_code, answer.json().get("items", [])) == (404 if ROWS[name][1] == UNSEEN else 200, [])


@pytest.mark.parametrize("name", [one for one in KEYED if ROWS[one][1] in (404, HIDDEN)])
def test_a_key_for_the_plan_itself_may(name, call, limited, make, whole, world):
    """The row is worth something: only the plan makes the difference."""
    key = limited(world.plan, role=ROUTES[name]["role"])
    answer = call(name, key)
    assert answer.status_code in (200, 201, 202, 204), answer.text
    if ROWS[name][1] == HIDDEN:
        # The feed of changes gives none before every transaction that began earlier has ended.
        programs.wait_until(lambda: world.word.lower() in whole(name, key), "it is in the list", 10)
        assert world.word.lower() not in whole(name, limited(make.plan(), role=ROUTES[name]["role"]))


@pytest.mark.parametrize("name", [one for one in KEYED if "{plan}" in one])
def test_the_id_of_a_plan_opens_no_more_than_its_slug(name, api, make, limited, world):
    one = ROWS[name][0](world)
    path = one.path.replace(world.plan["slug"], str(world.plan["id"]))
    answer = api.request(name.split()[0], path, limited(make.plan(), role=ROUTES[name]["role"]), **one.how)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", OPEN)
def test_what_is_open_is_so_for_any_key(name, api, unknown_token, revoked):
    path = name.split()[1].replace("{code}", "not_found")
    for key in (None, unknown_token, "nonsense", revoked("reader")):
        assert api.get(path, key).status_code == 200
