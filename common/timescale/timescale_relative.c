/* Timescales that count from something else: "within six months", "Year 2", "next meeting". */
#include "common/timescale/timescale_relative.h"

#define COUNT_MOST 999

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

static bool is_count(const struct token *token)
{
	return token->tag == T_NUMBER && !token->ordinal && token->value > 0 &&
	       token->value <= COUNT_MOST && token->digits <= 3;
}

/* "6 months", "6-9 months" (the later counts), "12-month", "10 working days". */
static struct duration duration_at(const struct cell *cell, int at)
{
	const struct token *token = &cell->tokens.at[at];
	struct duration duration = { .begin = at };
	if (token->tag == T_PER && token[-1].tag == T_WITHIN)
		return (struct duration){ .count = 1, .unit = 'Y', .begin = at, .end = at + 1 };
	bool one = token->tag == T_GLUE && token[1].tag == T_UNIT && token[-1].tag == T_WITHIN;
	if (!is_count(token) && !one && !(token->tag == T_NUMBER && token->value == 0))
		return duration;
	int count = one ? 1 : token->value;
	token++;
	bool joins = token->tag == T_DASH || token->tag == T_TO || token->tag == T_OR ||
		     token->tag == T_SLASH;
	if (joins && is_count(&token[1])) {
		count = token[1].value;
		token += 2;
	}
	if (token->tag == T_DASH || token->tag == T_CALENDAR || token->tag == T_ONWARDS ||
		(token->tag == T_STEP && token[1].tag == T_UNIT) ||
		(token->tag == T_OTHER && token[1].tag == T_UNIT))
		token++;
	if (token->tag != T_UNIT || count == 0 || token[1].tag == T_NUMBER)
		return duration;
	duration.count = count;
	duration.unit = (char)token->value;
	duration.end = (int)(token - cell->tokens.at) + 1;
	return duration;
}

struct duration timescale_relative_duration(const struct cell *cell)
{
	struct duration duration = { 0 };
	if (!timescale_cell_has(cell, T_UNIT) && !timescale_cell_has(cell, T_PER))
		return duration;
	for (int at = 1; at < cell->tokens.end && !duration.count; at++)
		if (tag_at(cell, at - 1) != T_EVERY)
			duration = duration_at(cell, at);
	return duration;
}

const char *timescale_relative_period(struct cell *cell, struct duration duration)
{
	return arena_printf(cell->arena, "P%d%c", duration.count, duration.unit);
}

struct date timescale_relative_add(struct date date, struct duration duration)
{
	switch (duration.unit) {
	case 'Y':
		return date_add_months(date, 12 * duration.count);
	case 'M':
		return date_add_months(date, duration.count);
	case 'W':
		return date_add_days(date, 7 * duration.count);
	default:
		return date_add_days(date, duration.count);
	}
}

static bool is_year_number(const struct token *token)
{
	return token->tag == T_NUMBER && token->digits <= 1 && token->value >= 1 &&
	       token->value <= 9;
}

bool timescale_relative_years(const struct cell *cell, int *first, int *last)
{
	for (int at = 1; at < cell->tokens.end; at++) {
		const struct token *token = &cell->tokens.at[at];
		bool year =
			token->tag == T_UNIT && token->value == 'Y' && is_year_number(&token[1]);
		bool ordinal = token->tag == T_UNIT && token->value == 'Y' &&
			       token[-1].tag == T_NUMBER && token[-1].ordinal;
		if (!year && !ordinal)
			continue;
		*first = *last = year ? token[1].value : token[-1].value;
		bool joins = token[2].tag == T_DASH || token[2].tag == T_TO ||
			     token[2].tag == T_AND || token[2].tag == T_SLASH;
		if (year && joins && token[3].tag == T_UNIT && token[3].value == 'Y')
			token++;
		if (year && joins && is_year_number(&token[3]) && token[3].value > *first)
			*last = token[3].value;
		return true;
	}
	return false;
}

bool timescale_relative_is_now(const struct cell *cell)
{
	const struct token *first = &cell->tokens.at[1];
	bool now = cell->tokens.end == 2 && first->tag == T_REVISED && first->value == 1;
	return now || timescale_cell_has(cell, T_NOW);
}

bool timescale_relative_is_vague(const struct cell *cell)
{
	const bool *seen = cell->tokens.seen;
	if (seen[T_NEXT] || seen[T_THIS] || seen[T_HORIZON])
		return true;
	bool part =
		seen[T_END] || seen[T_MID] || seen[T_EARLY] || seen[T_LATE] || seen[T_BEGINNING];
	bool period = seen[T_UNIT] || seen[T_FY] || seen[T_ACADEMIC] || seen[T_MUNICIPAL] ||
		      seen[T_CALENDAR] || seen[T_FINANCIAL] || seen[T_TERM] || seen[T_QUARTER];
	return part && period && !cell->point_count;
}
