"""The published plan of St Helens (LGA Peer Review Revisit, 2021) in a database, with example contacts."""
import json
import re
from dataclasses import dataclass

from support import programs

PLANS = programs.ROOT / "tests" / "data" / "plans"
SLUG = "st-helens-peer-review-2021"


@dataclass(frozen=True)
class StHelens:
    plan_id: int
    slug: str
    leads: dict  # post key -> lead id
    contacts: dict  # post name -> {"holder", "email", "manager", "owns_plan"}
    owner_id: int

    def lead(self, name):
        """A lead's id by its post, however the post is written."""
        return self.leads[post_key(name)]


def post_key(name):
    """The form under which one post written two ways is equal (lead_cell_post_key in C)."""
    return re.sub(r"[^\w]+", " ", name.lower().replace("&", " and ")).strip()


def st_helens(database):
    programs.run("goldenthread-api", "import", PLANS / "st-helens-2021.txt",
                 "--title", "LGA Peer Review Revisit action plan", "--organisation", "St Helens Borough Council",
                 "--slug", SLUG, settings={"GT_DATABASE_URL": database.url("gt_api"), "GT_LOG_FORMAT": "text"})
    contacts = json.loads((PLANS / "st-helens-contacts.json").read_text(encoding="utf-8"))
    leads = {row["post_key"]: row["id"] for row in database.rows("SELECT post_key, id FROM lead")}
    # Only posts that the plan itself does not name may be new.
    above = {post_key(one["manager"]) for one in contacts.values() if "manager" in one}
    above |= {post_key(name) for name, one in contacts.items() if one.get("owns_plan")}
    for name, one in contacts.items():
        if post_key(name) not in leads:
            assert post_key(name) in above, f"the import did not make the post {name}: {sorted(leads)}"
            leads[post_key(name)] = database.value(
                "INSERT INTO lead (name, post_key) VALUES (%s, %s) RETURNING id", (name, post_key(name)), "gt_api")
        database.execute("UPDATE lead SET holder = %s, email = %s WHERE id = %s",
                         (one["holder"], one["email"], leads[post_key(name)]), "gt_api")
    for name, one in contacts.items():
        if "manager" in one:
            database.execute("UPDATE lead SET manager_id = %s WHERE id = %s",
                             (leads[post_key(one["manager"])], leads[post_key(name)]), "gt_api")
    owner = next(leads[post_key(name)] for name, one in contacts.items() if one.get("owns_plan"))
    plan = database.value("UPDATE plan SET state = 'active', adopted_on = '2021-12-01', owner_id = %s"
                          " WHERE slug = %s RETURNING id", (owner, SLUG), "gt_api")
    return StHelens(plan, SLUG, leads, contacts, owner)


def wide(database):
    """The plan "wide": 1,000 actions due over the first 300 days of 2022, led by 20 posts."""
    database.execute("""
        WITH p AS (INSERT INTO plan (slug, title, organisation, state) VALUES ('wide', 'Wide', 'A council', 'active') RETURNING id),
             l AS (INSERT INTO lead (name, post_key, email) SELECT 'Post ' || n, 'post ' || n, 'post' || n || '@example.org'
                   FROM generate_series(1, 20) n RETURNING id),
             r AS (INSERT INTO recommendation (plan_id, number, text, position) SELECT id, '1', 'Text', 1 FROM p RETURNING id, plan_id),
             a AS (INSERT INTO action (plan_id, recommendation_id, reference, description)
                   SELECT plan_id, id, '1.' || k, 'Words ' || k FROM r, generate_series(1, 1000) k RETURNING id),
             t AS (INSERT INTO timescale (action_id, revision, text, kind, due_on, confidence, reading)
                   SELECT id, 1, 'x', 'date', date '2022-01-01' + (id % 300)::integer, 'certain', '{}' FROM a RETURNING id, action_id, due_on),
             s AS (INSERT INTO assignment (action_id, lead_id, role)
                   SELECT a.id, (SELECT min(id) FROM l) + a.id % 20, 'lead' FROM a)
        INSERT INTO deadline (action_id, timescale_id, position, due_on) SELECT action_id, id, 1, due_on FROM t""")
