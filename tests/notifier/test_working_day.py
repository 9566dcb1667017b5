"""Working days: every day of three divisions against the list and the rules typed in beside this test."""

import datetime

import pytest

from support import oracle_calendar as oracle

DIVISIONS = (oracle.ENGLAND, oracle.SCOTLAND, oracle.NORTHERN_IRELAND)
# A backend of the test before may still be saying that its database was dropped under it.
pytestmark = pytest.mark.allow_log("^57P01 FATAL: terminating .* due to administrator command")
# What proclamations changed outside 2021 to 2023: (added, taken away).
PROCLAIMED = {
    (oracle.ENGLAND, 2020): ("2020-05-08", "2020-05-04"),
    (oracle.SCOTLAND, 2020): ("2020-05-08", "2020-05-04"),
    (oracle.NORTHERN_IRELAND, 2020): ("2020-05-08", "2020-05-04"),
    (oracle.SCOTLAND, 2026): ("2026-06-15", None),
}


def days_of(year):
    day = datetime.date(year, 1, 1)
    while day.year == year:
        yield day
        day += oracle.DAY


def holidays(division, year):
    days = set(oracle.bank_holidays(division, year))
    added, taken = PROCLAIMED.get((division, year), (None, None))
    if added:
        days.add(datetime.date.fromisoformat(added))
    if taken:
        days.remove(datetime.date.fromisoformat(taken))
    return days


def test_the_typed_list_and_the_rules_agree_but_for_proclamations():
    """The oracle judges itself: the only differences are days that a proclamation made or moved."""
    for (division, year) in oracle.PUBLISHED:
        difference = oracle.bank_holidays(division, year) ^ oracle.ruled_holidays(division, year)
        assert {day.isoformat() for day in difference} == {
            2021: set(), 2022: {"2022-05-30", "2022-06-02", "2022-06-03", "2022-09-19"},
            2023: {"2023-05-08"}}[year], (division, year)


@pytest.mark.parametrize("division", DIVISIONS)
def test_every_day_from_2019_to_2040(database, division):
    worked = {row["day"]: row["works"] for row in database.rows(
        "SELECT d::date AS day, is_working_day(%s, d::date) AS works"
        " FROM generate_series('2019-01-01'::timestamp, '2040-12-31', '1 day') d", (division,))}
    wrong = []
    for year in range(2019, 2041):
        off = holidays(division, year)
        wrong += [day for day in days_of(year) if worked[day] != (day.weekday() < 5 and day not in off)]
    assert wrong == []


def test_a_stage_moves_earlier_before_and_later_after(database):
    calendar = oracle.Calendar(oracle.ENGLAND)
    rows = database.rows("SELECT d::date AS due_on, o AS offset_days, stage_day('england-and-wales', d::date, o) AS day"
                         " FROM generate_series('2022-03-01'::timestamp, '2022-06-30', '1 day') d,"
                         " unnest(ARRAY[-28, -7, -1, 0, 1, 8, 14, 28]) o")
    assert len(rows) > 900
    assert [row for row in rows if calendar.stage_day(row["due_on"], row["offset_days"]) != row["day"]] == []


def test_the_council_can_be_closed_for_a_day(database):
    """With the API's rights, change record and all."""
    database.execute("INSERT INTO closure (day, title) VALUES ('2022-02-25', 'Storm')", role="gt_api")
    assert database.value("SELECT is_working_day('england-and-wales', '2022-02-25')") is False
    assert database.value("SELECT stage_day('england-and-wales', '2022-02-25', 0)") == datetime.date(2022, 2, 24)
    assert database.value("SELECT stage_day('england-and-wales', '2022-02-24', 1)") == datetime.date(2022, 2, 28)
    assert database.value("SELECT count(*) FROM change WHERE resource = 'closure'") == 1
