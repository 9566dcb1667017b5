/* The words before a point that say which part of it is meant: "end of", "mid-", "w/c". */
#include "common/timescale/timescale_part.h"

#define WORDS_MOST 4

static enum tag tag_at(const struct tokens *tokens, int at)
{
	return (enum tag)tokens->at[at].tag;
}

static int skip_glue(const struct tokens *tokens, int at)
{
	enum tag tag = tag_at(tokens, at);
	while (tag == T_GLUE || tag == T_OF || tag == T_DASH || tag == T_COLON)
		tag = tag_at(tokens, ++at);
	return at;
}

static bool is_unit(const struct tokens *tokens, int at, int unit)
{
	return tag_at(tokens, at) == T_UNIT && tokens->at[at].value == unit;
}

static bool is_position(enum tag tag)
{
	return tag == T_EARLY || tag == T_MID || tag == T_LATE || tag == T_END;
}

/* After "end": "of the", "of month", "of year". */
static int after_end(const struct tokens *tokens, int at)
{
	at = skip_glue(tokens, at);
	bool period = is_unit(tokens, at, 'M') || is_unit(tokens, at, 'Y');
	bool quarter = tag_at(tokens, at) == T_QUARTER && tag_at(tokens, at + 1) != T_NUMBER;
	if (!period && !quarter)
		return at;
	at = skip_glue(tokens, at + 1);
	return tag_at(tokens, at) == T_COMMA ? at + 1 : at;
}

/* "year end 2023/24", "month-end March", "financial year ending March 2024". */
static int period_end(const struct tokens *tokens, int at, struct point *out)
{
	enum tag tag = tag_at(tokens, at);
	bool year =
		is_unit(tokens, at, 'Y') || tag == T_FY || tag == T_ACADEMIC || tag == T_MUNICIPAL;
	if (!year && !is_unit(tokens, at, 'M') && tag != T_QUARTER)
		return at;
	int next = at + 1;
	if (tag_at(tokens, next) == T_DASH)
		next++;
	if (tag_at(tokens, next) != T_END)
		return at;
	next = after_end(tokens, next + 1);
	out->part = PART_END;
	if (tag == T_ACADEMIC || tag == T_MUNICIPAL || !year)
		return next;
	const struct token *token = &tokens->at[next];
	bool alone = token->tag == T_NUMBER && token->digits == 4 && token[1].tag != T_SLASH &&
		     token[1].tag != T_DASH && token[1].tag != T_TO;
	if (alone)
		out->fault = "A year end with one year could be the calendar's or the council's";
	return next;
}

static int week(const struct tokens *tokens, int at, struct point *out)
{
	enum tag tag = tag_at(tokens, at);
	if (tag == T_WEEK_FROM || tag == T_WEEK_TO) {
		out->part = tag == T_WEEK_FROM ? PART_WEEK_FROM : PART_WEEK_TO;
		return skip_glue(tokens, at + 1);
	}
	const struct token *token = &tokens->at[at];
	if (is_unit(tokens, at, 'W') && token[1].tag == T_OF && token[2].tag == T_NUMBER) {
		out->part = PART_WEEK_FROM;
		return at + 2;
	}
	bool ordinal = token->tag == T_NUMBER && token->ordinal && token->value <= 4;
	bool last = token->tag == T_LAST;
	if ((ordinal || last) && token[1].tag == T_WEEKDAY) {
		out->part = PART_WEEKDAY;
		out->day = last ? 5 : token->value;
		out->weekday = token[1].value;
		return skip_glue(tokens, at + 2);
	}
	if ((!ordinal && !last) || token[1].tag != T_UNIT)
		return at;
	if (token[1].value == 'W')
		out->part = last ? PART_END : (enum part)(PART_FIRST_WEEK + token->value - 1);
	else if (token[1].value == 'D')
		out->part = last ? PART_END : PART_START;
	else
		return at;
	return skip_glue(tokens, at + 2);
}

/* "early", "early to mid", "mid-": the later word counts. */
static int position(const struct tokens *tokens, int at, struct point *out)
{
	static const enum part parts[T_TAGS] = { [T_EARLY] = PART_EARLY,
		[T_MID] = PART_MID,
		[T_LATE] = PART_LATE,
		[T_END] = PART_END,
		[T_BEGINNING] = PART_START };
	enum tag tag = tag_at(tokens, at);
	out->part = parts[tag];
	at = after_end(tokens, at + 1);
	enum tag next = tag_at(tokens, at);
	bool joins = next == T_TO || next == T_SLASH || next == T_AND || next == T_OR;
	return joins && is_position(tag_at(tokens, at + 1)) ? at + 1 : at;
}

static int one_part(const struct tokens *tokens, int at, struct point *out)
{
	enum tag tag = tag_at(tokens, at);
	if (is_position(tag) || tag == T_BEGINNING)
		return position(tokens, at, out);
	int next = week(tokens, at, out);
	return next > at ? next : period_end(tokens, at, out);
}

int timescale_part_at(const struct tokens *tokens, int at, struct point *out)
{
	for (int words = 0; words < WORDS_MOST; words++) {
		int next = one_part(tokens, at, out);
		if (next == at)
			break;
		at = next;
	}
	return at;
}
