"""The oracle's working days: bank holidays typed in from the published lists, and the yearly rules beyond them."""

import datetime

ENGLAND = "england-and-wales"
SCOTLAND = "scotland"
NORTHERN_IRELAND = "northern-ireland"

# https://www.gov.uk/bank-holidays, copied by hand.
PUBLISHED = {
    (ENGLAND, 2021): "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    (ENGLAND, 2022): "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    (ENGLAND, 2023): "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    (SCOTLAND, 2021): "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
    (SCOTLAND, 2022): "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
    (SCOTLAND, 2023): "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
    (NORTHERN_IRELAND, 2021): "01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28",
    (NORTHERN_IRELAND, 2022): "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27",
    (NORTHERN_IRELAND, 2023): "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26",
}

DAY = datetime.timedelta(days=1)


def easter_sunday(year):
    """Gauss's rule in its Gregorian form (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)


def _nth_monday(year, month, n):
    first = datetime.date(year, month, 1)
    return first + DAY * ((-first.weekday()) % 7 + 7 * (n - 1))


def _last_monday(year, month):
    end = datetime.date(year + month // 12, month % 12 + 1, 1) - DAY
    return end - DAY * end.weekday()


def ruled_holidays(division, year):
    """The yearly rules, without proclamations; a day already taken pushes its substitute on."""
    fixed = [(1, 1)]
    if division == SCOTLAND:
        fixed.append((1, 2))
    if division == NORTHERN_IRELAND:
        fixed += [(3, 17), (7, 12)]
    if division == SCOTLAND:
        fixed.append((11, 30))
    fixed += [(12, 25), (12, 26)]
    named = [datetime.date(year, month, day) for month, day in fixed]
    days = {easter_sunday(year) - 2 * DAY, _nth_monday(year, 5, 1), _last_monday(year, 5)}
    if division != SCOTLAND:
        days.add(easter_sunday(year) + DAY)
    days.add(_nth_monday(year, 8, 1) if division == SCOTLAND else _last_monday(year, 8))
    days |= {day for day in named if day.weekday() < 5}
    for day in named:
        if day.weekday() >= 5:
            substitute = day
            while substitute.weekday() >= 5 or substitute in days:
                substitute += DAY
            days.add(substitute)
    return days


def bank_holidays(division, year):
    text = PUBLISHED.get((division, year))
    if text is None:
        return ruled_holidays(division, year)
    return {datetime.date.fromisoformat(f"{year}-{day}") for day in text.split()}


class Calendar:
    """Working days of one division, less the council's own closures."""

    def __init__(self, division, closures=()):
        self.division = division
        self.closures = frozenset(closures)
        self._years = {}
        self._stage_days = {}

    def works(self, day):
        if day.weekday() >= 5 or day in self.closures:
            return False
        if day.year not in self._years:
            self._years[day.year] = bank_holidays(self.division, day.year)
        return day not in self._years[day.year]

    def stage_day(self, due_on, offset_days):
        key = (due_on, offset_days)
        if key not in self._stage_days:
            day = due_on + DAY * offset_days
            self._stage_days[key] = self.move(day, -DAY) if offset_days <= 0 else self.move(day, DAY)
        return self._stage_days[key]

    def move(self, day, step):
        """The working day itself, or the next one in that direction."""
        while not self.works(day):
            day += step
        return day

    def first_of_month(self, day):
        """The first working day of that day's month."""
        return self.move(day.replace(day=1), DAY)

    def days(self, first, last):
        day = first
        while day <= last:
            if self.works(day):
                yield day
            day += DAY
