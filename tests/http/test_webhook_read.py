"""GET /v1/webhooks/{id}"""


def test_it_shows_how_the_endpoint_does(make, api, carol, database):
    made = make.webhook()
    path = f"/v1/webhooks/{made['id']}"
    answer = api.get(path, carol)
    assert made.pop("secret") and answer.json() == made
    assert api.get(path, carol, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    database.execute("UPDATE webhook_health SET first_failure_at = '2022-03-24T08:30:00Z' WHERE webhook_id = %s",
                     (made["id"],))
    again = api.get(path, carol, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.json()["first_failure_at"]) == (200, "2022-03-24T08:30:00.000Z")
    assert again.headers["ETag"] == answer.headers["ETag"], "nobody's edit"


def test_a_key_for_some_plans_sees_none(make, api, limited, plan):
    made = make.webhook(plans=[plan["id"]])
    assert api.get(f"/v1/webhooks/{made['id']}", limited(plan, role="admin")).status_code == 404
