"""Numbers: whole, within their range, and never made out of something else"""
import pytest

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def percent(api, alice, action):
    """Sets the percent of an action to these very letters."""
    def send(number):
        return api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", data=f'{{"percent":{number}}}'.encode(),
                         headers=JSON)
    return send


@pytest.mark.parametrize("number,code", [
    ("1.0", "wrong_type"), ("1.5", "wrong_type"), ("1e0", "wrong_type"), ("1E2", "wrong_type"), ("-0.0", "wrong_type"),
    ("0.1", "wrong_type"), ("1e-400", "wrong_type"), ("1e308", "wrong_type"), ('"1"', "wrong_type"), ('""', "wrong_type"),
    ("true", "wrong_type"), ("[1]", "wrong_type"), ('{"a":1}', "wrong_type"), ("-1", "out_of_range"),
    ("101", "out_of_range"), ("2147483648", "out_of_range"), ("4294967297", "out_of_range"),
    ("9223372036854775807", "out_of_range"), ("-9223372036854775808", "out_of_range")])
def test_a_number_is_never_bent_into_another(percent, changes, number, code):
    answer = percent(number)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/percent", code)]
    assert changes.new() == []


@pytest.mark.parametrize("number", ["9223372036854775808", "18446744073709551617", "-9223372036854775809", "1e309", "-1e309",
                                    "1" + "0" * 400, "00", "01", "-01", "1.", ".1", "+1", "0x1", "1e", "NaN", "-"])
def test_what_no_number_can_hold_is_400(percent, number):
    answer = percent(number)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("number,kept", [("0", 0), ("-0", 0), ("100", 100), ("7 ", 7), ("null", None)])
def test_a_whole_number_is_taken(percent, number, kept):
    answer = percent(number)
    assert (answer.status_code, answer.json()["percent"]) == (200, kept)


@pytest.mark.parametrize("number,code", [("0", "out_of_range"), ("-1", "out_of_range"), ("1000000000000000000", "out_of_range"),
                                         ("1.0", "wrong_type"), ('"1"', "wrong_type"), ("null", "not_nullable")])
def test_an_id_is_one_from_1_to_18_digits(api, alice, action, number, code):
    answer = api.patch(f"/v1/actions/{action['id']}", alice, if_match="*", data=f'{{"recommendation":{number}}}'.encode(),
                       headers=JSON)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/recommendation", code)]
