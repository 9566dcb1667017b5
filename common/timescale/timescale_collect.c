/* Gathers the dated points of a whole timescale and refuses numbers that it cannot place. */
#include "common/timescale/timescale_collect.h"

#include "common/timescale/timescale_link.h"
#include "common/timescale/timescale_number.h"

static const bool may_begin[T_TAGS] = { [T_NUMBER] = true,
	[T_MONTH] = true,
	[T_WEEKDAY] = true,
	[T_SEASON] = true,
	[T_FEAST] = true,
	[T_QUARTER] = true,
	[T_HALF] = true,
	[T_UNIT] = true,
	[T_FY] = true,
	[T_FINANCIAL] = true,
	[T_ACADEMIC] = true,
	[T_MUNICIPAL] = true,
	[T_CALENDAR] = true,
	[T_APOSTROPHE] = true,
	[T_END] = true,
	[T_BEGINNING] = true,
	[T_MID] = true,
	[T_EARLY] = true,
	[T_LATE] = true,
	[T_LAST] = true,
	[T_WEEK_FROM] = true,
	[T_WEEK_TO] = true };

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

/* A date that needs no words around it: "12/06/2014"; after a clear gap also "23/24", "3/2024". */
static bool begins_date(const struct cell *cell, int at, bool apart)
{
	struct point point = { .begin = at };
	if (timescale_number_day_at(&cell->tokens, at, &point))
		return true;
	return apart && timescale_point_at(&cell->tokens, at, NULL, &point) &&
	       (point.year || point.shape != SHAPE_DAY || point.number);
}

/* "3", "3.2", "1-3", "2 and 4" after "phase" or "year": no dates. */
static int skip_numbers(const struct cell *cell, int at)
{
	while (tag_at(cell, at) == T_NUMBER && cell->tokens.at[at].digits <= 2) {
		enum tag sign = tag_at(cell, ++at);
		bool joins = sign == T_DOT || sign == T_DASH || sign == T_AND || sign == T_COMMA ||
			     sign == T_TO || sign == T_SLASH;
		int next = at + joins;
		const struct token *token = &cell->tokens.at[next];
		bool more = token->tag == T_NUMBER && token->digits <= 2 && token[1].tag != T_MONTH;
		if (!more || begins_date(cell, next, !joins || sign == T_COMMA))
			return at;
		at = next;
	}
	return at;
}

/* "Phase 1 March 2023": the 1 counts the phase. */
static int skip_phase(struct cell *cell, int at)
{
	const struct token *number = &cell->tokens.at[at + 1];
	if (number->tag == T_DOT)
		number++;
	int begin = (int)(number - cell->tokens.at);
	bool counts = number->tag == T_NUMBER && number->digits <= 2 && number->value <= 20 &&
		      !number->ordinal;
	bool day = number[1].tag == T_MONTH && number->value > 9;
	if (!counts || day || begins_date(cell, begin, false))
		return at + 1;
	int end = skip_numbers(cell, begin);
	if (tag_at(cell, end) == T_MONTH)
		timescale_cell_assume(cell, "A number beside a name was not read as a day");
	return end;
}

/* "Year 2", "Years 1-3", "Y1". "Year 2023" is a year. */
static int skip_plan_year(const struct cell *cell, int at)
{
	const struct token *number = &cell->tokens.at[at + 1];
	bool counts = number->tag == T_NUMBER && number->digits <= 1 && !number->ordinal;
	return counts ? skip_numbers(cell, at + 1) : at;
}

static int skip_money(const struct cell *cell, int at)
{
	at++;
	while (tag_at(cell, at) == T_NUMBER ||
		(tag_at(cell, at) == T_COMMA && tag_at(cell, at + 1) == T_NUMBER) ||
		(tag_at(cell, at) == T_DOT && tag_at(cell, at + 1) == T_NUMBER))
		at++;
	return at;
}

/* "1)", "2." and "3 -" that number the lines of a cell. */
static int skip_marker(const struct cell *cell, int at)
{
	enum tag before = tag_at(cell, at - 1);
	const struct token *number = &cell->tokens.at[at];
	bool follows = cell->point_count && cell->points[cell->point_count - 1].end == at;
	bool opens = before == T_EDGE || before == T_BREAK || before == T_SEMI || follows ||
		     (before == T_OPEN && number[1].tag == T_CLOSE);
	if (!opens || number->tag != T_NUMBER || number->digits > 2 || number->value > 20 ||
		number->ordinal)
		return at;
	if (number[1].tag == T_CLOSE)
		return at + 2;
	bool spaced = number[2].start > number[1].end;
	bool dot = number[1].tag == T_DOT && spaced;
	bool dash = number[1].tag == T_DASH && spaced && number[1].start > number->end;
	if (number[2].tag == T_NUMBER)
		return dot && begins_date(cell, at + 2, true) ? at + 2 : at;
	return dot || dash ? at + 2 : at;
}

/* Tokens at `at` that hold no date although they hold a number; `at` when there are none. */
static int skip_counts(struct cell *cell, int at)
{
	const struct token *token = &cell->tokens.at[at];
	if (token->tag == T_PHASE)
		return skip_phase(cell, at);
	if (token->tag == T_POUND)
		return skip_money(cell, at);
	if (token->tag == T_UNIT && token->value == 'Y')
		return skip_plan_year(cell, at);
	/* "two weeks late - 14 June": not late in June */
	bool delay = (token->tag == T_LATE || token->tag == T_EARLY) && token[-1].tag == T_UNIT;
	if (delay)
		return at + 1;
	return token->tag == T_NUMBER ? skip_marker(cell, at) : at;
}

/* "3 year programme 2006-2009": the years are as many as were counted. */
static bool is_counted_span(const struct cell *cell, const struct point *point)
{
	const struct token *word = &cell->tokens.at[point->begin - 1];
	if (point->shape != SHAPE_YEARS || point->begin < 4 || word[-1].tag != T_UNIT)
		return false;
	const struct token *count = word - 2 - (word[-2].tag == T_DASH);
	int years = point->last_year - point->year;
	return word[-1].value == 'Y' && count->tag == T_NUMBER &&
	       (count->value == years || count->value == years + 1);
}

/* "the 2023/24 budget" and "Corporate Plan 2022-26" name a thing; they promise no date. */
static bool is_name(const struct cell *cell, const struct point *point)
{
	bool year = point->shape == SHAPE_YEAR || point->shape == SHAPE_YEARS ||
		    point->shape == SHAPE_FIN_YEAR || point->shape == SHAPE_ACADEMIC;
	if (!year || point->part != PART_WHOLE)
		return false;
	enum tag before = tag_at(cell, point->begin - 1);
	enum tag after = tag_at(cell, point->end);
	if (cell->point_count &&
		timescale_link_is_apart(cell, &cell->points[cell->point_count - 1], point))
		return false;
	if (is_counted_span(cell, point) || before == T_BY || before == T_UNTIL ||
		before == T_BEFORE || before == T_THROUGHOUT)
		return false;
	/* "BS 5837:2012" */
	const struct token *token = &cell->tokens.at[point->begin];
	bool glued = before == T_COLON && token[-1].end == token->start;
	return glued || before == T_OTHER || before == T_RECESS || after == T_OTHER ||
	       after == T_PHASE;
}

/* "Spending Review 2021" may be a name, "Review 2024" is not. */
static bool is_titled(const struct cell *cell, const struct point *point)
{
	bool year = point->shape == SHAPE_YEAR && point->part == PART_WHOLE;
	return year && tag_at(cell, point->begin - 1) == T_STEP &&
	       tag_at(cell, point->begin - 2) == T_OTHER;
}

/* "Adopted 2019" may tell of what is past; "to be adopted 2019" does not. */
static bool is_decided(const struct cell *cell, const struct point *point)
{
	const struct token *word = &cell->tokens.at[point->begin - 1];
	bool year = point->shape == SHAPE_YEAR || point->shape == SHAPE_FIN_YEAR;
	return year && word->tag == T_STEP && word->value == 1 && word[-1].tag != T_WILL &&
	       word[-1].tag != T_TO;
}

static bool is_time(const struct token *token)
{
	if (token->tag != T_NUMBER)
		return false;
	bool clock = (token[1].tag == T_COLON || token[1].tag == T_DOT) && token[2].tag == T_NUMBER;
	return clock || (token[1].tag == T_OTHER && token[1].start == token->end);
}

static bool is_glued_sign(const struct token *token)
{
	bool sign = token->tag == T_DASH || token->tag == T_SLASH || token->tag == T_DOT;
	return sign && token[1].tag == T_NUMBER && token[1].start == token->end;
}

/* "April 20 - 24, 2020" is written in the American order. */
static bool is_american(const struct token *after)
{
	bool day = after->tag == T_DASH && after[1].tag == T_NUMBER && after[1].digits <= 2;
	return day && after[2].tag == T_COMMA && after[3].tag == T_NUMBER && after[3].digits == 4;
}

static bool has_number_after(const struct cell *cell, const struct point *point)
{
	const struct token *after = &cell->tokens.at[point->end];
	bool glued = is_glued_sign(after);
	if (point->shape == SHAPE_MONTH && is_american(after))
		return true;
	after += glued;
	bool count = after[1].tag == T_UNIT || after[1].tag == T_PERCENT ||
		     after[1].tag == T_CLOSE || after[1].tag == T_FREQUENCY;
	if (after->tag != T_NUMBER || (!glued && (count || is_time(after))))
		return false;
	struct point next;
	int at = (int)(after - cell->tokens.at);
	bool marker = after[1].tag == T_DOT && after[2].start > after[1].end;
	return !marker && !timescale_point_at(&cell->tokens, at, point, &next);
}

static bool is_glued(const struct token *a, const struct token *b)
{
	return a->end == b->start;
}

/* "2lst March 2024" and "XX/03/2024": part of the day is lost. */
static bool has_broken_day(const struct cell *cell, const struct point *point)
{
	const struct token *before = &cell->tokens.at[point->begin - 1];
	bool number = before->tag == T_OTHER && before[-1].tag == T_NUMBER &&
		      is_glued(&before[-1], before);
	/* "l6 March", "!6 March" */
	bool mark = before->tag == T_OTHER && before->end - before->start == 1 &&
		    before[1].tag == T_NUMBER && is_glued(before, &before[1]);
	/* "Ju1y 2019", were it not known as a month */
	bool year = before->end - before->start == 1 && before->tag >= T_OTHER &&
		    before[-1].tag == T_NUMBER && before[-2].tag == T_OTHER &&
		    is_glued(&before[-1], before) && is_glued(&before[-2], &before[-1]);
	bool figures = before[1].tag == T_NUMBER && point->shape == SHAPE_MONTH &&
		       is_glued(before, &before[1]);
	return number || mark || year ||
	       (figures && before->tag == T_SLASH && before[-1].tag == T_OTHER);
}

/* A number that stands beside a point unread may change what the point means. */
static bool has_stray_number(const struct cell *cell, const struct point *point, int floor)
{
	const struct token *before = &cell->tokens.at[point->begin - 1];
	bool sign = before->tag == T_DASH || before->tag == T_SLASH || before->tag == T_DOT;
	if (sign && before[-1].tag == T_NUMBER && is_glued(&before[-1], before))
		before--;
	bool count = before->tag == T_NUMBER && before - cell->tokens.at >= floor;
	return count || has_number_after(cell, point) || has_broken_day(cell, point);
}

static void add_point(struct cell *cell, const struct point *point)
{
	if (cell->point_count == TIMESCALE_POINTS) {
		cell->fault = "More dates than a timescale can hold";
		return;
	}
	cell->points[cell->point_count++] = *point;
	if (point->fault && !cell->fault)
		cell->fault = point->fault;
}

/* floor: the first token after the last point or skipped count. */
static int take_point(struct cell *cell, int at, int floor)
{
	struct point point;
	const struct point *previous =
		cell->point_count ? &cell->points[cell->point_count - 1] : NULL;
	if (!may_begin[tag_at(cell, at)] ||
		!timescale_point_at(&cell->tokens, at, previous, &point))
		return at;
	if (is_name(cell, &point)) {
		cell->name_only = true;
		return point.end;
	}
	if (is_titled(cell, &point))
		point.doubt = "The year may be part of a name";
	if (is_decided(cell, &point))
		point.doubt = "The year may be when this was decided";
	if (has_stray_number(cell, &point, floor))
		cell->fault = "A number beside the date could not be placed";
	add_point(cell, &point);
	return point.end;
}

/* "September 24" and nothing else may be a day. "Sept 24" and "Sep-24" are how years are cut. */
static void doubt_year(struct cell *cell)
{
	struct point *point = &cell->points[0];
	const struct token *month = &cell->tokens.at[1];
	if (cell->point_count != 1 || point->end != 3 || cell->tokens.end != 3 ||
		point->shape != SHAPE_MONTH)
		return;
	bool whole = month->end - month->start > 4 && month[1].start > month->end;
	if (whole && month[1].digits == 2 && month[1].value <= 31 && !point->doubt)
		point->doubt = "Two digits after a month were read as a year";
}

void timescale_collect(struct cell *cell)
{
	int at = 1;
	int floor = 1;
	while (at < cell->tokens.end) {
		int next = skip_counts(cell, at);
		if (next == at)
			next = take_point(cell, at, floor);
		if (next > at)
			floor = next;
		at = next > at ? next : at + 1;
	}
	doubt_year(cell);
}
