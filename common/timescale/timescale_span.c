/* Joins points into spans of time and settles what brackets and quarters' names add to them. */
#include "common/timescale/timescale_span.h"

#include "common/timescale/timescale_drop.h"
#include "common/timescale/timescale_role.h"

static bool is_dated(const struct point *point)
{
	return date_is_set(point->last);
}

static bool follows_on(const struct point *a, const struct point *b)
{
	bool slice =
		a->shape == SHAPE_QUARTER || a->shape == SHAPE_HALF || a->shape == SHAPE_FIN_YEAR;
	return slice && a->shape == b->shape &&
	       date_compare(date_add_days(a->last, 1), b->first) == 0;
}

static bool joins(const struct cell *cell, int i)
{
	const struct point *a = &cell->points[i - 1];
	const struct point *b = &cell->points[i];
	if (!is_dated(a) || !is_dated(b))
		return false;
	enum link link = cell->links[i];
	if (link == LINK_LIST)
		return follows_on(a, b);
	/* "Dec 22 / Jan 23" is one stretch, "Sept 2022 / Dec 2022" two deadlines. */
	bool adjacent = date_compare(b->first, date_add_days(a->last, 1)) <= 0;
	return link == LINK_RANGE || link == LINK_OR || (link == LINK_EITHER && adjacent);
}

static bool is_period(const struct point *point)
{
	if (point->part == PART_WEEK_FROM)
		return true;
	if (point->part != PART_WHOLE)
		return false;
	return point->shape == SHAPE_QUARTER || point->shape == SHAPE_HALF ||
	       point->shape == SHAPE_FIN_YEAR || point->shape == SHAPE_YEARS ||
	       point->shape == SHAPE_ACADEMIC || point->shape == SHAPE_MUNICIPAL;
}

/* "before 31 March" ends on the 30th; "before the end of March" on the 31st. */
static void end_before(struct cell *cell, struct span *span)
{
	if (span->from->part != PART_END)
		span->due = date_add_days(span->from->first, -1);
	timescale_cell_assume(cell, "\"Before\" was read as due by the day before");
}

static void set_single(struct cell *cell, struct span *span)
{
	const unsigned ends = ROLE_BY | ROLE_UNTIL | ROLE_BEFORE;
	unsigned roles = span->roles;
	span->due = span->to->last;
	/* "from 2011 to 2014" has its end. */
	bool ended = span->from->shape == SHAPE_YEARS;
	span->start_only = (roles & ROLE_FROM) && !(roles & ends) && !ended;
	if ((is_period(span->from) && !(roles & ends)) || span->start_only ||
		roles & ROLE_THROUGHOUT)
		span->start = span->from->first;
	if (roles & ROLE_BEFORE)
		end_before(cell, span);
}

/* "slipped from March to June 2023", "extend the end date from March 2023 to March 2024", and an
 * arrow. "Extend the scheme from March to June 2023" is a range. */
static bool is_revision(const struct cell *cell, const struct span *span)
{
	if (span->roles & ROLE_REVISED && span->roles & ROLE_FROM)
		return true;
	const struct token *arrow = &cell->tokens.at[span->from->end];
	if (span->to == span->from + 1 && arrow->tag == T_DASH && arrow->value == 1)
		return true;
	int at = span->from->begin - 1;
	if (timescale_cell_tag(cell, at) != T_FROM)
		return false;
	bool words = false;
	enum tag tag;
	do {
		tag = timescale_cell_tag(cell, --at);
		words |= tag == T_OTHER || tag == T_STEP;
	} while (tag == T_GLUE || tag == T_DUE || tag == T_OTHER || tag == T_STEP);
	return tag == T_CHANGE && !(words && cell->tokens.at[at].value == 1);
}

/* "Start date moved from April 2022 to July 2022" */
static bool moves_start(const struct cell *cell, const struct span *span)
{
	enum tag tag;
	int at = span->from->begin;
	do
		tag = timescale_cell_tag(cell, --at);
	while (tag == T_FROM || tag == T_REVISED || tag == T_CHANGE || tag == T_GLUE ||
		tag == T_WILL);
	return tag == T_START;
}

static void set_joined(struct cell *cell, struct span *span, enum link link)
{
	span->start = span->from->first;
	span->due = span->to->last;
	bool revision = is_revision(cell, span);
	if (!revision && date_compare(span->due, span->start) < 0)
		cell->fault = "The end comes before the start";
	if (revision) {
		timescale_drop_note(cell, span->from->last);
		span->start_only = moves_start(cell, span);
		span->start = span->start_only ? span->to->first : DATE_NONE;
	}
	if (link != LINK_OR)
		return;
	span->start = DATE_NONE;
	timescale_cell_assume(cell, "Of two dates joined by \"or\" the later was taken");
}

static int take_span(struct cell *cell, int i)
{
	int last = i;
	while (last + 1 < cell->point_count && joins(cell, last + 1))
		last++;
	bool chain = last > i + 1 && cell->links[i + 1] == LINK_RANGE &&
		     cell->links[i + 2] == LINK_RANGE;
	if (chain)
		cell->fault = "Three dates joined by dashes";
	struct span *span = &cell->spans[cell->span_count++];
	*span = (struct span){ .from = &cell->points[i], .to = &cell->points[last] };
	span->roles = timescale_role(cell, span->from, span->to);
	if (last > i)
		set_joined(cell, span, cell->links[i + 1]);
	else
		set_single(cell, span);
	return last + 1;
}

static bool is_within(const struct span *inner, const struct span *outer)
{
	return date_compare(inner->from->first, outer->from->first) >= 0 &&
	       date_compare(inner->due, outer->due) <= 0;
}

/* The quarter of the financial year (or of the calendar year) that a stretch of three whole months
 * is, or 0. */
static int quarter_of(const struct span *span, bool financial)
{
	struct date third = date_add_months(span->start, 2);
	bool whole = span->start.day == 1 && (span->start.month - 1) % 3 == 0;
	bool exact = date_compare(span->due, date_month_end(third.year, third.month)) == 0;
	if (!date_is_set(span->start) || !whole || !exact)
		return 0;
	int calendar = (span->start.month - 1) / 3 + 1;
	return financial ? (calendar + 2) % 4 + 1 : calendar;
}

/* The months contradict the quarter's name: the quarter of the year they lie in is taken. */
static void trust_quarter(struct cell *cell, struct span *span, int number)
{
	struct date start = date_is_set(span->start) ? span->start : span->due;
	int year = start.month < 4 ? start.year - 1 : start.year;
	struct date first = date_add_months((struct date){ year, 4, 1 }, (number - 1) * 3);
	struct date third = date_add_months(first, 2);
	span->start = first;
	span->due = date_month_end(third.year, third.month);
	timescale_cell_assume(cell, "The months written contradict the quarter's name; ask");
}

/* "third quarter from October to December 2016", "Q3 (Oct 2024)", "March 2023 (Q4)". */
static void name_quarter(struct cell *cell, struct span *span, const struct point *quarter)
{
	if (span->from == span->to)
		return;
	span->quarter = true;
	bool fits = quarter_of(span, true) == quarter->number ||
		    quarter_of(span, false) == quarter->number;
	if (!fits)
		trust_quarter(cell, span, quarter->number);
}

static void name_quarters(struct cell *cell)
{
	for (int i = 0; i < cell->span_count; i++) {
		struct span *span = &cell->spans[i];
		int before = (int)(span->from - cell->points) - 1;
		int after = (int)(span->to - cell->points) + 1;
		bool leads = before >= 0 && cell->links[before + 1] != LINK_WORDS;
		bool trails = after < cell->point_count && cell->links[after] == LINK_BRACKET;
		if (leads && cell->points[before].shape == SHAPE_QUARTER &&
			!is_dated(&cell->points[before]))
			name_quarter(cell, span, &cell->points[before]);
		else if (trails && cell->points[after].shape == SHAPE_QUARTER &&
			 !is_dated(&cell->points[after]))
			name_quarter(cell, span, &cell->points[after]);
	}
}

/* "quarter 3 2024 (July – September)": the months settle what the quarter means. */
static bool settle_quarter(struct cell *cell, struct span *quarter, struct span *months)
{
	const struct point *point = quarter->from;
	if (point->shape != SHAPE_QUARTER || months->from == months->to)
		return false;
	int financial = quarter_of(months, true);
	int calendar = quarter_of(months, false);
	if (!point->financial && calendar != point->number && financial == point->number &&
		financial == 4)
		cell->fault = "January to March of which year is not clear";
	months->quarter = true;
	quarter->dropped = true;
	quarter->from->doubt = NULL;
	if (financial != point->number && calendar != point->number)
		trust_quarter(cell, months, point->number);
	return true;
}

/* Roles that make the second date one of its own. */
static bool stands_alone(const struct span *span)
{
	return span->roles & (ROLE_REVISED | ROLE_ORIGINAL | ROLE_ACTUAL | ROLE_DONE |
				     ROLE_CONDITION | ROLE_RECORD);
}

static void merge(struct cell *cell, struct span *outer, struct span *inner, enum link link)
{
	if (settle_quarter(cell, outer, inner) || link != LINK_BRACKET)
		return;
	if (is_within(inner, outer)) {
		inner->roles |= outer->roles & ~(unsigned)ROLE_FROM;
		if (!date_is_set(inner->start))
			inner->start = outer->start;
		outer->dropped = true;
		outer->from->doubt = NULL;
		return;
	}
	if (is_within(outer, inner)) {
		inner->dropped = true;
		inner->from->doubt = NULL;
		return;
	}
	timescale_cell_assume(cell, "The date in brackets was read as a second deadline");
}

static void merge_brackets(struct cell *cell)
{
	for (int i = 1; i < cell->span_count; i++) {
		struct span *outer = &cell->spans[i - 1];
		struct span *inner = &cell->spans[i];
		enum link link = cell->links[inner->from - cell->points];
		bool near = link == LINK_BRACKET || link == LINK_NONE || link == LINK_LIST;
		if (near && !outer->dropped && !stands_alone(inner) && !stands_alone(outer))
			merge(cell, outer, inner, link);
	}
}

static void note_doubts(struct cell *cell)
{
	bool recurs = timescale_cell_has(cell, T_FREQUENCY) || timescale_cell_has(cell, T_EVERY);
	for (int i = 0; i < cell->point_count; i++) {
		const struct point *point = &cell->points[i];
		timescale_cell_assume(cell, point->doubt);
		bool named = point->shape == SHAPE_QUARTER || point->shape == SHAPE_HALF;
		if (cell->span_count && !is_dated(point) && !named && !recurs)
			timescale_cell_assume(cell, "A date without a year was left out");
	}
}

int timescale_span_live(const struct cell *cell)
{
	int live = 0;
	for (int i = 0; i < cell->span_count; i++)
		live += !cell->spans[i].dropped;
	return live;
}

bool timescale_span_has_role(const struct cell *cell, unsigned role)
{
	for (int i = 0; i < cell->span_count; i++)
		if (!cell->spans[i].dropped && cell->spans[i].roles & role)
			return true;
	return false;
}

void timescale_span(struct cell *cell)
{
	int i = 0;
	while (i < cell->point_count)
		i = is_dated(&cell->points[i]) ? take_span(cell, i) : i + 1;
	name_quarters(cell);
	merge_brackets(cell);
	note_doubts(cell);
}
