"""POST /v1/imports against its contract; what it does is in tests/import."""
CSV = b"No,Recommendation,Action,Lead,Timescale\n1,Do it,First,Clerk,May 2022\n,,Second,Clerk,Q3 2024\n"
TYPE = {"Content-Type": "text/csv"}


def test_preview_and_plan(api, alice, changes):
    query = {"title": "T", "organisation": "O", "slug": "imported"}
    preview = api.post("/v1/imports", alice, data=CSV, params={**query, "dry_run": "true"}, headers=TYPE)
    assert preview.status_code == 200
    assert changes.new() == []
    made = api.post("/v1/imports", alice, data=CSV, params=query, headers=TYPE)
    assert made.status_code == 201
    assert api.get(made.headers["Location"], alice).json()["slug"] == "imported"


def test_a_fault_is_told_with_its_place(api, alice):
    answer = api.post("/v1/imports", alice, data=b"a,b\n", headers=TYPE)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "no_heading"


def test_an_exported_plan_fits_the_contract_both_ways(api, alice, contract):
    api.post("/v1/imports", alice, data=CSV, params={"title": "T", "organisation": "O", "slug": "there-and-back"},
             headers=TYPE)
    document = api.get("/v1/plans/there-and-back/export.json", alice)
    types = contract.operations["POST", "/v1/imports"].body
    assert contract.schema_faults(types["application/json"]["schema"], document.json()) == []
    for form, type_ in (("json", "application/json"), ("csv", "text/csv"), ("xlsx", list(types)[3])):
        file = api.get(f"/v1/plans/there-and-back/export.{form}", alice).content
        again = api.post("/v1/imports", alice, data=file, params={"plan": "there-and-back"},
                         headers={"Content-Type": type_})
        assert again.status_code == 201
        assert {action["state"] for one in again.json()["recommendations"] for action in one["actions"]} == {"unchanged"}
