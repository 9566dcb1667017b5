/* Finds the dated points of a timescale: "end of March 2022", "Q3 2024/25", "31/03/24". */
#include "common/timescale/timescale_point.h"

#include "common/timescale/timescale_name.h"
#include "common/timescale/timescale_number.h"
#include "common/timescale/timescale_part.h"
#include "common/timescale/timescale_year.h"

#define LISTED_DAYS_MOST 6

static enum tag tag_at(const struct tokens *tokens, int at)
{
	return (enum tag)tokens->at[at].tag;
}

static bool is_day(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits >= 1 && token->digits <= 2 &&
	       token->value >= 1 && token->value <= 31;
}

static bool is_list_sign(enum tag tag)
{
	return tag == T_DASH || tag == T_TO || tag == T_AND || tag == T_COMMA || tag == T_SLASH ||
	       tag == T_OR;
}

/* Checks the day against its month, in a leap year when the year is not known. */
static void check_day(struct point *out)
{
	int year = out->year ? out->year : 2000;
	if (out->financial && out->number < 4)
		year++;
	if (!date_is_valid(year, out->number, out->day))
		out->fault = "This day does not exist";
}

/* The month of "31 March", "31st of March", "31-Mar"; 0 = the number is no day. */
static int month_after(const struct tokens *tokens, int at)
{
	enum tag tag = tag_at(tokens, at + 1);
	int next = at + 1;
	while (tag == T_OF || tag == T_DOT || tag == T_DASH || tag == T_SLASH || tag == T_GLUE) {
		if (next > at + 2)
			return 0;
		tag = tag_at(tokens, ++next);
	}
	if (tag != T_MONTH)
		return 0;
	/* "1. March 2023" is the first of a list; "31.Mar.24" is a day. */
	bool marker =
		tag_at(tokens, at + 1) == T_DOT && tokens->at[next].start > tokens->at[at + 1].end;
	return marker ? 0 : next;
}

/* "1 - March 2022" with spaces is a numbered line, not the first of March. */
static bool is_spaced_dash(const struct tokens *tokens, int at)
{
	const struct token *dash = &tokens->at[at + 1];
	return dash->tag == T_DASH && dash->start > tokens->at[at].end && dash[1].start > dash->end;
}

static void doubt_month(const struct token *month, struct point *out)
{
	if (month->doubtful)
		out->doubt = TIMESCALE_NAME_DOUBT;
}

static bool day_at(const struct tokens *tokens, int at, struct point *out)
{
	if (!is_day(&tokens->at[at]))
		return false;
	int month = month_after(tokens, at);
	if (!month || is_spaced_dash(tokens, at))
		return false;
	out->shape = SHAPE_DAY;
	out->day = tokens->at[at].value;
	out->number = tokens->at[month].value;
	out->end = month + 1;
	doubt_month(&tokens->at[month], out);
	timescale_name_take_year(tokens, out);
	check_day(out);
	return true;
}

/* "12" of "12-14 June 2023" and "5" of "5, 12 and 19 June": the month comes from what follows. */
static bool listed_day_at(const struct tokens *tokens, int at, struct point *out)
{
	int next = at;
	for (int days = 0; days < LISTED_DAYS_MOST && is_day(&tokens->at[next]); days++) {
		if (month_after(tokens, next) && !is_spaced_dash(tokens, next) && next > at) {
			out->shape = SHAPE_DAY;
			out->day = tokens->at[at].value;
			out->end = at + 1;
			return true;
		}
		if (!is_list_sign(tag_at(tokens, next + 1)))
			return false;
		next += 2;
	}
	return false;
}

/* "March 24th", "March 24, 2023", "March 24 2023". */
static bool month_day_at(const struct tokens *tokens, int at, struct point *out)
{
	int first = tag_at(tokens, at + 1) == T_DOT ? at + 2 : at + 1;
	const struct token *day = &tokens->at[first];
	if (tag_at(tokens, at) != T_MONTH || !is_day(day))
		return false;
	int next = first + 1 + (tag_at(tokens, first + 1) == T_COMMA);
	const struct token *year = &tokens->at[next];
	bool dated = year->tag == T_NUMBER && year->digits == 4 && day->end < year->start;
	if (!day->ordinal && !dated && day->digits != 1)
		return false;
	if (timescale_year_is_claimed(tokens, first))
		return false;
	out->shape = SHAPE_DAY;
	out->day = day->value;
	out->number = tokens->at[at].value;
	doubt_month(&tokens->at[at], out);
	out->end = first + 1;
	if (dated)
		timescale_name_take_year(tokens, out);
	check_day(out);
	return true;
}

/* "& 2" of "Q1 & 2": the number takes the name of the point before it. */
static bool repeated_quarter_at(
	const struct tokens *tokens, int at, const struct point *previous, struct point *out)
{
	const struct token *token = &tokens->at[at];
	if (!previous || previous->shape != SHAPE_QUARTER || previous->year ||
		!is_list_sign(token[-1].tag))
		return false;
	bool fits = token->tag == T_NUMBER && !token->ordinal && token->digits <= 1 &&
		    token->value >= 1 && token->value <= 4;
	if (previous->end != at - 1 || !fits || token[1].tag == T_MONTH || token[1].tag == T_UNIT)
		return false;
	out->shape = SHAPE_QUARTER;
	out->number = token->value;
	out->end = at + 1;
	timescale_name_take_year(tokens, out);
	return true;
}

/* "2025/26 Q3", "2023 Quarter 2", "2023 March": a year that a name follows. */
static void take_name(const struct tokens *tokens, struct point *out)
{
	enum tag tag = tag_at(tokens, out->end);
	int at = out->end;
	bool sign = tag == T_COMMA || tag == T_DASH || tag == T_SLASH || tag == T_COLON ||
		    tag == T_OPEN;
	struct point named = { .begin = out->begin };
	if (!timescale_name_at(tokens, at + (sign ? 1 : 0), &named) || named.year)
		return;
	bool loose = named.shape == SHAPE_MONTH || named.shape == SHAPE_SEASON ||
		     named.shape == SHAPE_TERM;
	if (named.shape == SHAPE_FEAST || (loose && sign) ||
		(tag == T_OPEN && tag_at(tokens, named.end) != T_CLOSE))
		return;
	enum tag after = tag_at(tokens, named.end);
	/* "2023 Q1 - Q2 2024" and "2023 – March" are two points. */
	if (loose && (after == T_DASH || after == T_TO || after == T_NUMBER))
		return;
	named.year = out->year;
	named.financial = out->financial;
	named.doubt = out->doubt;
	named.end += tag == T_OPEN;
	*out = named;
}

static bool year_at(const struct tokens *tokens, int at, struct point *out)
{
	out->end = at;
	timescale_name_from_year(tokens, at, out);
	if (out->end == at)
		return false;
	if (out->shape == SHAPE_YEAR && timescale_number_month_at(tokens, at, out))
		return true;
	if (out->shape == SHAPE_YEAR || out->shape == SHAPE_FIN_YEAR)
		take_name(tokens, out);
	return true;
}

static bool number_at(
	const struct tokens *tokens, int at, const struct point *previous, struct point *out)
{
	return timescale_number_day_at(tokens, at, out) || day_at(tokens, at, out) ||
	       listed_day_at(tokens, at, out) || repeated_quarter_at(tokens, at, previous, out) ||
	       year_at(tokens, at, out) || timescale_number_month_at(tokens, at, out) ||
	       timescale_name_at(tokens, at, out);
}

/* "Monday", "Monday," and "Mon the" before a day. */
static int skip_weekday(const struct tokens *tokens, int at, struct point *out)
{
	if (tag_at(tokens, at) != T_WEEKDAY)
		return at;
	out->weekday = tokens->at[at].value;
	at++;
	while (tag_at(tokens, at) == T_COMMA || tag_at(tokens, at) == T_GLUE ||
		tag_at(tokens, at) == T_DOT)
		at++;
	return at;
}

static bool base_at(
	const struct tokens *tokens, int at, const struct point *previous, struct point *out)
{
	at = skip_weekday(tokens, at, out);
	enum tag tag = tag_at(tokens, at);
	if (tag == T_NUMBER || tag == T_APOSTROPHE)
		return number_at(tokens, at, previous, out);
	if (month_day_at(tokens, at, out))
		return true;
	/* "may" and "march" are verbs too. */
	bool verb = tag == T_MONTH && !tokens->at[at].capital &&
		    (tokens->at[at].value == 5 || tokens->at[at].value == 3);
	if (!timescale_name_at(tokens, at, out))
		return false;
	if (out->shape == SHAPE_FIN_YEAR || out->shape == SHAPE_YEAR)
		take_name(tokens, out);
	return !verb || out->year || tag_at(tokens, out->end) != T_OTHER;
}

/* "first half of March 2023" is half a month, not half a year. */
static bool half_month_at(const struct tokens *tokens, int at, struct point *out)
{
	const struct token *token = &tokens->at[at];
	bool half = token->ordinal && token->value <= 2 && token[1].tag == T_HALF;
	int next = at + 2;
	while (tag_at(tokens, next) == T_OF || tag_at(tokens, next) == T_GLUE)
		next++;
	if (!half || tag_at(tokens, next) != T_MONTH || !timescale_name_at(tokens, next, out))
		return false;
	out->part = token->value == 1 ? PART_FIRST_HALF : PART_SECOND_HALF;
	return true;
}

bool timescale_point_at(
	const struct tokens *tokens, int at, const struct point *previous, struct point *out)
{
	*out = (struct point){ .begin = at };
	if (half_month_at(tokens, at, out))
		return true;
	int base = timescale_part_at(tokens, at, out);
	if (!base_at(tokens, base, previous, out))
		return false;
	bool week = out->part == PART_WEEK_FROM || out->part == PART_WEEK_TO;
	if (out->part == PART_WEEKDAY)
		return out->shape == SHAPE_MONTH;
	if (out->weekday && out->shape != SHAPE_DAY)
		return false;
	if (week && out->shape != SHAPE_DAY)
		out->fault = "A week was named without its day";
	if (!week && out->shape == SHAPE_DAY)
		out->part = PART_WHOLE;
	return true;
}
