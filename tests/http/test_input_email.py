"""Email addresses: one, plain, and in the form in which a mail server takes it"""
import pytest

LOCAL = "a" * 64
DOMAIN = ".".join(["b" * 63] * 3)[:185]  # with LOCAL, an @ and ".org": 254 bytes


@pytest.fixture
def set_email(api, alice, lead):
    return lambda email: api.patch(f"/v1/leads/{lead['id']}", alice, if_match="*", json={"email": email})


@pytest.mark.parametrize("email", [
    "a@b.org\r\nBcc:x@y.org", "a@b.org\nRCPT TO:<x@y.org>", "a@b.org\r", "a@b.org>\r\nDATA", "a@b.org\u0000", "a@b.org ",
    " a@b.org", "a@b.org, c@d.org", "a@b.org;c@d.org", "a@b.org c@d.org", "<a@b.org>", "A <a@b.org>", "a@b.org (A)",
    "mailto:a@b.org", '"a b"@c.org', '"a"@c.org', "a b@c.org", "a\\@b@c.org", "a@b@c.org", "a@", "@b.org", "a", "", "a@b",
    "a@b.", "a@.b.org", "a@b..org", "a@-b.org", "a@b-.org", "a@b_c.org", "a@b.org.", "a@[127.0.0.1]", "a@[IPv6:::1]",
    "a@127.0.0.1:25", ".a@b.org", "a.@b.org", "a..b@c.org", "ä@b.org", "a\u202e@b.org", "a@b.org\u200b", "a@b\u3000c.org", "a@b\u2474.org",
    "a@b\u00adc.org", "a@\ufeffb.org", "a@b\u200dc.org",
    LOCAL + "a@b.org", "a@" + "b" * 64 + ".org", f"{LOCAL}@{DOMAIN}b.org", "a@" + "b." * 130 + "org", "a@" + "ü" * 60 + ".org",
    "a@xn--.org\r\n", "a%0d%0aBcc:x@y.org"], ids=lambda email: ascii(email)[:40])
def test_what_is_not_one_plain_address_is_422(set_email, changes, email):
    answer = set_email(email)
    if "\0" in email:
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    else:
        assert answer.status_code == 422
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/email", "bad_email")]
    assert changes.new() == []


@pytest.mark.parametrize("email,kept", [
    ("a@b.org", "a@b.org"), ("Lisa.O'Hara+plans@st-helens.gov.uk", "Lisa.O'Hara+plans@st-helens.gov.uk"),
    ("a@b-c.d-e.org", "a@b-c.d-e.org"), ("!#$%&'*+-/=?^_`{|}~@b.org", "!#$%&'*+-/=?^_`{|}~@b.org"),
    ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"), ("a@bücher.example", "a@xn--bcher-kva.example"),
    ("a@BÜCHER.example", "a@xn--bcher-kva.example"), ("a@Ynys-Môn.cymru", "a@" + "ynys-môn".encode("idna").decode() + ".cymru"),
    (f"{LOCAL}@b.org", f"{LOCAL}@b.org"), (f"{LOCAL}@{DOMAIN}.org", f"{LOCAL}@{DOMAIN}.org"), (None, None)],
    ids=lambda email: ascii(email)[:40])
def test_an_address_is_kept_with_its_domain_in_ascii(set_email, email, kept):
    answer = set_email(email)
    assert (answer.status_code, answer.json().get("email")) == (200, kept), answer.text


def test_254_bytes_are_the_longest():
    assert len(f"{LOCAL}@{DOMAIN}.org") == 254
