"""The St Helens plan as Word and Excel files, made by LibreOffice, is the same plan as the published text."""
import json

import pytest

from support import office, programs

PLANS = programs.ROOT / "tests" / "data" / "plans"
SEED = (PLANS / "st-helens-2021.txt").read_text(encoding="utf-8")
EXPECTED = json.loads((PLANS / "st-helens-2021.expected.json").read_text(encoding="utf-8"))
HEADINGS = ["", "Recommendation", "Proposed Action", "Lead Officer & Cabinet Member", "Timescales"]

pytestmark = pytest.mark.skipif(not office.SOFFICE, reason="LibreOffice is not installed (tests/run installs it)")


@pytest.fixture
def plan_of(database):
    """Imports a file as the command does; gives the plan as the database has it."""
    def run(file, *options):
        programs.run("goldenthread-api", "import", str(file), "--organisation", "St Helens Borough Council",
                     "--slug", "st-helens", *options,
                     settings={"GT_DATABASE_URL": database.url("gt_api"), "GT_LOG_FORMAT": "text"})
        return database.rows("""
            SELECT p.title, r.number, r.text, a.reference, a.description, t.text AS timescale, t.due_on::text,
                   (SELECT array_agg(l.name::text ORDER BY s.position) FROM assignment s JOIN lead l ON l.id = s.lead_id
                    WHERE s.action_id = a.id) AS leads
            FROM action a JOIN recommendation r ON r.id = a.recommendation_id JOIN plan p ON p.id = a.plan_id
            LEFT JOIN timescale t ON t.action_id = a.id AND t.current ORDER BY a.id""")
    return run


def expected():
    """What the published text gives. "Reset & Recovery" is the post that row 4 named "Reset and Recovery" already."""
    return [{"title": EXPECTED["title"], "number": r["number"], "text": r["text"], "reference": a["reference"],
             "description": a["description"], "timescale": r["timescale"]["text"], "due_on": r["timescale"]["due_on"],
             "leads": [lead["name"].replace("Reset &", "Reset and") for lead in r["leads"]]}
            for r in EXPECTED["recommendations"] for a in r["actions"]]


def rows(lead=lambda r: " & ".join(one["name"] for one in r["leads"])):
    """The plan's table as a person would type it into Word: bullets in the cells, nothing split."""
    return [[r["number"], r["text"], "\n".join("• " + a["description"] for a in r["actions"]), lead(r),
             r["timescale"]["text"]] for r in EXPECTED["recommendations"]]


def before():
    return EXPECTED["title"].split(": ")


def test_excel(plan_of, tmp_path):
    assert plan_of(office.workbook(tmp_path, SEED)) == expected()


def test_excel_made_days_of_months(plan_of, tmp_path):
    """What a spreadsheet does to "March 2022": the day is imported as such, and doubted."""
    found = plan_of(office.workbook(tmp_path, SEED, as_text=False))
    assert {row["due_on"] for row in found if row["number"] == "1"} == {"2022-03-01"}
    printed = programs.run("goldenthread-api", "import", str(tmp_path / "plan.xlsx"), "--dry-run",
                           settings={"GT_LOG_FORMAT": "text"}).stdout
    assert "holds the day 1 March 2022" in printed


def test_word(plan_of, tmp_path):
    assert plan_of(office.document(tmp_path, before(), [HEADINGS, *rows()])) == expected()


def test_word_with_the_table_in_two_and_headings_again(plan_of, tmp_path):
    all_rows = rows()
    file = office.document(tmp_path, before(), [HEADINGS, *all_rows[:3]], [HEADINGS, *all_rows[3:]])
    assert plan_of(file) == expected()


def test_word_with_merged_cells(plan_of, tmp_path):
    """One table row an action; number, recommendation, leads and timescale span them."""
    table = [HEADINGS]
    for number, text, actions, lead, timescale in rows():
        each = [line[2:] for line in actions.split("\n")]
        n = len(each)
        table.append([(number, n), (text, n), each[0], (lead, n), (timescale, n)])
        table += [[action] for action in each[1:]]
    assert plan_of(office.document(tmp_path, before(), table)) == expected()


def test_word_with_a_table_of_something_else(plan_of, tmp_path):
    file = office.document(tmp_path, before(), [HEADINGS, *rows()], [["MTFS", "Medium-Term Financial Strategy"], ["ECF", "x"]])
    assert plan_of(file) == expected()
