/* Points written in figures only: 31/03/24, 2024-03-31, 03/2024. */
#include "common/timescale/timescale_number.h"

static bool is_sign(enum tag tag)
{
	return tag == T_SLASH || tag == T_DASH || tag == T_DOT;
}

static bool is_short(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits >= 1 && token->digits <= 2;
}

static bool is_long(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits == 4;
}

static void set_day(struct point *out, int year, int month, int day)
{
	out->shape = SHAPE_DAY;
	out->year = year;
	out->number = month;
	out->day = day;
	if (year < 1990 || year > 2099 || !date_is_valid(year, month, day))
		out->fault = "This day does not exist in UK order (day, month, year)";
}

/* "00:00:00" and "T00:00:00" after a date that came out of a spreadsheet. */
static int skip_time(const struct tokens *tokens, int at)
{
	const struct token *token = &tokens->at[at];
	if (token->tag == T_OTHER && token->end - token->start == 1)
		token++;
	if (!is_short(token) || token[1].tag != T_COLON || !is_short(&token[2]))
		return at;
	token += 3;
	if (token->tag == T_COLON && is_short(&token[1]))
		token += 2;
	return (int)(token - tokens->at);
}

/* Three figures, a, b and c, that end before token `end`. */
static bool triple(const struct tokens *tokens, const struct token *a, const struct token *b,
	const struct token *c, struct point *out)
{
	int end = (int)(c - tokens->at) + 1;
	bool same = is_sign((enum tag)c[1].tag) && c[1].tag == b[1].tag;
	bool longer = same && c[1].start == c->end && c[2].tag == T_NUMBER;
	if (longer)
		return false;
	out->end = skip_time(tokens, end);
	if (is_long(a) && is_short(b) && is_short(c)) {
		set_day(out, a->value, b->value, c->value);
		return true;
	}
	if (!is_short(a) || !is_short(b) || !(is_short(c) || is_long(c)))
		return false;
	/* "1.2.10" and "3.2.1" number paragraphs. */
	bool dots = b[1].tag == T_DOT;
	if (dots && c->digits <= 2 && (c->digits == 1 || a->digits + b->digits == 2))
		return false;
	if (c->digits == 1)
		return false;
	set_day(out, is_long(c) ? c->value : 2000 + c->value, b->value, a->value);
	return true;
}

bool timescale_number_day_at(const struct tokens *tokens, int at, struct point *out)
{
	const struct token *a = &tokens->at[at];
	if (a->tag != T_NUMBER || a->ordinal)
		return false;
	if (is_sign((enum tag)a[1].tag) && a[2].tag == T_NUMBER && a[3].tag == a[1].tag)
		return triple(tokens, a, &a[2], &a[4], out);
	bool spaced = a->digits == 2 && a[1].digits == 2 && is_short(a) && is_short(&a[1]) &&
		      is_long(&a[2]);
	return spaced && triple(tokens, a, &a[1], &a[2], out);
}

bool timescale_number_month_at(const struct tokens *tokens, int at, struct point *out)
{
	const struct token *a = &tokens->at[at];
	const struct token *b = &a[2];
	bool glued = is_sign((enum tag)a[1].tag) && a[1].start == a->end && b->start == a[1].end;
	bool longer = is_sign((enum tag)b[1].tag) && b[1].start == b->end && b[2].tag == T_NUMBER;
	if (!glued || longer || b[1].tag == T_MONTH)
		return false;
	bool year_first = is_long(a) && b->tag == T_NUMBER && b->digits == 2 && a[1].tag != T_DOT;
	bool four = is_short(a) && is_long(b);
	bool two = is_short(a) && a[1].tag == T_SLASH && b->tag == T_NUMBER && b->digits == 2 &&
		   b->value > 12 && b->value != a->value + 1;
	if (!year_first && !four && !two)
		return false;
	int month = year_first ? b->value : a->value;
	int year = year_first ? a->value : (four ? b->value : 2000 + b->value);
	if (month < 1 || month > 12 || year < 1990 || year > 2099)
		return false;
	out->shape = SHAPE_MONTH;
	out->number = month;
	out->year = year;
	out->end = at + 3;
	if (two)
		out->doubt = "Two figures were read as month and year";
	return true;
}
