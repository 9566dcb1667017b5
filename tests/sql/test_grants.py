"""What each login may touch: exactly this and nothing more."""
import psycopg2.errors
import pytest

# role: S = SELECT, I = INSERT, U = UPDATE, D = DELETE; TRUNCATE, REFERENCES and TRIGGER nobody has.
# Object                gt_api   gt_notifier
TABLES = """
action                  SIU      S
action_json             S        -
action_made             S        -
action_text             SIU      -
api_key                 SIU      -
assignment              SIUD     S
attempt                 S        SIU
audience_member         S        S
bank_holiday            S        S
change                  SI       I
change_horizon          S        -
change_json             S        -
change_order            S        -
change_redaction        S        -
chased_deadline         S        S
closure                 SIUD     S
closure_set             SIU      -
closures_json           S        -
deadline                SIU      S
delivery                SIU      SIU
delivery_attempt        S        SIU
delivery_json           S        -
event                   SI       SI
event_action            S        S
event_note              SID      -
event_plan              S        S
held_day                S        SIUD
idempotency             SIUD     -
key_json                S        -
ladder                  SIU      S
ladder_json             S        -
ladder_stage            SIUD     S
lead                    SIU      S
lead_json               S        -
live_key                S        -
message                 S        SIU
message_json            S        -
migration               S        S
migration_functions     S        -
notifier_pass           S        SIU
plan                    SIU      S
plan_json               S        -
plan_pass               S        SIUD
portfolio               S        S
recommendation          SIU      S
recommendation_json     S        -
redaction               S        -
reminder                S        SIU
reminder_json           S        -
restored                S        S
retention               S        -
silent_action           S        S
snapshot                SI       -
snapshot_json           S        -
summary                 S        SIU
timescale               SIU      S
timescale_json          S        -
undeliverable           SD       SI
update                  SI       S
update_json             S        -
webhook                 SIUD     S
webhook_health          SIU      SU
webhook_json            S        -
webhook_notice          S        SI
webhook_secret          ID       S
"""
# Beyond a whole table: single columns.
COLUMNS = {("gt_api", "message", "UPDATE"): {"state", "reason", "next_at", "retried_at", "retried_after"},
           ("gt_api", "reminder", "UPDATE"): {"state", "reason", "updated_at"},
           ("gt_api", "webhook_secret", "SELECT"): {"id", "webhook_id", "created_at", "expires_at"},
           ("gt_api", "webhook_secret", "UPDATE"): {"expires_at"},
           ("gt_notifier", "restored", "UPDATE"): {"sent_until", "resumed_at", "resumed_by"},
           ("gt_notifier", "webhook", "UPDATE"): {"state", "reason"}}
SEQUENCES = {("gt_notifier", "lease_token", "USAGE")}
LETTERS = {"S": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}
RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
LOGINS = ["gt_api", "gt_notifier"]


def expected():
    for line in TABLES.strip().splitlines():
        name, *letters = line.split()
        for role, some in zip(LOGINS, letters):
            for letter in some.replace("-", ""):
                yield role, name, LETTERS[letter]


def test_tables_and_views(database):
    """Every role × table or view × right of the whole schema; a new table must be added above."""
    found = {tuple(row.values()) for row in database.rows("""
        SELECT r.role, c.relname, p.privilege
        FROM pg_class c, unnest(%s) r (role), unnest(%s) p (privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
          AND has_table_privilege(r.role, c.oid, p.privilege)""", (LOGINS, RIGHTS))}
    assert found == set(expected())


def test_every_table_and_view_is_listed(database):
    assert database.column("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                           " AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY relname COLLATE \"C\"") \
        == sorted(line.split()[0] for line in TABLES.strip().splitlines())


def test_the_past_can_be_read_by_the_api_only(database):
    views = database.column("SELECT relname FROM pg_class WHERE relnamespace = 'past'::regnamespace AND relkind = 'v'")
    found = {tuple(row.values()) for row in database.rows("""
        SELECT r.role, c.relname, p.privilege
        FROM pg_class c, unnest(%s) r (role), unnest(%s) p (privilege)
        WHERE c.relnamespace = 'past'::regnamespace AND has_table_privilege(r.role, c.oid, p.privilege)""", (LOGINS, RIGHTS))}
    assert views and found == {("gt_api", name, "SELECT") for name in views}
    assert database.rows("SELECT r.role, has_schema_privilege(r.role, 'past', 'USAGE') AS use,"
                         " has_schema_privilege(r.role, 'past', 'CREATE') AS make FROM unnest(%s) r (role)", (LOGINS,)) == [
        {"role": "gt_api", "use": True, "make": False}, {"role": "gt_notifier", "use": False, "make": False}]


def test_single_columns(database):
    """Rights on columns where the table as a whole gives none."""
    found = {}
    for row in database.rows("""
            SELECT r.role, c.relname, p.privilege, a.attname
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
                 unnest(%s) r (role), unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p (privilege)
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
              AND has_column_privilege(r.role, c.oid, a.attnum, p.privilege)
              AND NOT has_table_privilege(r.role, c.oid, p.privilege)""", (LOGINS,)):
        found.setdefault((row["role"], row["relname"], row["privilege"]), set()).add(row["attname"])
    assert found == COLUMNS


def test_sequences(database):
    found = {tuple(row.values()) for row in database.rows("""
        SELECT r.role, c.relname, p.privilege
        FROM pg_class c, unnest(%s) r (role), unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) p (privilege)
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
          AND has_sequence_privilege(r.role, c.oid, p.privilege)""", (LOGINS,))}
    assert found == SEQUENCES


def test_schema_and_database(empty_database, migrate):
    """Asked of a database that was migrated, not copied: a copy does not take these rights along."""
    migrate(empty_database)
    assert empty_database.rows("""
        SELECT r.role, has_schema_privilege(r.role, 'public', 'CREATE') AS make,
               has_schema_privilege(r.role, 'public', 'USAGE') AS use,
               has_database_privilege(r.role, current_database(), 'CREATE') AS make_schema,
               has_database_privilege(r.role, current_database(), 'TEMPORARY') AS temporary
        FROM unnest(%s) r (role) ORDER BY 1""", (LOGINS,)) == [
            {"role": role, "make": False, "use": True, "make_schema": False, "temporary": False} for role in LOGINS]


def test_nothing_is_given_to_everybody(database):
    """PUBLIC may run functions, which run with the caller's own rights, and no more. A few have their owner's rights,
    which nobody else may run or lead elsewhere: the only writer of the record's order, what notes where a message
    ended, as whoever takes receipts has no rights on messages, what empties that which is past its time, and what
    shows and replaces a person's data, which is for the owner alone."""
    assert database.column("""
        SELECT c.relname FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.relnamespace = 'public'::regnamespace AND g.grantee = 0""") == []
    assert database.rows("SELECT proname, proconfig, proacl::text FROM pg_proc"
                         " WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY proname") == [
        {"proname": name, "proconfig": ["search_path=public, pg_temp", *more],
         "proacl": "{" + ",".join(f"{role}=X/gt_owner" for role in ["gt_owner", *roles]) + "}"}
        for name, roles, more in (
            ("change_seal", LOGINS, []), ("message_delivery", LOGINS, []), ("person_anonymise", [], ["jit=off"]),
            ("person_export", [], ["jit=off"]), ("retention_preview", ["gt_notifier"], []), ("retention_run", ["gt_notifier"], []))]


def test_gt_owner_owns_everything(database):
    owners = database.column("""
        SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION SELECT pg_get_userbyid(typowner) FROM pg_type WHERE typnamespace = 'public'::regnamespace
        UNION SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()""")
    assert owners == ["gt_owner"]


def test_the_logins_have_no_power_of_their_own(database):
    assert database.rows("""
        SELECT rolname, rolcanlogin FROM pg_roles
        WHERE rolname LIKE 'gt_%' AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
        ORDER BY 1""") == [
            {"rolname": "gt_api", "rolcanlogin": True}, {"rolname": "gt_migrate", "rolcanlogin": True},
            {"rolname": "gt_notifier", "rolcanlogin": True}, {"rolname": "gt_owner", "rolcanlogin": False}]
    assert database.rows("SELECT pg_get_userbyid(member) AS member, pg_get_userbyid(roleid) AS of"
                         " FROM pg_auth_members WHERE pg_get_userbyid(member) LIKE 'gt_%'") == [
        {"member": "gt_migrate", "of": "gt_owner"}]


# ---- the record of changes and its order ----

AGAINST_THE_RECORD = [
    "UPDATE change SET actor = 'nobody'", "DELETE FROM change", "TRUNCATE change CASCADE",
    "UPDATE change_order SET seq = seq + 1", "DELETE FROM change_order", "TRUNCATE change_order",
    "UPDATE change_redaction SET sha256 = sha256('x')", "DELETE FROM change_redaction", "TRUNCATE change_redaction",
    "DELETE FROM redaction"]


@pytest.fixture
def record(database):
    """What the record holds; there is something in it."""
    def read():
        return [database.rows(f"TABLE {name}") for name in ("change", "change_order", "change_redaction", "redaction")]
    assert database.value("SELECT change_seal(100)", role="gt_api") > 0
    return read


@pytest.mark.allow_log("^42501 ERROR: permission denied for table (change(_order|_redaction)?|redaction)$")
@pytest.mark.parametrize("role", LOGINS)
@pytest.mark.parametrize("statement", [
    *AGAINST_THE_RECORD, "INSERT INTO change_order VALUES (99, 1, sha256(''))"])
def test_the_record_is_append_only_by_right(database, record, role, statement):
    before = record()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="permission denied"):
        database.execute(statement, role=role)
    assert record() == before


@pytest.mark.allow_log("^42501 ERROR: the change record is append-only$")
@pytest.mark.parametrize("role", ["", "SET ROLE gt_owner;"])
@pytest.mark.parametrize("statement", [
    *AGAINST_THE_RECORD, "TRUNCATE change, change_order, change_redaction", "UPDATE change SET actor = actor WHERE false"])
def test_the_record_is_append_only_for_its_owner(database, record, role, statement):
    before = record()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="append-only"):
        database.execute(role + statement, role="gt_migrate")
    assert record() == before


# ---- and in practice, from both sides ----

@pytest.mark.allow_log("^42501 ERROR: permission denied")
@pytest.mark.parametrize("role,statement", [
    ("gt_api", "DELETE FROM plan"), ("gt_api", "DELETE FROM update"), ("gt_api", "UPDATE update SET note = 'x'"),
    ("gt_api", "INSERT INTO message (kind, lead_id, day) VALUES ('reminder', 1, '2022-01-05')"),
    ("gt_api", "UPDATE message SET mime = 'x'"), ("gt_api", "UPDATE bank_holiday SET day = day"),
    ("gt_api", "SELECT secret FROM webhook_secret"), ("gt_api", "UPDATE webhook_secret SET secret = 'x'"),
    ("gt_api", "UPDATE event SET payload = 'x'"), ("gt_notifier", "INSERT INTO webhook (url) VALUES ('https://x.org/')"),
    ("gt_notifier", "UPDATE webhook SET url = 'https://x.org/'"), ("gt_notifier", "DELETE FROM delivery"),
    ("gt_api", "CREATE TABLE mine ()"), ("gt_api", "DELETE FROM migration"),
    ("gt_notifier", "SELECT digest FROM api_key"), ("gt_notifier", "SELECT * FROM live_key"),
    ("gt_notifier", "SELECT * FROM change"), ("gt_notifier", "SELECT * FROM change_json"),
    ("gt_api", "UPDATE change_horizon SET upto = 0, done_to = 0"), 
    ("gt_notifier", "UPDATE action SET status = 'complete'"),
    ("gt_notifier", "UPDATE lead SET email = 'x@example.org'"), ("gt_notifier", "DELETE FROM reminder")])
def test_what_is_not_theirs_is_refused(database, role, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        database.execute(statement, role=role)


def test_roles_can_be_made_again(postgres, database):
    """deploy/roles.sql is run at every start of some installations."""
    from support import programs
    before = database.rows("SELECT * FROM pg_roles WHERE rolname LIKE 'gt_%' ORDER BY 1")
    postgres.sql_file(programs.ROOT / "deploy" / "roles.sql")
    assert database.rows("SELECT * FROM pg_roles WHERE rolname LIKE 'gt_%' ORDER BY 1") == before
