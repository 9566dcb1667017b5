"""GET /v1/messages/{id}"""


def test_it_shows_the_exact_bytes_and_every_try(api, bob, outbox, lead):
    number = outbox.message(lead, attempts=2)
    outbox.attempt(number, 1, address="lisa@x.example", started_at="2022-03-24T08:30:00Z", finished_at="2022-03-24T08:30:01Z", outcome="retry",
                   curl_code=55,
                   reply_code=450, detail="greylisted")
    outbox.attempt(number, 2, started_at="2022-03-24T08:35:00Z", body_at="2022-03-24T08:35:01.5Z", outcome=None)
    read = api.get(f"/v1/messages/{number}", bob).json()
    assert read["mime"] == f"Subject: Dyddiad cau\r\n\r\nAnnwyl {lead['name']} – £5\r\n"
    assert read["tries"] == [
        {"n": 1, "address": "lisa@x.example", "started_at": "2022-03-24T08:30:00.000Z", "body_at": None, "finished_at": "2022-03-24T08:30:01.000Z",
         "outcome": "retry", "curl_code": 55, "reply_code": 450, "detail": "greylisted"},
        {"n": 2, "address": None, "started_at": "2022-03-24T08:35:00.000Z", "body_at": "2022-03-24T08:35:01.500Z", "finished_at": None,
         "outcome": None, "curl_code": None, "reply_code": None, "detail": None}]
    listed, = api.get(f"/v1/messages?lead={lead['id']}", bob).json()["items"]
    assert {name: read[name] for name in listed} == listed


def test_one_that_was_not_rendered_yet_has_no_bytes(api, bob, outbox, lead):
    read = api.get(f"/v1/messages/{outbox.message(lead, state='queued')}", bob).json()
    assert (read["mime"], read["tries"], read["subject"]) == (None, [], None)


def test_a_key_for_some_plans_sees_none(api, outbox, lead, limited, plan):
    assert api.get(f"/v1/messages/{outbox.message(lead)}", limited(plan)).status_code == 404
