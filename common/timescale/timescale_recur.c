/* How often a timescale says that the work comes round. */
#include "common/timescale/timescale_recur.h"

#include <limits.h>

#include "common/text.h"
#include "common/timescale/timescale_span.h"

#define NO_RECURRENCE INT_MIN
#define COUNT_MOST 99

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

static int value_at(const struct cell *cell, int at)
{
	return cell->tokens.at[at].value;
}

/* The count before "monthly" ("6 monthly", "3-yearly"), 1 when none. */
static int count_before(const struct cell *cell, int at)
{
	at--;
	if (tag_at(cell, at) == T_DASH)
		at--;
	if (timescale_cell_holds_point(cell, at))
		return 1;
	bool count = tag_at(cell, at) == T_NUMBER && value_at(cell, at) > 0 &&
		     value_at(cell, at) <= COUNT_MOST;
	return count && !cell->tokens.at[at].ordinal ? value_at(cell, at) : 1;
}

static int unit_months(int unit, int count)
{
	switch (unit) {
	case 'Y':
		return 12 * count;
	case 'M':
		return count;
	case 'W':
		return -count;
	default:
		return count == 1 ? 0 : NO_RECURRENCE;
	}
}

/* "every 6 months", "each quarter", "every March". */
static int every(const struct cell *cell, int at)
{
	int count = 1;
	at++;
	if (tag_at(cell, at) == T_NUMBER) {
		count = value_at(cell, at++);
		if (count < 1 || count > COUNT_MOST)
			return NO_RECURRENCE;
	}
	switch (tag_at(cell, at)) {
	case T_UNIT:
		return unit_months(value_at(cell, at), count);
	case T_QUARTER:
		return 3 * count;
	case T_TERM:
		return 4;
	case T_WEEKDAY:
		return -1;
	case T_MONTH:
	case T_SEASON:
	case T_END:
	case T_FEAST:
	case T_FINANCIAL:
	case T_FY:
	case T_ACADEMIC:
	case T_MUNICIPAL:
	case T_CALENDAR:
		return 12;
	default:
		return NO_RECURRENCE;
	}
}

/* "4 times a year". */
static int times_a_year(const struct cell *cell, int at)
{
	int count = count_before(cell, at);
	return count <= 12 && 12 % count == 0 ? 12 / count : NO_RECURRENCE;
}

/* "annual" is a rhythm on its own, but only a name in "annual report, March 2023". */
static int annual(const struct cell *cell, int at)
{
	bool next = timescale_cell_tag(cell, at + 1) == T_STEP && timescale_cell_has(cell, T_NEXT);
	return timescale_span_live(cell) && !next ? NO_RECURRENCE : value_at(cell, at);
}

static int half_termly(struct cell *cell)
{
	timescale_cell_assume(cell, "Half a school term was read as two months");
	return 2;
}

static int interval_at(struct cell *cell, int at)
{
	int value = value_at(cell, at);
	switch (tag_at(cell, at)) {
	case T_FREQUENCY:
		if (value == FREQUENCY_HALF_TERM)
			return half_termly(cell);
		return value *
		       (value == 1 || value == 12 || value == -1 ? count_before(cell, at) : 1);
	case T_EVERY:
		return every(cell, at);
	case T_TIMES:
		return times_a_year(cell, at);
	case T_PER:
		return tag_at(cell, at - 1) == T_NUMBER ? times_a_year(cell, at) : NO_RECURRENCE;
	case T_ANNUAL:
		return annual(cell, at);
	default:
		return NO_RECURRENCE;
	}
}

/* The month, 1 to 12, in which a point without a year ends; 0 = not known. */
static int end_month(const struct cell *cell, const struct point *point)
{
	static const int seasons[] = {
		[SEASON_SPRING] = 5, [SEASON_SUMMER] = 8, [SEASON_AUTUMN] = 11, [SEASON_WINTER] = 2
	};
	static const int terms[] = {
		[SEASON_SPRING] = 3, [SEASON_SUMMER] = 7, [SEASON_AUTUMN] = 12, [SEASON_WINTER] = 12
	};
	int quarter = point->number * 3 + (cell->basis.quarters == TIMESCALE_FINANCIAL ? 3 : 0);
	switch (point->shape) {
	case SHAPE_DAY:
	case SHAPE_MONTH:
		return point->number;
	case SHAPE_QUARTER:
		return quarter > 12 ? quarter - 12 : quarter;
	case SHAPE_SEASON:
		return seasons[point->number];
	case SHAPE_TERM:
		return terms[point->number];
	default:
		return 0;
	}
}

/* Bit n = month n. A range without years is a window: its end counts. */
static unsigned months_of(const struct cell *cell, int *day)
{
	unsigned months = 0;
	for (int i = 0; i < cell->point_count; i++) {
		const struct point *point = &cell->points[i];
		bool window = i + 1 < cell->point_count && cell->links[i + 1] == LINK_RANGE &&
			      !point[1].year;
		if (point->year || window)
			continue;
		months |= 1U << end_month(cell, point);
		if (point->shape == SHAPE_DAY)
			*day = point->day;
		else if (point->part == PART_END || point->shape == SHAPE_QUARTER)
			*day = -1;
	}
	return months & ~1U;
}

static const char *yearly(struct cell *cell, int years)
{
	struct text rule;
	int day = 0;
	unsigned months = months_of(cell, &day);
	text_init(&rule, cell->arena);
	text_add(&rule, "FREQ=YEARLY");
	if (years > 1)
		text_addf(&rule, ";INTERVAL=%d", years);
	const char *separator = ";BYMONTH=";
	for (int month = 1; month <= 12; month++) {
		if (!(months & 1U << month))
			continue;
		text_addf(&rule, "%s%d", separator, month);
		separator = ",";
	}
	if (months && day)
		text_addf(&rule, ";BYMONTHDAY=%d", day);
	return rule.bytes;
}

/* "twice a year (April and October)": as many months as times. */
static bool names_its_months(const struct cell *cell, int interval)
{
	int day = 0;
	int months = __builtin_popcount(months_of(cell, &day));
	return interval > 1 && interval < 12 && months > 0 && months * interval == 12;
}

static const char *rule_of(struct cell *cell, int interval)
{
	if (names_its_months(cell, interval))
		return yearly(cell, 1);
	if (interval > 0 && interval % 12 == 0)
		return yearly(cell, interval / 12);
	if (interval == 0)
		return "FREQ=DAILY";
	if (interval == 1)
		return "FREQ=MONTHLY";
	if (interval == 3)
		return "FREQ=MONTHLY;INTERVAL=3";
	if (interval == -1)
		return "FREQ=WEEKLY";
	return arena_printf(cell->arena, "FREQ=%s;INTERVAL=%d", interval > 0 ? "MONTHLY" : "WEEKLY",
		interval > 0 ? interval : -interval);
}

/* "at the end of quarters two and four": no year, more than one, so every year. */
static bool lists_quarters(const struct cell *cell)
{
	if (cell->point_count < 2 || cell->span_count)
		return false;
	for (int i = 0; i < cell->point_count; i++)
		if (cell->points[i].shape != SHAPE_QUARTER || cell->points[i].year)
			return false;
	return true;
}

const char *timescale_recur(struct cell *cell)
{
	const bool *seen = cell->tokens.seen;
	bool any = seen[T_FREQUENCY] || seen[T_EVERY] || seen[T_TIMES] || seen[T_PER] ||
		   seen[T_ANNUAL];
	for (int at = 1; any && at < cell->tokens.end; at++) {
		int interval = interval_at(cell, at);
		if (interval != NO_RECURRENCE)
			return rule_of(cell, interval);
	}
	if (!lists_quarters(cell))
		return NULL;
	timescale_cell_assume(cell, "Quarters without a year were read as every year's");
	return yearly(cell, 1);
}
