/* How points follow each other, and the years they lend each other ("Sept - November 2014"). */
#include "common/timescale/timescale_link.h"

#include <string.h>

#include "common/timescale/timescale_resolve.h"
#include "common/timescale/timescale_role.h"

#define WORDS_APART 3 /* between a month and its year */

enum gap {
	GAP_TO = 1 << 0,
	GAP_DASH = 1 << 1,
	GAP_SLASH = 1 << 2,
	GAP_OR = 1 << 3,
	GAP_AND = 1 << 4,
	GAP_LIST = 1 << 5,
	GAP_OPEN = 1 << 6,
	GAP_WORDS = 1 << 7,
	GAP_GLUE = 1 << 8
};

static const unsigned short gaps[T_TAGS] = { [T_TO] = GAP_TO,
	[T_UNTIL] = GAP_TO,
	[T_DASH] = GAP_DASH,
	[T_SLASH] = GAP_SLASH,
	[T_OR] = GAP_OR,
	[T_AND] = GAP_AND,
	[T_COMMA] = GAP_LIST,
	[T_SEMI] = GAP_LIST,
	[T_BREAK] = GAP_LIST,
	[T_CLOSE] = GAP_LIST,
	[T_OPEN] = GAP_OPEN,
	[T_GLUE] = GAP_GLUE,
	[T_OF] = GAP_GLUE,
	[T_BY] = GAP_GLUE,
	[T_FROM] = GAP_GLUE,
	[T_IN_TIME] = GAP_GLUE,
	[T_DOT] = GAP_GLUE,
	[T_COLON] = GAP_GLUE,
	[T_UNSURE] = GAP_GLUE,
	[T_END] = GAP_GLUE,
	[T_NAMELY] = GAP_GLUE,
	[T_BETWEEN] = GAP_GLUE,
	[T_DUE] = GAP_GLUE,
	[T_APOSTROPHE] = GAP_GLUE,
	[T_DITTO] = GAP_GLUE,
	[T_QUESTION] = GAP_GLUE };

static bool is_between(const struct cell *cell, const struct point *point)
{
	int at = point->begin - 1;
	while (timescale_cell_tag(cell, at) == T_GLUE)
		at--;
	return timescale_cell_tag(cell, at) == T_BETWEEN;
}

static enum link link_of(const struct cell *cell, int i)
{
	unsigned gap = 0;
	for (int at = cell->points[i - 1].end; at < cell->points[i].begin; at++) {
		unsigned kind = gaps[timescale_cell_tag(cell, at)];
		gap |= kind ? kind : GAP_WORDS;
	}
	/* "Following inspection in Nov 2012 - by June 2013": the first is another event's. */
	bool own = gap & GAP_DASH && timescale_cell_tag(cell, cell->points[i].begin - 1) == T_BY;
	if (gap & GAP_WORDS || (own && timescale_role_is_conditional(cell, &cell->points[i - 1])))
		return LINK_WORDS;
	if (gap & GAP_OPEN)
		return LINK_BRACKET;
	if (gap & GAP_TO || (gap & GAP_AND && is_between(cell, &cell->points[i - 1])))
		return LINK_RANGE;
	if (gap & GAP_DASH && !(gap & (GAP_LIST | GAP_AND)))
		return LINK_RANGE;
	if (gap & GAP_SLASH)
		return LINK_EITHER;
	if (gap & GAP_OR)
		return LINK_OR;
	return gap & (GAP_LIST | GAP_AND) ? LINK_LIST : LINK_NONE;
}

/* A year shape always has its year; a day of a list also lacks the month. */
static bool needs_year(const struct point *point)
{
	return point->year == 0;
}

static struct point with_year(const struct point *point, const struct point *lender, int year)
{
	struct point tried = *point;
	tried.year = year;
	tried.financial = lender->financial;
	if (tried.number == 0 && tried.shape == SHAPE_DAY)
		tried.number = lender->number;
	return tried;
}

/* "November – March 2022": the year before, where the lender's would put the cart first. */
static void lend_back(struct cell *cell, struct point *point, const struct point *lender)
{
	if (point->shape == SHAPE_DAY && point->number == 0 && lender->shape != SHAPE_DAY) {
		cell->fault = "A day without its month";
		return;
	}
	struct point tried = with_year(point, lender, lender->year);
	timescale_resolve(&tried, cell->basis);
	if (!tried.fault && date_compare(tried.first, lender->last) > 0) {
		tried = with_year(point, lender, lender->year - 1);
		timescale_resolve(&tried, cell->basis);
	}
	*point = tried;
}

static void lend_forward(struct cell *cell, struct point *point, const struct point *lender)
{
	struct point tried = with_year(point, lender, lender->year);
	if (lender->financial && point->shape != SHAPE_QUARTER)
		tried.financial = true;
	timescale_resolve(&tried, cell->basis);
	/* The months beside a quarter say which quarter it is, not the other way round. */
	bool quarter = lender->shape == SHAPE_QUARTER || lender->shape == SHAPE_HALF;
	if (!quarter && !tried.fault && date_compare(tried.last, lender->first) < 0) {
		tried = with_year(point, lender, lender->year + 1);
		timescale_resolve(&tried, cell->basis);
	}
	*point = tried;
	if (!quarter)
		timescale_cell_assume(cell, "A year was taken from the date before it");
}

static bool is_part_of_year(const struct point *point)
{
	return point->shape != SHAPE_YEAR && point->shape != SHAPE_YEARS &&
	       point->shape != SHAPE_FIN_YEAR && point->shape != SHAPE_ACADEMIC &&
	       point->shape != SHAPE_MUNICIPAL;
}

static bool is_every(const struct cell *cell, const struct point *point)
{
	return timescale_cell_tag(cell, point->begin - 1) == T_EVERY;
}

/* "the September Board": the month tells one meeting from the others. */
static bool is_attribute(const struct cell *cell, const struct point *point)
{
	const struct token *before = &cell->tokens.at[point->begin - 1];
	return before->tag == T_GLUE && before->value == GLUE_ARTICLE &&
	       timescale_cell_tag(cell, point->end) == T_STEP;
}

static void lend_years_back(struct cell *cell)
{
	for (int i = cell->point_count - 2; i >= 0; i--) {
		struct point *point = &cell->points[i];
		const struct point *lender = &cell->points[i + 1];
		bool lends = !needs_year(lender) && is_part_of_year(lender) && !lender->fault;
		if (!needs_year(point) || !lends || is_every(cell, point))
			continue;
		enum link link = cell->links[i + 1];
		bool months = point->shape == SHAPE_QUARTER && lender->shape != SHAPE_QUARTER;
		bool attribute = link == LINK_WORDS && is_attribute(cell, point);
		if (link == LINK_BRACKET || months || attribute)
			continue;
		lend_back(cell, point, lender);
		if (link == LINK_WORDS || link == LINK_NONE)
			timescale_cell_assume(cell, "A year was taken from the date after it");
	}
}

static void lend_years_forward(struct cell *cell)
{
	for (int i = 1; i < cell->point_count; i++) {
		struct point *point = &cell->points[i];
		const struct point *lender = &cell->points[i - 1];
		bool lends = !needs_year(lender) && is_part_of_year(lender) && !lender->fault;
		bool whole = !(point->shape == SHAPE_DAY && point->number == 0);
		bool joined = cell->links[i] != LINK_WORDS && cell->links[i] != LINK_NONE;
		joined &= point->shape != SHAPE_QUARTER || lender->shape == SHAPE_QUARTER;
		if (needs_year(point) && whole && lends && joined)
			lend_forward(cell, point, lender);
	}
}

static bool is_bare_year(const struct point *point)
{
	bool year = point->shape == SHAPE_YEAR || point->shape == SHAPE_FIN_YEAR;
	return year && point->part == PART_WHOLE && !point->fault;
}

/* "Sept INSET day 2014": a word or two between a month and its year. A capital would begin a title:
 * "in May Local Plan 2040". */
bool timescale_link_is_apart(
	const struct cell *cell, const struct point *month, const struct point *year)
{
	int words = year->begin - month->end;
	enum tag after = timescale_cell_tag(cell, year->end);
	bool ends = after == T_EDGE || (after >= T_COMMA && after <= T_CLOSE);
	if (!is_bare_year(year) || month->shape != SHAPE_MONTH || month->year || words < 1 ||
		words > WORDS_APART || !ends)
		return false;
	for (int at = month->end; at < year->begin; at++) {
		const struct token *token = &cell->tokens.at[at];
		bool word = token->tag == T_OTHER || token->tag == T_UNIT || token->tag == T_STEP ||
			    token->tag == T_APOSTROPHE;
		bool title = token->tag == T_OTHER && token->capital;
		if (!word || (title && at + 1 == year->begin))
			return false;
	}
	return true;
}

/* "Q1 (Apr-Jun) 2023/24": the year belongs to what stands before it. */
static bool gives_year(const struct cell *cell, int i)
{
	const struct point *year = &cell->points[i];
	const struct point *point = &cell->points[i - 1];
	if (!is_bare_year(year) || !needs_year(point) || is_every(cell, point))
		return false;
	for (int at = point->end; at < year->begin; at++) {
		enum tag tag = timescale_cell_tag(cell, at);
		if (tag != T_CLOSE && tag != T_OPEN && tag != T_COMMA && tag != T_GLUE &&
			tag != T_OF && tag != T_ONWARDS)
			return timescale_link_is_apart(cell, point, year);
	}
	return point->shape != SHAPE_DAY || point->number;
}

static void absorb_years(struct cell *cell)
{
	for (int i = 1; i < cell->point_count; i++) {
		if (!gives_year(cell, i))
			continue;
		struct point *point = &cell->points[i - 1];
		struct point was = *point;
		point->year = cell->points[i].year;
		point->financial = cell->points[i].financial;
		if (timescale_link_is_apart(cell, &was, &cell->points[i]))
			point->doubt = "A month was joined to a year some words away";
		for (int at = point->end; at < cell->points[i].begin; at++)
			point->open |= timescale_cell_tag(cell, at) == T_ONWARDS;
		point->end = cell->points[i].end;
		cell->point_count--;
		memmove(&cell->points[i], &cell->points[i + 1],
			(size_t)(cell->point_count - i) * sizeof(cell->points[0]));
	}
}

/* "October half term 2023": a month and a year that words keep apart may not be joined, and the
 * year alone would be wrong. */
static void refuse_apart(struct cell *cell)
{
	bool recurs = timescale_cell_has(cell, T_FREQUENCY) || timescale_cell_has(cell, T_EVERY);
	for (int i = 0; i < cell->point_count && !recurs; i++) {
		const struct point *point = &cell->points[i];
		bool after = i > 0 && is_bare_year(&cell->points[i - 1]);
		bool before = i + 1 < cell->point_count && is_bare_year(&cell->points[i + 1]);
		if (needs_year(point) && (after || before))
			cell->fault = "A month and a year stand apart";
	}
}

/* "Q3 2024/25 - Oct to Dec 2024": the dash explains, it does not join. */
static bool is_within_quarter(const struct point *quarter, const struct point *point)
{
	bool named = quarter->shape == SHAPE_QUARTER && point->shape <= SHAPE_MONTH;
	if (!named || needs_year(quarter) || needs_year(point))
		return false;
	return date_compare(point->first, quarter->first) >= 0 &&
	       date_compare(point->last, quarter->last) <= 0;
}

/* "Q1 2024 (calendar year)", "Calendar Q2 2022": the word must stand by the quarter or end a
 * phrase, not belong to "calendar days" or "the committee calendar". */
static bool names_calendar(const struct cell *cell)
{
	for (int at = 1; at < cell->tokens.end; at++) {
		const struct token *token = &cell->tokens.at[at];
		if (token->tag != T_CALENDAR)
			continue;
		bool days = token[1].tag == T_UNIT && token[1].value != 'Y';
		bool noun =
			token[1].tag == T_OTHER || token[1].tag == T_STEP || token[1].tag == T_OF;
		bool named = token[-1].tag == T_OTHER || token[-1].tag == T_STEP;
		/* "(calendar year basis)" */
		bool bracket = token[-1].tag == T_OPEN;
		if (!days && !named && (!noun || bracket))
			return true;
	}
	return false;
}

static struct quarter_basis basis_of(const struct cell *cell)
{
	const bool *seen = cell->tokens.seen;
	struct quarter_basis basis = { .quarters = cell->settings->quarters };
	bool financial = seen[T_FY] || seen[T_FINANCIAL];
	if (financial)
		basis.quarters = TIMESCALE_FINANCIAL;
	else if (seen[T_CALENDAR] && names_calendar(cell))
		basis = (struct quarter_basis){ TIMESCALE_CALENDAR, true };
	return basis;
}

void timescale_link(struct cell *cell)
{
	cell->basis = basis_of(cell);
	absorb_years(cell);
	cell->links[0] = LINK_WORDS;
	for (int i = 1; i < cell->point_count; i++)
		cell->links[i] = link_of(cell, i);
	for (int i = 0; i < cell->point_count; i++)
		if (!needs_year(&cell->points[i]))
			timescale_resolve(&cell->points[i], cell->basis);
	lend_years_back(cell);
	lend_years_forward(cell);
	refuse_apart(cell);
	for (int i = 1; i < cell->point_count; i++)
		if (is_within_quarter(&cell->points[i - 1], &cell->points[i]))
			cell->links[i] = LINK_BRACKET;
	for (int i = 0; i < cell->point_count; i++)
		if (cell->points[i].fault)
			cell->fault = cell->points[i].fault;
}
