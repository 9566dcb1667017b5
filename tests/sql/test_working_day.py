"""Bank holidays of the three divisions, working days, and the days on which stages of a ladder fall."""
from datetime import date, timedelta

import holidays
import pytest

from support import programs

PUBLISHED = range(2019, 2029)
DIVISIONS = {"england-and-wales": ("England", "Wales"), "scotland": ("Scotland",),
             "northern-ireland": ("NorthernIreland",)}

# Where Debian 12's python3-holidays (0.10.1, of 2020) and gov.uk/bank-holidays part. It dates from before these
# days were proclaimed: (day, divisions, "+" published and unknown to it, "-" known to it and not published).
PROCLAIMED = [
    ("2022-05-30", "ESN", "-"),  # the spring holiday was moved to 2 June for the Platinum Jubilee
    ("2022-06-02", "ESN", "+"),
    ("2022-06-03", "ESN", "+"),  # Platinum Jubilee
    ("2022-09-19", "ESN", "+"),  # funeral of Queen Elizabeth II
    ("2023-05-08", "ESN", "+"),  # coronation of King Charles III
    ("2026-06-15", "S", "+"),  # Scotland's first match of the World Cup
]
# It knows no substitute days for the Battle of the Boyne and St Andrew's Day at a weekend.
SUBSTITUTES = [
    ("2020-07-13", "N", "+"), ("2025-07-14", "N", "+"), ("2026-07-13", "N", "+"),
    ("2019-12-02", "S", "+"), ("2024-12-02", "S", "+"), ("2025-12-01", "S", "+"),
]
LETTERS = {"england-and-wales": "E", "scotland": "S", "northern-ireland": "N"}


@pytest.fixture(scope="module")
def days(postgres, template):
    """One database for the module: these tests only look, but for those that take `database`."""
    one = postgres.create("gt_days", template.name)
    yield one
    postgres.drop(one.name)


def known_to(division):
    """Weekdays that python3-holidays calls bank holidays; weekends are no working days anyhow."""
    found = [{day for day in getattr(holidays, name)(years=PUBLISHED) if day.weekday() < 5 and day.year in PUBLISHED}
             for name in DIVISIONS[division]]
    assert all(one == found[0] for one in found), "England and Wales differ"
    return found[0]


@pytest.mark.parametrize("division", DIVISIONS)
def test_published_days_agree_with_an_independent_list(server_log, days, division):
    ours = set(days.column("SELECT day FROM bank_holiday WHERE division = %s AND source = 'published'", (division,)))
    theirs = known_to(division)
    parting = {(date.fromisoformat(day), sign) for day, letters, sign in PROCLAIMED + SUBSTITUTES
               if LETTERS[division] in letters}
    assert {(day, "+") for day in ours - theirs} | {(day, "-") for day in theirs - ours} == parting


@pytest.mark.parametrize("division", DIVISIONS)
def test_published_days_cover_2019_to_2028_and_are_weekdays(server_log, days, division):
    ours = days.column("SELECT day FROM bank_holiday WHERE division = %s AND source = 'published'", (division,))
    assert {day.year for day in ours} == set(PUBLISHED)
    assert all(day.weekday() < 5 for day in ours)


# Counted at gov.uk/bank-holidays: 8, 9 and 10 a year, and what was proclaimed.
@pytest.mark.parametrize("division,usual", [("england-and-wales", 8), ("scotland", 9), ("northern-ireland", 10)])
def test_each_year_has_its_number_of_days(server_log, days, division, usual):
    extra = {2022: 2, 2023: 1, **({2026: 1} if division == "scotland" else {})}
    found = {int(row["year"]): row["count"] for row in days.rows(
        "SELECT extract(year FROM day) AS year, count(*) FROM bank_holiday WHERE division = %s GROUP BY 1", (division,))}
    assert found == {year: usual + extra.get(year, 0) for year in range(2019, 2101)}


# ---- rules beyond what is published ----

@pytest.mark.parametrize("division", DIVISIONS)
def test_the_rules_give_the_published_days_but_for_proclamations(server_log, days, division):
    """Ten published years are the test of the rules that serve the years after them."""
    parting = {(date.fromisoformat(day), sign) for day, letters, sign in PROCLAIMED if LETTERS[division] in letters}
    parting |= {(date(2020, 5, 4), "-"), (date(2020, 5, 8), "+")}  # moved for the 75 years of VE day
    ruled = set(days.column("SELECT r.day FROM generate_series(2019, 2028) y, bank_holiday_rules(%s, y) r", (division,)))
    published = set(days.column("SELECT day FROM bank_holiday_published() WHERE division = %s", (division,)))
    assert {(day, "+") for day in published - ruled} | {(day, "-") for day in ruled - published} == parting


@pytest.mark.parametrize("division", DIVISIONS)
def test_no_rule_falls_on_a_weekend_or_twice(server_log, days, division):
    ruled = days.column("SELECT r.day FROM generate_series(2000, 2100) y, bank_holiday_rules(%s, y) r", (division,))
    assert all(day.weekday() < 5 for day in ruled) and len(ruled) == len(set(ruled))


# By hand, from a calendar: both Christmas days at a weekend, New Year at a weekend, Easter early and late.
BY_HAND = {
    ("england-and-wales", 2032): ["2032-01-01", "2032-03-26", "2032-03-29", "2032-05-03", "2032-05-31", "2032-08-30",
                                  "2032-12-27", "2032-12-28"],
    ("england-and-wales", 2033): ["2033-01-03", "2033-04-15", "2033-04-18", "2033-05-02", "2033-05-30", "2033-08-29",
                                  "2033-12-26", "2033-12-27"],
    ("scotland", 2033): ["2033-01-03", "2033-01-04", "2033-04-15", "2033-05-02", "2033-05-30", "2033-08-01",
                         "2033-11-30", "2033-12-26", "2033-12-27"],
    ("scotland", 2034): ["2034-01-02", "2034-01-03", "2034-04-07", "2034-05-01", "2034-05-29", "2034-08-07",
                         "2034-11-30", "2034-12-25", "2034-12-26"],
    ("northern-ireland", 2029): ["2029-01-01", "2029-03-19", "2029-03-30", "2029-04-02", "2029-05-07", "2029-05-28",
                                 "2029-07-12", "2029-08-27", "2029-12-25", "2029-12-26"],
    ("northern-ireland", 2037): ["2037-01-01", "2037-03-17", "2037-04-03", "2037-04-06", "2037-05-04", "2037-05-25",
                                 "2037-07-13", "2037-08-31", "2037-12-25", "2037-12-28"],
}


@pytest.mark.parametrize("division,year", BY_HAND)
def test_years_beyond_the_published_ones_follow_the_rules(server_log, days, division, year):
    assert days.column("SELECT day::text FROM bank_holiday WHERE division = %s AND extract(year FROM day) = %s"
                       " AND source = 'rule' ORDER BY day", (division, year)) == BY_HAND[division, year]


def test_easter_sunday_for_a_century(server_log, days):
    """Against dateutil's computus, another author's algorithm."""
    from dateutil.easter import easter
    ours = days.column("SELECT easter(y) FROM generate_series(1990, 2100) y ORDER BY y")
    assert ours == [easter(year) for year in range(1990, 2101)]


# ---- working days ----

@pytest.mark.parametrize("division,day,working", [
    ("england-and-wales", "2022-03-25", True), ("england-and-wales", "2022-03-26", False),  # Friday, Saturday
    ("england-and-wales", "2022-03-27", False), ("england-and-wales", "2022-03-28", True),  # Sunday, Monday
    ("england-and-wales", "2022-01-03", False), ("england-and-wales", "2022-01-04", True),
    ("scotland", "2022-01-03", False), ("scotland", "2022-01-04", False), ("scotland", "2022-01-05", True),
    ("scotland", "2022-04-18", True), ("england-and-wales", "2022-04-18", False),  # Easter Monday
    ("northern-ireland", "2022-07-12", False), ("england-and-wales", "2022-07-12", True),
    ("england-and-wales", "2022-05-30", True), ("england-and-wales", "2022-06-02", False),
    ("england-and-wales", "2050-12-26", False), ("england-and-wales", "2050-12-27", False),  # by rule
])
def test_a_day_is_a_working_day_or_not(server_log, days, division, day, working):
    assert days.value("SELECT is_working_day(%s, %s)", (division, day)) is working


# due_on, offset, the day on which the stage falls: earlier when offset ≤ 0, later when > 0.
STAGES = [
    ("england-and-wales", "2022-03-31", -28, "2022-03-03"),  # Thursday: stays
    ("england-and-wales", "2022-03-31", -7, "2022-03-24"),
    ("england-and-wales", "2022-03-31", 0, "2022-03-31"),
    ("england-and-wales", "2022-03-31", 1, "2022-04-01"),
    ("england-and-wales", "2022-04-30", 0, "2022-04-29"),  # due on a Saturday: on Friday
    ("england-and-wales", "2022-04-30", -1, "2022-04-29"),  # … and so is the day before it
    ("england-and-wales", "2022-04-30", 1, "2022-05-03"),  # Sunday, then the early May holiday: Tuesday
    ("england-and-wales", "2022-04-18", 0, "2022-04-14"),  # Easter Monday: back to Maundy Thursday
    ("england-and-wales", "2022-04-14", 1, "2022-04-19"),  # Good Friday: on to Tuesday
    ("scotland", "2022-04-14", 1, "2022-04-18"),  # no Easter Monday in Scotland
    ("england-and-wales", "2021-12-31", 0, "2021-12-31"),
    ("england-and-wales", "2021-12-31", 1, "2022-01-04"),  # over New Year's substitute, Monday the 3rd
    ("scotland", "2021-12-31", 1, "2022-01-05"),  # … and over the 2nd's, Tuesday the 4th
    ("england-and-wales", "2022-01-03", 0, "2021-12-31"),
    ("england-and-wales", "2022-06-03", 0, "2022-06-01"),  # Jubilee: both days
    ("england-and-wales", "2022-06-01", 1, "2022-06-06"),
    ("england-and-wales", "2022-06-30", -28, "2022-06-01"),  # the stage itself falls into the Jubilee
    ("england-and-wales", "2021-12-28", 0, "2021-12-24"),  # Christmas 2021: Saturday to Tuesday off
    ("england-and-wales", "2021-12-25", -1, "2021-12-24"),
    ("england-and-wales", "2021-12-24", 1, "2021-12-29"),
    ("england-and-wales", "2022-03-31", 28, "2022-04-28"),
    ("england-and-wales", "2022-03-31", 366, "2023-04-03"),  # a Saturday a year on
]


@pytest.mark.parametrize("division,due_on,offset,expected", STAGES)
def test_stage_day(server_log, days, division, due_on, offset, expected):
    assert days.value("SELECT stage_day(%s, %s, %s)::text", (division, due_on, offset)) == expected


def test_a_stage_day_is_never_on_the_wrong_side(server_log, days):
    """Ten years of due dates: a warning never comes late, a chaser never early, and both on working days."""
    assert days.value("""
        SELECT count(*) FROM generate_series('2019-01-01'::date, '2028-12-31', interval '1 day') d (due),
               unnest(enum_range(NULL::division)) v, unnest(ARRAY[-28, -7, -1, 0, 1, 14, 28]) o,
               stage_day(v, d.due::date, o) s
        WHERE NOT is_working_day(v, s) OR (o <= 0 AND s > d.due::date + o) OR (o > 0 AND s < d.due::date + o)""") == 0


# ---- closures ----

def test_the_council_is_closed_when_it_says_so(database):
    database.execute("INSERT INTO closure (day, title) VALUES ('2022-12-28', 'Closed'), ('2022-12-29', 'Closed'),"
                     " ('2022-12-30', 'Closed')", role="gt_api")
    assert database.value("SELECT is_working_day('england-and-wales', '2022-12-29')") is False
    assert database.value("SELECT stage_day('england-and-wales', '2022-12-23', 1)::text") == "2023-01-03"
    assert database.value("SELECT stage_day('england-and-wales', '2023-01-02', 0)::text") == "2022-12-23"
    database.execute("DELETE FROM closure WHERE day = '2022-12-30'", role="gt_api")
    assert database.value("SELECT stage_day('england-and-wales', '2022-12-23', 1)::text") == "2022-12-30"


def test_after_sixty_days_of_closure_the_day_stays_where_it_was(database):
    """Somebody closed the council for ever: reminders still come."""
    start = date(2022, 3, 1)
    database.execute("INSERT INTO closure (day, title) SELECT %s::date + n, 'Closed' FROM generate_series(-90, 90) n",
                     (start,), role="gt_api")
    for offset in (-1, 0, 1):
        assert database.value("SELECT stage_day('england-and-wales', %s, %s)", (start, offset)) \
            == start + timedelta(days=offset)


# ---- a release that brings newly published days ----

def test_published_days_replace_the_rules(database):
    """As if 2028 had only been known by rule until now, with a day that the government then moved."""
    database.execute("UPDATE bank_holiday SET source = 'rule' WHERE extract(year FROM day) = 2028")
    database.execute("INSERT INTO bank_holiday (division, day, title, source)"
                     " VALUES ('scotland', '2028-05-26', 'Guessed', 'rule')")
    programs.run("goldenthread-api", "migrate", "--again",
                 settings={"GT_DATABASE_URL": database.url("gt_migrate"), "GT_LOG_FORMAT": "text"})
    assert database.value("SELECT count(*) FROM bank_holiday WHERE day = '2028-05-26'") == 0
    assert database.column("SELECT DISTINCT source FROM bank_holiday WHERE extract(year FROM day) = 2028") == ["published"]
