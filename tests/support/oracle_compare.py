"""The ledgers of the database and of the oracle side by side, and in words where they differ."""


def comparable(rows):
    return {(*row.key(), row.stage_day, row.day, row.audience, row.state) for row in rows}


def comparable_summaries(rows):
    return {(row.lead, *row.month, row.day, row.state) for row in rows}


def tell(difference, rows):
    return "\n".join(f"  {difference} {tuple(map(str, row))}" for row in sorted(rows, key=str))


def expect_same(live, judge, seed, when):
    ours, theirs = comparable(judge.rows.values()), comparable(live.ledger())
    ours |= comparable_summaries(judge.summaries.values())
    theirs |= live.summaries()
    assert ours == theirs, (f"seed {seed}, after the pass at {when}:\n"
                            + tell("missing", ours - theirs) + "\n" + tell("too much", theirs - ours))
