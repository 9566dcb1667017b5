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
