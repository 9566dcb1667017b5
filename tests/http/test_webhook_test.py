"""POST /v1/webhooks/{id}/test"""


def test_it_queues_an_event_for_this_webhook_alone(make, api, carol, database):
    made, _other = make.webhook(events=["plan.created"]), make.webhook()
    answer = api.post(f"/v1/webhooks/{made['id']}/test", carol)
    assert answer.status_code == 202
    one = answer.json()
    assert (one["webhook"], one["type"], one["state"], one["attempts"], one["tries"]) == (
        made["id"], "webhook.test", "queued", 0, [])
    assert one["payload"]["type"] == "webhook.test" and one["payload"]["data"] == {"webhook": made["id"]}
    assert api.get(f"/v1/webhooks/{made['id']}/deliveries", carol).json()["items"] == [one]
    assert database.value("SELECT count(*) FROM delivery d JOIN event e ON e.id = d.event_id"
                          " WHERE event_name(e.uid) = %s", (one["event"],)) == 1


def test_it_is_on_record(make, api, carol, changes):
    made = make.webhook()
    changes.new()
    one = api.post(f"/v1/webhooks/{made['id']}/test", carol).json()
    row, = changes.expect(("updated", "webhook"), actor="carol")
    assert (row["resource_id"], row["after"]["tested"], row["after"]["version"]) == (made["id"], one["id"], 1)


def test_a_disabled_one_is_refused(make, api, carol, database):
    made = make.webhook()
    database.execute("UPDATE webhook SET state = 'disabled', reason = 'gone' WHERE id = %s", (made["id"],))
    for path, body in (("test", {}), ("replay", {"json": {"since": "2022-03-24T00:00:00Z"}})):
        answer = api.post(f"/v1/webhooks/{made['id']}/{path}", carol, **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "webhook_disabled")
