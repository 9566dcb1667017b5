/* The first and last day that a point with its year stands for. */
#include "common/timescale/timescale_resolve.h"

struct period {
	int year;
	int month; /* the first */
	int months;
};

static struct date period_first(struct period period)
{
	return (struct date){ period.year, period.month, 1 };
}

static struct date period_end(struct period period, int months)
{
	int total = period.year * 12 + period.month - 1 + months - 1;
	return date_month_end(total / 12, total % 12 + 1);
}

/* The Gregorian Easter Sunday (the anonymous algorithm, Nature, 20 April 1876). */
static struct date easter(int year)
{
	int golden = year % 19;
	int century = year / 100;
	int rest = year % 100;
	int moon = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 +
			   15) %
		   30;
	int week = (32 + 2 * (century % 4) + 2 * (rest / 4) - moon - rest % 4) % 7;
	int shift = (golden + 11 * moon + 22 * week) / 451;
	int days = moon + week - 7 * shift + 114;
	return (struct date){ year, days / 31, days % 31 + 1 };
}

static struct date feast(const struct point *point)
{
	if (point->number == FEAST_EASTER)
		return easter(point->year + (point->financial ? 1 : 0));
	if (point->number == FEAST_CHRISTMAS)
		return (struct date){ point->year, 12, 25 };
	return (struct date){ point->year + (point->financial ? 1 : 0), 1, 1 };
}

static void set_doubt(struct point *point, const char *doubt)
{
	if (!point->doubt)
		point->doubt = doubt;
}

static struct period month(const struct point *point)
{
	bool next = point->financial && point->number < 4;
	return (struct period){ point->year + (next ? 1 : 0), point->number, 1 };
}

/* Quarters and halves: of the financial year when it is written, else on the plan's basis. */
static struct period slice(struct point *point, struct quarter_basis basis, int months)
{
	bool financial = point->financial;
	if (!financial && point->shape == SHAPE_HALF && point->spelt) {
		set_doubt(point, "Half a year was read as half a calendar year");
	} else if (!financial) {
		financial = basis.quarters == TIMESCALE_FINANCIAL;
		if (!basis.named)
			set_doubt(point, financial ? "The quarter was counted from 1 April"
						   : "The quarter was counted from 1 January");
	}
	int total = point->year * 12 + (financial ? 3 : 0) + (point->number - 1) * months;
	return (struct period){ total / 12, total % 12 + 1, months };
}

static struct period season(struct point *point)
{
	static const int months[] = {
		[SEASON_SPRING] = 3, [SEASON_SUMMER] = 6, [SEASON_AUTUMN] = 9, [SEASON_WINTER] = 12
	};
	int year = point->year;
	if (point->number == SEASON_WINTER && !point->financial)
		set_doubt(point, "Winter was read as ending in February of the next year");
	if (point->number != SEASON_WINTER && point->financial)
		set_doubt(point, "The season was placed within the two years written");
	if (point->number == SEASON_SPRING && point->financial)
		year++;
	return (struct period){ year, months[point->number], 3 };
}

static struct period term(struct point *point)
{
	static const struct period terms[] = { [SEASON_SPRING] = { 0, 1, 3 },
		[SEASON_SUMMER] = { 0, 4, 4 },
		[SEASON_AUTUMN] = { 0, 9, 4 },
		[SEASON_WINTER] = { 0, 9, 4 } };
	struct period period = terms[point->number];
	bool next = point->financial && period.month < 9;
	period.year = point->year + (next ? 1 : 0);
	set_doubt(point, "The last day of a school term was assumed");
	return period;
}

static struct period period_of(struct point *point, struct quarter_basis basis)
{
	switch (point->shape) {
	case SHAPE_MONTH:
		return month(point);
	case SHAPE_QUARTER:
		return slice(point, basis, 3);
	case SHAPE_HALF:
		return slice(point, basis, 6);
	case SHAPE_SEASON:
		return season(point);
	case SHAPE_TERM:
		return term(point);
	case SHAPE_YEARS:
		return (struct period){ point->year, 1, 12 * (point->last_year - point->year + 1) };
	case SHAPE_FIN_YEAR:
		return (struct period){ point->year, 4, 12 };
	case SHAPE_ACADEMIC:
		return (struct period){ point->year, 9, 12 };
	case SHAPE_MUNICIPAL:
		return (struct period){ point->year, 5, 13 };
	default:
		return (struct period){ point->year, 1, 12 };
	}
}

static void part_of_month(struct point *point)
{
	static const int firsts[] = { [PART_MID] = 15,
		[PART_LATE] = 21,
		[PART_FIRST_HALF] = 1,
		[PART_SECOND_HALF] = 16,
		[PART_SECOND_WEEK] = 8,
		[PART_THIRD_WEEK] = 15,
		[PART_FOURTH_WEEK] = 22 };
	static const int lasts[] = { [PART_EARLY] = 10,
		[PART_MID] = 15,
		[PART_FIRST_HALF] = 15,
		[PART_FIRST_WEEK] = 7,
		[PART_SECOND_WEEK] = 14,
		[PART_THIRD_WEEK] = 21,
		[PART_FOURTH_WEEK] = 28 };
	if ((size_t)point->part < sizeof(firsts) / sizeof(firsts[0]) && firsts[point->part])
		point->first.day = firsts[point->part];
	if ((size_t)point->part < sizeof(lasts) / sizeof(lasts[0]) && lasts[point->part])
		point->last.day = lasts[point->part];
}

/* "first Monday in June". */
static void weekday_of_month(struct point *point)
{
	struct date from = point->day == 5 ? date_add_days(point->last, -6)
					   : date_add_days(point->first, 7 * (point->day - 1));
	int days = (point->weekday - date_weekday(from) + 7) % 7;
	point->first = point->last = date_add_days(from, days);
}

static void part_of_period(struct point *point, struct period period)
{
	int early = (period.months + 3) / 4;
	int middle = (period.months + 1) / 2;
	if (point->part == PART_EARLY)
		point->last = period_end(period, early);
	if (point->part == PART_MID)
		point->first = point->last = period_end(period, middle);
	if (point->part == PART_LATE)
		point->first = date_add_months(point->first, period.months - early);
}

static void apply_part(struct point *point, struct period period)
{
	if (point->part == PART_WHOLE)
		return;
	if (point->part == PART_END) {
		point->first = point->last;
		return;
	}
	if (point->part == PART_WEEKDAY) {
		weekday_of_month(point);
		return;
	}
	set_doubt(point, "Part of a period was read as its usual day");
	if (point->part == PART_START)
		point->last = point->first;
	else if (period.months == 1)
		part_of_month(point);
	else
		part_of_period(point, period);
}

static void day(struct point *point)
{
	int year = point->year + (point->financial && point->number < 4 ? 1 : 0);
	if (!date_is_valid(year, point->number, point->day)) {
		point->fault = "This day does not exist";
		return;
	}
	point->first = point->last = (struct date){ year, point->number, point->day };
	if (point->weekday && date_weekday(point->first) != point->weekday)
		set_doubt(point, "The weekday written does not fall on this date");
	if (point->part != PART_WEEK_FROM)
		return;
	point->last = date_add_days(point->first, 6);
	set_doubt(point, "Due on the Sunday of the week that begins on this date");
}

void timescale_resolve(struct point *point, struct quarter_basis basis)
{
	if (point->fault)
		return;
	if (point->shape == SHAPE_DAY) {
		day(point);
		return;
	}
	if (point->shape == SHAPE_FEAST) {
		point->first = point->last = feast(point);
		return;
	}
	struct period period = period_of(point, basis);
	point->first = period_first(period);
	point->last = period_end(period, period.months);
	apply_part(point, period);
}
