/* Years as councils write them: 2023, '23, 2023/24, 2022 to 23, 202223, 2023-27. */
#include "common/timescale/timescale_year.h"

#define FIRST_YEAR 1990
#define LAST_YEAR 2099
#define LONGEST_SPAN_YEARS 30

static bool is_four_digits(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits == 4 && token->value >= FIRST_YEAR &&
	       token->value <= LAST_YEAR && !token->ordinal;
}

/* "8" of "2007/8": the next year's last digit. */
static bool is_next_digit(const struct token *first, const struct token *second)
{
	return second->tag == T_NUMBER && second->digits == 1 && !second->ordinal &&
	       second->value == (first->value + 1) % 10;
}

static bool is_two_digits(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits == 2 && !token->ordinal;
}

static bool joins(enum tag tag)
{
	return tag == T_DASH || tag == T_SLASH || tag == T_TO;
}

bool timescale_year_is_claimed(const struct tokens *tokens, int at)
{
	const struct token *next = &tokens->at[at + 1];
	if (next->tag == T_OF && next[1].tag == T_MONTH)
		return true;
	bool count = next->tag == T_UNIT && next->value != 'Y';
	if (next->tag == T_MONTH || next->tag == T_PERCENT || count)
		return true;
	bool sign = next->tag == T_SLASH || next->tag == T_DOT || next->tag == T_DASH;
	/* A dash with a space may part two dates; a number glued on makes a longer figure. */
	bool glued = sign && next->start == tokens->at[at].end && next[1].start == next->end;
	/* "2019/20-2021/22" joins two years. */
	bool year = next->tag == T_DASH && is_four_digits(&next[1]);
	return glued && !year && (next[1].tag == T_NUMBER || next[1].tag == T_MONTH);
}

/* "2007/8", "2007-8". */
static bool one_digit_second(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	const struct token *first = &tokens->at[at];
	bool glued = first[1].start == first->end && first[2].start == first[1].end;
	if (first[1].tag == T_TO || !glued || !is_next_digit(first, &first[2]) ||
		timescale_year_is_claimed(tokens, at + 2))
		return false;
	out->kind = YEAR_FINANCIAL;
	out->last = out->first + 1;
	out->end = at + 3;
	if (context == YEAR_ALONE)
		out->doubt = "One digit after a year was read as the next year's";
	return true;
}

/* "2023/24", "2023-25", "2022 to 23". */
static bool short_second(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	const struct token *first = &tokens->at[at];
	const struct token *second = &tokens->at[at + 2];
	if (second->tag == T_APOSTROPHE)
		second++;
	if (!is_two_digits(second) || timescale_year_is_claimed(tokens, (int)(second - tokens->at)))
		return false;
	if (context == YEAR_AFTER_MONTH && first[1].tag == T_TO)
		return false;
	int years = (second->value - first->value % 100 + 100) % 100;
	if (years == 0 || years > LONGEST_SPAN_YEARS || (years > 1 && context != YEAR_ALONE))
		return false;
	out->kind = years == 1 ? YEAR_FINANCIAL : YEAR_SPAN;
	out->last = out->first + years;
	out->end = (int)(second - tokens->at) + 1;
	return true;
}

/* "2025/2026", "2023-2027". */
static bool long_second(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	const struct token *second = &tokens->at[at + 2];
	if (!is_four_digits(second) || timescale_year_is_claimed(tokens, at + 2))
		return false;
	int years = second->value - out->first;
	bool slash = tokens->at[at + 1].tag == T_SLASH;
	if (years < 1 || years > LONGEST_SPAN_YEARS)
		return false;
	if (context == YEAR_AFTER_MONTH && !(slash && years == 1))
		return false;
	if (years > 1 && context == YEAR_AFTER_NAME)
		return false;
	out->kind = years == 1 ? YEAR_FINANCIAL : YEAR_SPAN;
	out->last = second->value;
	out->end = at + 3;
	if (years == 1 && !slash)
		out->doubt = "Two years joined by a dash were read as one financial year";
	return true;
}

static bool four_digits(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	out->kind = YEAR_CALENDAR;
	out->first = out->last = tokens->at[at].value;
	out->end = at + 1;
	if (!joins((enum tag)tokens->at[at + 1].tag))
		return true;
	if (short_second(tokens, at, context, out) || long_second(tokens, at, context, out) ||
		one_digit_second(tokens, at, context, out))
		return true;
	return true;
}

/* "23/24", and "23" after a name. */
static bool two_digits(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	const struct token *first = &tokens->at[at];
	out->first = out->last = 2000 + first->value;
	bool sign = first[1].tag == T_SLASH || first[1].tag == T_DASH;
	bool pair = sign && is_two_digits(&first[2]) &&
		    first[2].value == (first->value + 1) % 100 &&
		    !timescale_year_is_claimed(tokens, at + 2);
	/* "11/12" alone could be a day in December. */
	if (pair && (context != YEAR_ALONE || first[2].value > 12)) {
		out->kind = YEAR_FINANCIAL;
		out->last = out->first + 1;
		out->end = at + 3;
		return true;
	}
	/* "Jan 24-Jun 24" and "Nov 22/Dec 22" join two months. */
	bool month_to_month = context == YEAR_AFTER_MONTH && sign && first[2].tag == T_MONTH;
	if (context == YEAR_ALONE || (!month_to_month && timescale_year_is_claimed(tokens, at)))
		return false;
	out->kind = YEAR_CALENDAR;
	out->end = at + 1;
	return true;
}

/* "202223": 2022/23 whose slash was lost when a PDF became a page. */
static bool six_digits(const struct tokens *tokens, int at, struct year *out)
{
	int first = tokens->at[at].value / 100;
	int second = tokens->at[at].value % 100;
	if (first < FIRST_YEAR || first > LAST_YEAR || second != (first + 1) % 100)
		return false;
	*out = (struct year){
		.kind = YEAR_FINANCIAL, .first = first, .last = first + 1, .end = at + 1
	};
	out->doubt = "Six digits were read as a financial year whose slash was lost";
	return true;
}

bool timescale_year_at(
	const struct tokens *tokens, int at, enum year_context context, struct year *out)
{
	if (tokens->at[at].tag == T_APOSTROPHE) {
		at++;
		context = context == YEAR_ALONE ? YEAR_AFTER_NAME : context;
	}
	const struct token *token = &tokens->at[at];
	*out = (struct year){ .end = at };
	if (is_four_digits(token))
		return four_digits(tokens, at, context, out);
	if (is_two_digits(token))
		return two_digits(tokens, at, context, out);
	return token->tag == T_NUMBER && token->digits == 6 && six_digits(tokens, at, out);
}
