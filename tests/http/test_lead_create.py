"""POST /v1/leads"""
import pytest


def test_it_adds_a_post_with_nothing_but_a_name(api, alice):
    answer = api.post("/v1/leads", alice, json={"name": "Executive Director - Place Services"})
    assert answer.status_code == 201
    lead = answer.json()
    assert lead == {"id": lead["id"], "name": "Executive Director - Place Services", "kind": "officer", "holder": None,
                    "email": None, "undeliverable_since": None, "language": "en", "deputy": None, "manager": None, "away_from": None,
                    "away_until": None,
                    "version": 1, "created_at": lead["created_at"], "updated_at": lead["created_at"]}
    assert (answer.headers["ETag"], answer.headers["Location"]) == ('"1"', f"/v1/leads/{lead['id']}")
    assert api.get(answer.headers["Location"], alice).json() == lead


def test_it_keeps_everything_that_it_is_given(api, alice, make):
    body = {"name": "Aelod Cabinet – Economi", "kind": "cabinet_member", "holder": "Siân Ŵyn O'Neill-Jones",
            "email": "Sian.O'Neill+plans@council.example", "language": "both", "deputy": make.lead()["id"],
            "manager": make.lead()["id"], "away_from": "2022-08-01", "away_until": "2022-08-01"}
    lead = api.post("/v1/leads", alice, json=body).json()
    assert {name: lead[name] for name in body} == body


@pytest.mark.parametrize("again", ["Reset & Recovery", "reset and recovery", "RESET AND RECOVERY",
                                   "Reset and Recovery."])
def test_one_post_written_another_way_is_the_same_post(api, alice, again):
    api.post("/v1/leads", alice, json={"name": "Reset and Recovery"})
    answer = api.post("/v1/leads", alice, json={"name": again})
    assert (answer.status_code, answer.json()["code"]) == (409, "lead_exists")
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/name"]


def test_posts_that_differ_in_a_word_are_two(api, alice):
    assert api.post("/v1/leads", alice, json={"name": "Director of Housing"}).status_code == 201
    assert api.post("/v1/leads", alice, json={"name": "Director of Housing Repairs"}).status_code == 201


@pytest.mark.parametrize("email,kept", [
    ("lisa@bücher.example", "lisa@xn--bcher-kva.example"), ("lisa@cyngor.cymru", "lisa@cyngor.cymru"),
    ("lisa@Straße.example", "lisa@xn--strae-oqa.example"), ("!#$%&'*+-/=?^_`{|}~@a.bc", "!#$%&'*+-/=?^_`{|}~@a.bc"),
    ("x" * 64 + "@council.example", "x" * 64 + "@council.example")])
def test_an_address_is_kept_as_mail_servers_know_it(api, alice, make, email, kept):
    lead = make.lead(email=email)
    assert lead["email"] == kept
    assert api.get(f"/v1/leads/{lead['id']}", alice).json()["email"] == kept


@pytest.mark.parametrize("email", [
    "a@b\r\nBcc:x@y.z", "a@b.c,d@e.f", "a@b.c d@e.f", "x" * 65 + "@b.cd", "a@" + ".".join(["b" * 63] * 4) + ".cd",
    "a@b", "a@.b.c",
    "a@b.c.", "a@b_c.d", "a@[127.0.0.1]", '"a b"@c.d', "a.@b.cd", "ä@b.cd", "<a@b.cd>", "a@b.cd\u0000", "a@-b.cd",
    "a@" + "ü" * 60 + ".cd"])
def test_it_refuses_what_is_not_one_address(api, alice, email):
    answer = api.post("/v1/leads", alice, json={"name": "Somebody", "email": email})
    assert answer.status_code == (400 if "\0" in email else 422)
    if answer.status_code == 422:
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/email", "bad_email")]


@pytest.mark.parametrize("body,pointer,code", [
    ({"away_from": "2022-08-01"}, "/away_until", "invalid"), ({"away_until": "2022-08-01"}, "/away_until", "invalid"),
    ({"away_from": "2022-08-02", "away_until": "2022-08-01"}, "/away_until", "invalid"),
    ({"deputy": 999999}, "/deputy", "unknown_lead"), ({"manager": 999999}, "/manager", "unknown_lead"),
    ({"deputy": 0}, "/deputy", "out_of_range"), ({"deputy": "1"}, "/deputy", "wrong_type"),
    ({"kind": "boss"}, "/kind", "unknown_value")])
def test_it_refuses_what_a_lead_cannot_have(api, alice, body, pointer, code):
    answer = api.post("/v1/leads", alice, json={"name": "Somebody else", **body})
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


def test_a_key_for_some_plans_cannot_add_one(api, limited, plan):
    assert api.post("/v1/leads", limited(plan), json={"name": "Somebody"}).status_code == 403


def test_it_is_on_record(api, alice, changes):
    lead = api.post("/v1/leads", alice, json={"name": "Head of Records"}, headers={"X-Request-Id": "L1"}).json()
    row, = changes.expect(("created", "lead"), actor="alice", request_id="L1")
    assert (row["resource_id"], row["plan_id"], row["after"]["name"]) == (lead["id"], None, "Head of Records")
