"""DELETE /v1/webhooks/{id}"""


def test_it_takes_everything_with_it(make, api, carol, database, changes):
    made, other = make.webhook(), make.webhook()
    path = f"/v1/webhooks/{made['id']}"
    for one in (made, other):
        assert api.post(f"/v1/webhooks/{one['id']}/test", carol).status_code == 202
    changes.new()
    assert api.delete(path, carol, if_match='"2"').status_code == 412
    assert api.delete(path, carol, if_match='"1"').status_code == 204
    rows = changes.expect(("deleted", "webhook"), ("deleted", "webhook_secret"), actor="carol")
    assert not any("secret" in row["before"] for row in rows)
    for table in ("webhook_secret", "webhook_health", "delivery"):
        assert database.column(f"SELECT 1 FROM {table} WHERE webhook_id = %s", (made["id"],)) == []
        assert database.column(f"SELECT 1 FROM {table} WHERE webhook_id = %s", (other["id"],)) != []
    assert api.get(path, carol).status_code == 404
    assert api.delete(path, carol, if_match="*").status_code == 404
