"""GET /v1/plans/{plan}/export.csv, .json and .xlsx, and the way back through the import."""
import csv
import io
import itertools
import json
import subprocess
import time

import pytest

import contract as contracts
from support import programs, seed

FORMS = {"csv": "text/csv; charset=utf-8", "json": "application/json",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
HEADINGS = ["Recommendation number", "Recommendation", "Response", "Action reference", "Action", "Lead",
            "Cabinet member", "Support", "Consulted", "Timescale", "Deadlines done", "Status", "RAG",
            "Percent complete", "Completed on", "Next due on", "Last update", "Last update on"]
NASTY = ["=SUM(A1:A9)", "+44 1744 676789", "-Review", "@mention", "\tindented", "'=already guarded", "''-twice", "'quoted'",
         "=cmd|' /C calc'!A0", "Gwella’r ffordd: ŵ, ŷ, Â", "🏗️ Build 👩🏽‍💻 skills", 'He said "yes, and no"', "a, b; c\td",
         "Line one\nLine two.\nLine three", "• First bullet\n• Second bullet", "  outer space  ", "1. One\n2. Two", "3.10",
         "007", "1e5", "TRUE", "2022-03-31", "_x000D_ literal", "<b>&amp;</b>", "%s %n", "\\n", "x" * 4000, "\u00a0nbsp"]
numbers = itertools.count(1)


def table(answer):
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == HEADINGS
    return [dict(zip(HEADINGS, row)) for row in rows[1:]]


def import_file(database, path, *options, status=0):
    return programs.run("goldenthread-api", "import", path, *options, status=status,
                        settings={"GT_DATABASE_URL": database.url("gt_api"), "GT_LOG_FORMAT": "text"})


@pytest.fixture(scope="module")
def elsewhere(postgres, template, contract, tmp_path_factory):
    """Another council's database, with its server."""
    database = postgres.create("gt_elsewhere", template.name)
    one = contracts.CheckedApi(contract, database, tmp_path_factory.mktemp("elsewhere") / "api.log", GT_THREADS=2)
    yield one
    one.stop()
    database.close()
    postgres.drop("gt_elsewhere")


@pytest.fixture(scope="module")
def helens(database):
    return seed.st_helens(database)


@pytest.fixture
def nasty(api, make, alice, carol):
    """A plan with everything that a cell can do to a reader."""
    n = next(numbers)
    owner, helper = make.lead(name=f"Prif Weithredwr {n} – Tŷ’r Cyngor; \"Owner\""), make.lead(name=f"Team {n} A & B, and C")
    plan = make.plan(owner=owner["id"], title="=Cynllun ŵ, \"2022\"", quarter_basis="financial", relative_to="2022-01-01",
                     source_url="https://example.org/a?b=c&d", published=True, state="active", send_at="09:15", updates_every_days=45)
    make.recommendation(plan, number="=0", text="@nothing is done about this one\nyet", response="declined")
    for n, text in enumerate(NASTY):
        recommendation = make.recommendation(plan, number=f"R{n}", text="Recommended: " + text, response="partly_accepted")
        action = make.action(recommendation, description=text, timescale="December 2021 Review – March 2022", percent=n,
                             rag="amber", leads=[{"lead": owner["id"], "role": "lead"}, {"lead": helper["id"], "role": "support"}])
        if n % 3 == 0:
            note = {"note": text + " noted", "status": "in_progress", "lead": helper["id"], "evidence": "https://example.org/"}
            assert api.post(f"/v1/actions/{action['id']}/updates", alice, json=note).status_code == 201
            assert api.post(f"/v1/actions/{action['id']}/updates", alice, json={"percent": 50}).status_code == 201
        if n % 4 == 0:
            path = f"/v1/actions/{action['id']}/deadlines/{action['deadlines'][0]['id']}"
            assert api.patch(path, alice, if_match="*", json={"done_on": "2021-12-20"}).status_code == 200
        if n % 5 == 0:
            body = {"text": "Q3 2022/23", "reason": "=late, \"very\"", "agreed_by": "Cabinet", "agreed_on": "2022-02-01"}
            assert api.post(f"/v1/actions/{action['id']}/timescales", alice, json=body).status_code == 201
    done = make.action(make.recommendation(plan), description="Done", status="complete")
    assert api.patch(f"/v1/actions/{done['id']}", carol, if_match="*", json={"completed_on": "2022-02-03"}).status_code == 200
    return plan


def fetch(api, key, plan, form):
    answer = api.get(f"/v1/plans/{plan['slug']}/export.{form}", key)
    assert answer.status_code == 200
    return answer


# ---- what every form has ----

@pytest.mark.parametrize("form", FORMS)
def test_it_is_a_file_with_a_name_and_a_tag(api, bob, plan, form):
    path = f"/v1/plans/{plan['id']}/export.{form}"
    answer = api.get(path, bob)
    assert answer.headers["Content-Type"] == FORMS[form]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{plan["slug"]}.{form}"'
    assert api.get(f"/v1/plans/{plan['slug']}/export.{form}", bob).content == answer.content
    again = api.get(path, bob, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = api.head(path, bob)
    assert (head.headers["Content-Length"], head.content) == (str(len(answer.content)), b"")


@pytest.mark.parametrize("form", FORMS)
def test_its_tag_changes_with_whatever_is_in_it(api, make, alice, carol, form):
    plan, lead = make.plan(), make.lead()
    seen = set()

    def changed():
        seen.add(fetch(api, alice, plan, form).headers["ETag"])
        return len(seen)
    assert changed() == 1
    recommendation = make.recommendation(plan)
    assert changed() == 2
    action = make.action(recommendation, timescale="March 2022", leads=[{"lead": lead["id"]}])
    assert changed() == 3
    api.patch(f"/v1/leads/{lead['id']}", carol, if_match="*", json={"name": lead["name"] + " (acting)"})
    assert changed() == 4
    api.post(f"/v1/actions/{action['id']}/updates", alice, json={"note": "Under way"})
    assert changed() == 5
    api.patch(f"/v1/actions/{action['id']}/deadlines/{action['deadlines'][0]['id']}", alice, if_match="*",
              json={"done_on": "2022-03-01"})
    assert changed() == 6


@pytest.mark.parametrize("form", FORMS)
def test_outside_the_keys_plans_there_is_none(api, make, form):
    mine, other = make.plan(), make.plan()
    key = make.key_for(plans=[mine["id"]])["token"]
    assert api.get(f"/v1/plans/{mine['slug']}/export.{form}", key).status_code == 200
    for name in (other["id"], other["slug"], "no-such-plan"):
        assert api.get(f"/v1/plans/{name}/export.{form}", key).status_code == 404


# ---- the table ----

def test_the_table_has_a_row_an_action(api, bob, helens):
    rows = table(fetch(api, bob, {"slug": helens.slug}, "csv"))
    assert len(rows) == api.database.value("SELECT count(*) FROM action WHERE plan_id = %s", (helens.plan_id,))
    first = rows[0]
    assert (first["Recommendation number"], first["Action reference"], first["Timescale"]) == ("1", "1.1", "March 2022")
    assert first["Lead"] == "Executive Director - Place Services"
    assert first["Cabinet member"] == "Cabinet Member for Education, Skills and Business"
    assert (first["Status"], first["Response"], first["Next due on"]) == ("Not started", "Accepted", "2022-03-31")
    assert [one["Action reference"] for one in rows if one["Recommendation number"] == "4"] == [f"4.{n}" for n in range(1, 12)]


def test_no_cell_is_a_formula_and_every_word_is_there(api, bob, nasty):
    answer = fetch(api, bob, nasty, "csv")
    assert answer.content.startswith(b"\xef\xbb\xbf") and answer.content.endswith(b"\r\n")
    rows = table(answer)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in set("=+-@\t\r") - {""}]

    def plain(cell):
        return cell[1:] if cell[:1] == "'" and cell.lstrip("'")[:1] in set("=+-@\t\r") else cell
    assert [plain(row["Action"]) for row in rows if row["Action"]] == NASTY + ["Done"]


def test_a_spreadsheet_program_reads_the_same_text(api, bob, nasty, tmp_path):
    book = tmp_path / "plan.xlsx"
    book.write_bytes(fetch(api, bob, nasty, "xlsx").content)
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false", "--outdir", tmp_path, book],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
    seen = list(csv.reader(io.StringIO((tmp_path / "plan.csv").read_text(encoding="utf-8-sig"), newline="")))
    wanted = list(csv.reader(io.StringIO(fetch(api, bob, nasty, "csv").content.decode("utf-8-sig"), newline="")))
    assert seen == wanted


# ---- there and back ----

def test_the_document_comes_back_byte_for_byte(api, elsewhere, bob, nasty, helens, tmp_path):
    for slug in (nasty["slug"], helens.slug):
        first = fetch(api, bob, {"slug": slug}, "json")
        assert first.json()["slug"] == slug and first.json()["recommendations"]
        file = tmp_path / f"{slug}.json"
        file.write_bytes(first.content)
        import_file(elsewhere.database, file)
        assert fetch(elsewhere, bob, {"slug": slug}, "json").content == first.content
        assert fetch(elsewhere, bob, {"slug": slug}, "csv").content == fetch(api, bob, {"slug": slug}, "csv").content


def test_the_document_changes_nothing_where_it_comes_from(api, bob, nasty, tmp_path, changes):
    file = tmp_path / "plan.json"
    file.write_bytes(fetch(api, bob, nasty, "json").content)
    changes.new()
    import_file(api.database, file, "--plan", nasty["slug"])
    assert changes.new() == []
    assert fetch(api, bob, nasty, "json").content == file.read_bytes()


def as_tabs(content):
    """The same table as tab-separated text."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    csv.writer(out, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()


def as_file(api, key, slug, form):
    """The plan's table as a file's bytes."""
    if form == "tsv":
        return as_tabs(fetch(api, key, {"slug": slug}, "csv").content)
    return fetch(api, key, {"slug": slug}, form).content


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx"])
def test_the_table_comes_back_byte_for_byte(api, elsewhere, bob, nasty, helens, tmp_path, form):
    for slug in (nasty["slug"], helens.slug):
        file = tmp_path / f"{slug}.{form}"
        file.write_bytes(as_file(api, bob, slug, form))
        import_file(elsewhere.database, file, "--slug", f"{slug}-{form}", "--title", "A plan", "--organisation", "A council")
        assert fetch(elsewhere, bob, {"slug": f"{slug}-{form}"}, "csv").content == fetch(api, bob, {"slug": slug}, "csv").content


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx"])
def test_the_table_changes_nothing_where_it_comes_from(api, bob, nasty, tmp_path, changes, form):
    file = tmp_path / f"plan.{form}"
    file.write_bytes(as_file(api, bob, nasty["slug"], form))
    changes.new()
    import_file(api.database, file, "--plan", nasty["slug"])
    assert [(one["resource"], one["verb"]) for one in changes.new()] == []


def test_an_edited_table_changes_what_was_edited(api, make, bob, tmp_path):
    plan = make.plan()
    make.action(make.recommendation(plan, number="1"), description="One", timescale="March 2022")
    rows = table(fetch(api, bob, plan, "csv"))
    rows[0] |= {"Timescale": "May 2022", "Status": "In progress", "RAG": "green", "Percent complete": "40%",
                "Lead": "Director of Place\nHead of Skills & Jobs"}
    rows.append(dict.fromkeys(HEADINGS, "") | {"Action": "Two"})
    out = io.StringIO()
    writer = csv.DictWriter(out, list(reversed(HEADINGS)), delimiter="\t", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "edited.tsv").write_text(out.getvalue(), encoding="utf-8")
    import_file(api.database, tmp_path / "edited.tsv", "--plan", plan["slug"])
    one, two = table(fetch(api, bob, plan, "csv"))
    assert (one["Timescale"], one["Status"], one["RAG"], one["Percent complete"]) == ("May 2022", "In progress", "Green", "40")
    assert one["Lead"].split("\n") == ["Director of Place", "Head of Skills & Jobs"]
    assert (two["Action"], two["Action reference"], two["Recommendation number"]) == ("Two", "1.2", "1")
    action = fetch(api, bob, plan, "json").json()["recommendations"][0]["actions"][0]
    assert [one["text"] for one in action["timescales"]] == ["March 2022", "May 2022"]


GOOD = {"format": "golden-thread-plan", "version": 1, "slug": "a-plan", "title": "A plan", "organisation": "A council",
        "recommendations": [{"number": "1", "text": "Do", "actions": [
            {"reference": "1.1", "description": "Did", "status": "complete"}]}]}


@pytest.mark.parametrize("change,code", [
    ({"format": "another"}, "unknown_value"), ({"version": 2}, "out_of_range"), ({"surprise": 1}, "unknown_field"),
    ({"title": None}, "not_nullable"), ({"time_zone": "Mars/Olympus"}, "unknown_time_zone"),
    ({"recommendations": [GOOD["recommendations"][0]] * 2}, "repeated"),
    ({"recommendations": [{"number": "1", "text": "Do", "actions": [{"reference": "1.1"}]}]}, "required"),
    ({"recommendations": "all"}, "wrong_type"), ({"slug": "42"}, "bad_slug")])
def test_a_document_that_is_not_ours_is_refused_whole(api, database, tmp_path, change, code):
    (tmp_path / "bad.json").write_text(json.dumps({**GOOD, **change}), encoding="utf-8")
    before = database.value("SELECT count(*) FROM plan")
    run = import_file(database, tmp_path / "bad.json", status=1)
    assert code in run.stderr or code == "unknown_time_zone" and "time zone" in run.stderr
    assert database.value("SELECT count(*) FROM plan") == before


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}{}", '{"format":1,"format":2}', "\x00", "PK\x03\x04"])
def test_what_is_no_document_is_refused(database, tmp_path, text):
    (tmp_path / "bad.json").write_text(text, encoding="utf-8")
    assert "refused" in import_file(database, tmp_path / "bad.json", status=1).stderr


# ---- size ----

@pytest.mark.parametrize("form", FORMS)
def test_a_thousand_actions_are_quick(api, database, bob, form):
    if not database.value("SELECT count(*) FROM plan WHERE slug = 'large'"):
        database.execute("""
            WITH p AS (INSERT INTO plan (slug, title, organisation) VALUES ('large', 'Large', 'A council') RETURNING id),
                 r AS (INSERT INTO recommendation (plan_id, number, text, position)
                       SELECT p.id, n::text, 'Text ' || n, n FROM p, generate_series(1, 100) n RETURNING id, plan_id, number)
            INSERT INTO action (plan_id, recommendation_id, reference, description)
            SELECT plan_id, id, number || '.' || k, repeat('Words of action ' || k || ' ', 20) FROM r, generate_series(1, 10) k""")
    begun = time.monotonic()
    answer = fetch(api, bob, {"slug": "large"}, form)
    assert time.monotonic() - begun < 5
    if form == "csv":
        assert len(table(answer)) == 1000


def test_libraries_for_documents_are_loaded_with_the_first_one(start_api, database):
    """A server that is at rest does not hold them in memory."""
    small = start_api()
    key = small.create_key("reader", "admin")
    plan = small.post("/v1/plans", key, json={"slug": "roads", "title": "Roads", "organisation": "A council"})
    assert plan.status_code == 201

    def loaded():
        return {name for name in ("goldenthread-office.so", "libxml2.so", "libicuuc.so", "libical.so")
                if name in open(f"/proc/{small.process.pid}/maps", encoding="utf-8").read()}
    assert small.get("/v1/plans/roads/export.csv", key).status_code == 200 and not loaded()
    assert small.get("/v1/plans/roads/export.xlsx", key).content[:2] == b"PK"
    assert loaded() == {"goldenthread-office.so", "libxml2.so", "libicuuc.so", "libical.so"}
