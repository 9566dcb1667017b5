"""plan_import and plan_import_preview: a file's plan in the database, and the same file again."""
import json

import psycopg2
import pytest

from support import programs

PLANS = programs.ROOT / "tests" / "data" / "plans"
SEED = (PLANS / "st-helens-2021.txt").read_text(encoding="utf-8")
EXPECTED = json.loads((PLANS / "st-helens-2021.expected.json").read_text(encoding="utf-8"))
NEW = ("--organisation", "St Helens Borough Council", "--slug", "st-helens")
HERE = ("--plan", "st-helens")


@pytest.fixture
def load(database):
    """Imports a text as the command does; gives what it printed."""
    def run(text, *options, status=0, url=True):
        settings = {"GT_DATABASE_URL": database.url("gt_api") if url else None, "GT_LOG_FORMAT": "text"}
        return programs.run("goldenthread-api", "import", "-", *options, settings=settings, status=status, input=text)
    return run


@pytest.fixture
def plan(load):
    load(SEED, *NEW)


def changes(database):
    return database.value("SELECT count(*) FROM change")


def actions(database):
    """Reference to description, in order of making."""
    return {row["reference"]: row["description"]
            for row in database.rows("SELECT reference, description FROM action ORDER BY id")}


def number_of(database, reference):
    """The recommendation under which an action stands."""
    return database.value("SELECT r.number FROM action a JOIN recommendation r ON r.id = a.recommendation_id"
                          " WHERE a.reference = %s", (reference,))


def test_the_seed(database, plan):
    found = [
        (r["number"], r["text"], a["reference"], a["description"], r["timescale"]["text"], r["timescale"]["due_on"],
         [d["due_on"] for d in r["timescale"]["deadlines"]], [(lead["name"], lead["kind"], lead["role"]) for lead in r["leads"]],
         a["doubts"])
        for r in EXPECTED["recommendations"] for a in r["actions"]]
    # "Reset & Recovery" is the post that row 4 already named "Reset and Recovery".
    one_post = [tuple([*row[:7], [(name.replace("Reset &", "Reset and"), kind, role) for name, kind, role in row[7]], row[8]])
                for row in found]
    stored = database.rows("""
        SELECT r.number, r.text, a.reference, a.description, t.text AS timescale, t.due_on::text,
               (SELECT array_agg(d.due_on::text ORDER BY d.position) FROM deadline d WHERE d.action_id = a.id) AS deadlines,
               (SELECT json_agg(json_build_array(l.name, l.kind, s.role) ORDER BY s.position)
                FROM assignment s JOIN lead l ON l.id = s.lead_id WHERE s.action_id = a.id) AS leads,
               (SELECT coalesce(json_agg(x->'code'), '[]') FROM jsonb_array_elements(a.doubts) x) AS doubts
        FROM action a JOIN recommendation r ON r.id = a.recommendation_id
        LEFT JOIN timescale t ON t.action_id = a.id AND t.current ORDER BY a.id""")
    assert [(*list(row.values())[:7], [tuple(lead) for lead in row["leads"]], row["doubts"]) for row in stored] == one_post
    assert database.value("SELECT count(*) FROM lead") == 6
    assert database.value("SELECT array_agg(DISTINCT actor) FROM change") == ["command line"]
    assert database.rows("SELECT title, organisation, state, published FROM plan") == [{
        "title": EXPECTED["title"], "organisation": "St Helens Borough Council", "state": "draft", "published": False}]


def test_the_same_again_changes_nothing(database, plan, load):
    before = changes(database)
    printed = load(SEED, *HERE).stdout
    assert "0 actions new or changed" in printed
    assert "Imported as plan st-helens (id 1)." in printed
    assert changes(database) == before


def test_a_preview_writes_nothing(database, plan, load):
    before = changes(database)
    fresh = load(SEED, "--dry-run", "--organisation", "Another Council").stdout
    assert "24 actions new or changed" in fresh and "Imported" not in fresh
    assert "Executive Director - Corporate Services, officer (matched)" in fresh
    assert "row 12, Recommendation: The row was split across a page" in fresh
    load(SEED.replace("March 2022", "May 2022"), "--dry-run", *HERE)
    assert changes(database) == before


def test_a_preview_without_a_database(load):
    printed = load(SEED, "--dry-run", url=False).stdout
    assert "7 recommendations, 24 actions" in printed
    assert "deadline 2022-03-31 Review" in printed


def test_a_corrected_file(database, plan, load):
    corrected = (SEED.replace("Key Account system", "Key Accounts system")
                 .replace("Review – March 2022", "Review – April 2022")
                 .replace("Assistant Chief Executive & Cabinet Member for Reset & Recovery",
                          "Chief Executive & Cabinet Member for Reset & Recovery"))
    printed = load(corrected, *HERE).stdout
    assert "(changed: description)" in printed and "(changed: timescale, leads)" in printed
    assert "Chief Executive, officer (new)" in printed
    assert len(actions(database)) == 24
    assert "Key Accounts system" in actions(database)["2.3"]
    assert database.rows("""
        SELECT t.revision, t.current, t.text, t.reason, t.slips FROM timescale t JOIN action a ON a.id = t.action_id
        WHERE a.reference = '7.1' ORDER BY t.revision""") == [
            {"revision": 1, "current": False, "text": "December 2021 Review – March 2022", "reason": None, "slips": 0},
            {"revision": 2, "current": True, "text": "December 2021 Review – April 2022", "reason": "re-imported", "slips": 1}]
    assert database.column("""
        SELECT l.name FROM assignment s JOIN lead l ON l.id = s.lead_id JOIN action a ON a.id = s.action_id
        WHERE a.reference = '7.2' ORDER BY s.position""") == ["Chief Executive", "Cabinet Member for Reset and Recovery"]
    before = changes(database)
    load(corrected, *HERE)
    assert changes(database) == before


def test_actions_that_the_file_moved_keep_their_history(database, plan, load):
    """The page boundary put right by hand: what stood first in row 4 stands in row 3."""
    ids = {row["description"]: row["id"] for row in database.rows("SELECT id, description FROM action")}
    start = SEED.index(" Explore and maximise")
    end = SEED.index("Localities Programme to be developed")
    moved = SEED[start:end]
    corrected = (SEED[:start] + " " + SEED[end:]).replace(
        "approved by Council).\t", f"approved by Council).\t\n\t\t{moved}\t", 1)
    # The row of recommendation 3 goes on below itself; its lead and timescale stay on its first line.
    corrected = corrected.replace(f"approved by Council).\t\n\t\t{moved}\tExecutive Director - Corporate Services & "
                                  "Cabinet Member for Finance & Governance\tMarch 2022",
                                  "approved by Council).\tExecutive Director - Corporate Services & Cabinet Member for "
                                  f"Finance & Governance\tMarch 2022\n\t\t{moved}\t\t")
    load(corrected, *HERE)
    found = {row["description"]: row["id"] for row in database.rows("SELECT id, description FROM action")}
    assert found == ids
    assert sorted(actions(database)) == sorted(
        [r + "." + str(n + 1) for r, count in zip("1234567", (4, 3, 4, 8, 2, 1, 2)) for n in range(count)])
    assert actions(database)["3.2"].startswith("Explore and maximise")
    assert number_of(database, "3.2") == "3"
    assert actions(database)["4.1"].startswith("Localities Programme")
    before = changes(database)
    load(corrected, *HERE)
    assert changes(database) == before


def test_actions_that_change_places(database, load):
    heading = "No\tRecommendation\tAction\tLead\tTimescale\n1\tA\t"
    load(heading + "One\tThe Clerk\tMay 2022\n\t\tTwo\t\tJune 2022\n", "--title", "T", *NEW)
    load(heading + "Two\tThe Clerk\tJune 2022\n\t\tOne\t\tMay 2022\n\t\tThree\t\tMay 2022\n", *HERE)
    assert database.rows("SELECT reference, description FROM action ORDER BY id") == [
        {"reference": "1.2", "description": "One"}, {"reference": "1.1", "description": "Two"},
        {"reference": "1.3", "description": "Three"}]


def test_what_people_did_since_is_kept(database, plan, load):
    database.execute("""
        SELECT act_as('Alice', NULL, NULL);
        UPDATE action SET recommendation_id = (SELECT id FROM recommendation WHERE number = '3') WHERE reference = '4.1';
        UPDATE action SET reference = '3.2', recommendation_id = (SELECT id FROM recommendation WHERE number = '3')
            WHERE reference = '4.2';
        UPDATE action SET doubts = '[]';
        UPDATE action SET status = 'complete', completed_on = '2022-01-01' WHERE reference = '1.1';
        INSERT INTO update (action_id, status, author) SELECT id, 'complete', 'Alice' FROM action WHERE reference = '1.1';
        SELECT timescale_put(id, '{"text": "May 2023", "kind": "month", "due_on": "2023-05-31", "confidence": "certain",
            "deadlines": [{"label": null, "due_on": "2023-05-31"}]}', 'agreed') FROM action WHERE reference = '1.2';
        INSERT INTO assignment (action_id, lead_id, role) SELECT a.id, l.id, 'support' FROM action a, lead l
            WHERE a.reference = '1.3' AND l.name = 'Assistant Chief Executive'""")
    before = changes(database)
    load(SEED, *HERE)
    assert changes(database) == before
    load(SEED.replace("March 2022", "April 2022"), *HERE)
    assert (number_of(database, "4.1"), number_of(database, "3.2")) == ("3", "3")
    assert len(actions(database)) == 24
    assert database.value("SELECT status FROM action WHERE reference = '1.1'") == "complete"
    assert database.value("SELECT count(*) FROM assignment s JOIN action a ON a.id = s.action_id"
                          " WHERE a.reference = '1.3' AND s.role = 'support'") == 1


def test_what_the_file_lacks_stays(database, plan, load):
    shorter = "\n".join(line for line in SEED.split("\n") if not line.startswith("7\t"))
    printed = load(shorter, *HERE).stdout
    assert "In the plan, but not in the file" in printed and "  7.1  Schedule a Policy" in printed
    assert len(actions(database)) == 24


def test_wording_of_an_adopted_plan(database, plan, load):
    database.execute("UPDATE plan SET adopted_on = '2021-12-01'")
    before = changes(database)
    printed = load(SEED.replace("Review the approach to operational HR", "Review HR"), *HERE, status=1)
    assert "The wording of recommendation 5 is never changed" in printed.stdout
    assert "nothing is stored" in printed.stderr
    assert changes(database) == before
    load(SEED, *HERE)


def test_refusals_leave_nothing(database, load):
    assert "organisation" in load(SEED, status=1).stderr
    assert "There is no such plan" in load(SEED, "--plan", "nope", status=1).stderr
    assert "number_repeated" in load(SEED.replace("\n7\t", "\n6\t"), *NEW, status=1).stderr
    assert "no_heading" in load("a\tb\n", *NEW, status=1).stderr
    assert "There is a plan" not in load(SEED, *NEW).stdout
    assert "There is a plan st-helens already" in load(SEED, *NEW, status=1).stderr
    assert database.value("SELECT count(*) FROM plan") == 1
    assert "usage" in load(SEED, "--nonsense", status=2).stderr


def test_all_or_nothing(database, plan):
    """A document that the database refuses half way through leaves no trace of its first half."""
    doc = {"plan": {"title": "T", "organisation": "O", "slug": None, "source_url": None}, "doubts": [], "errors": [],
           "recommendations": [{"number": "1", "text": "A", "row": 1, "actions": [
               {"reference": "1.1", "description": "Do it", "status": None, "rag": None, "percent": None, "row": 1,
                "timescale": None, "leads": [], "doubts": []},
               {"reference": "1.2", "description": " ", "status": None, "rag": None, "percent": None, "row": 2,
                "timescale": None, "leads": [], "doubts": []}]}]}
    before = changes(database)
    with pytest.raises(psycopg2.errors.CheckViolation):
        database.value("SELECT plan_import(%s, NULL)", (json.dumps(doc),), "gt_api")
    assert changes(database) == before
    doc["errors"] = [{"code": "number_repeated", "detail": "Twice", "row": 3, "column": None}]
    with pytest.raises(psycopg2.Error) as refused:
        database.value("SELECT plan_import(%s, NULL)", (json.dumps(doc),), "gt_api")
    assert refused.value.pgcode == "GT422"


TRACKER = """No\tRecommendation\tResponse\tAction\tLead\tOriginal date\tRevised date\tRAG\tProgress\tCost
1\tA\tPartly accepted\tDo it\tThe Clerk\tMay 2022\tJuly 2022\tAmber\tMoving\t£5
2\tB\tNot accepted\tNone\t\t\t\t\t\t
"""
TRACKER_NEW = ("--title", "T", "--organisation", "O", "--slug", "tracker")


def test_progress_and_a_revised_timescale(database, load):
    printed = load(TRACKER, *TRACKER_NEW).stdout
    for line in ('"Revised date" as revised timescale', '? Columns left out: "Cost"', "Recommendation 2, row 3, declined",
                 'first published: "May 2022"', "RAG: amber", "progress note: Moving"):
        assert line in printed
    assert database.value("SELECT array_agg(response::text ORDER BY position) FROM recommendation") == \
        ["partly_accepted", "declined"]
    assert database.rows("SELECT revision, text, reason, slips, current FROM timescale ORDER BY revision") == [
        {"revision": 1, "text": "May 2022", "reason": None, "slips": 0, "current": False},
        {"revision": 2, "text": "July 2022", "reason": "revised when published", "slips": 1, "current": True}]
    assert database.value("SELECT array_agg(due_on::text) FROM deadline WHERE in_force") == ["2022-07-31"]
    assert database.rows("SELECT note, author FROM update") == [{"note": "Moving", "author": "import"}]
    before = changes(database)
    load(TRACKER, "--plan", "tracker")
    assert changes(database) == before
    printed = load(TRACKER.replace("Moving", "Nearly there").replace("July", "August"), "--plan", "tracker").stdout
    assert "(changed: progress note, timescale)" in printed
    assert database.value("SELECT array_agg(note::text ORDER BY id) FROM update") == ["Moving", "Nearly there"]
    assert database.value("SELECT text FROM timescale WHERE current") == "August 2022"
    load(TRACKER.replace("Moving", "Nearly there").replace("July", "August"), "--plan", "tracker")
    assert database.value("SELECT count(*) FROM update") == 2


def test_what_a_row_has_in_common_is_said_once(load):
    printed = load("No\tRecommendation\tAction\tTimescale\n1\tA\t\"• One\n• Two\n• Three\"\tTBC\n", "--dry-run").stdout
    assert printed.count("timescale_unreadable") == 1
    assert "[also 1.2, 1.3]" in printed
    assert "--title" in printed
