"""The notifier and the record of changes: it brings the order up to date and is itself in none of it."""
import pytest

from support import programs
from support.oracle_small import MINUS_7, messages, small

UNSEALED = "SELECT count(*) FROM change WHERE id NOT IN (SELECT change_id FROM change_order)"


def test_a_pass_seals_what_was_written(database, notifier):
    world = small(database)
    recorded = database.rows("TABLE change ORDER BY id")
    assert database.value(UNSEALED) == len(recorded) > 5
    notifier.once(MINUS_7)
    assert len(messages(world)) == 1, "it had something to do"
    assert database.value(UNSEALED) == 0
    assert database.rows("TABLE change ORDER BY id") == recorded, "its own ledger and outbox are no changes"
    programs.run("goldenthread-api", "verify-changes", settings={"GT_DATABASE_URL": database.url("gt_api")})


@pytest.mark.allow_log("^42501 ERROR: permission denied for function change_seal$")
def test_reminders_leave_even_if_sealing_fails(database, notifier):
    world = small(database)
    database.execute("REVOKE EXECUTE ON FUNCTION change_seal(integer) FROM gt_notifier")
    said = notifier.once(MINUS_7)
    assert "could not be sealed" in said.stderr
    assert len(messages(world)) == 1
