/* What the clause that leads to a point says: a record, a baseline, a decision, a start. */
#include "common/timescale/timescale_clause.h"

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

bool timescale_clause_parts(enum tag tag)
{
	return tag == T_EDGE || tag == T_SEMI || tag == T_BREAK || tag == T_COMMA || tag == T_DOT ||
	       tag == T_OPEN || tag == T_CLOSE || tag == T_DASH;
}

static bool is_word(enum tag tag)
{
	return tag == T_OTHER || tag == T_STEP || tag == T_PHASE || tag == T_GLUE || tag == T_OF ||
	       tag == T_DONE || tag == T_REVISED || tag == T_ORIGINAL || tag == T_DUE;
}

/* "by the Board", not "by June" */
static bool is_agent(const struct cell *cell, int at)
{
	if (tag_at(cell, at) != T_BY)
		return false;
	do
		at++;
	while (tag_at(cell, at) == T_GLUE);
	return tag_at(cell, at) == T_OTHER || tag_at(cell, at) == T_STEP;
}

/* The first token of the plain words that lead to a point, over "by", a colon or a dash. */
static int clause_begin(const struct cell *cell, const struct point *point)
{
	int at = point->begin - 1;
	while (tag_at(cell, at) == T_GLUE || tag_at(cell, at) == T_BY)
		at--;
	if (tag_at(cell, at) == T_COLON || tag_at(cell, at) == T_DASH)
		at--;
	while ((is_word(tag_at(cell, at)) || is_agent(cell, at)) &&
		!timescale_cell_holds_point(cell, at))
		at--;
	return at;
}

/* "last reviewed June 2020", "date of last review: June 2020"; not "last report due June 2020". */
static bool is_record(const struct cell *cell, const struct point *point)
{
	int begin = clause_begin(cell, point);
	const struct token *last = &cell->tokens.at[begin];
	if (last->tag != T_LAST || last->value != 1 || begin + 1 >= point->begin)
		return false;
	for (int at = begin + 1; at < point->begin; at++)
		if (tag_at(cell, at) == T_DUE || (tag_at(cell, at) == T_BY && !is_agent(cell, at)))
			return false;
	enum tag word = tag_at(cell, begin + 1);
	return word == T_DONE || word == T_STEP || word == T_REVISED || word == T_OTHER;
}

/* "on a 2018 baseline", "compared to 2018/19", "Baseline: 2019". */
static bool is_baseline(const struct cell *cell, const struct point *point)
{
	if (point->shape != SHAPE_YEAR && point->shape != SHAPE_FIN_YEAR &&
		point->shape != SHAPE_YEARS)
		return false;
	int at = point->begin - 1;
	while (tag_at(cell, at) == T_GLUE || tag_at(cell, at) == T_OF ||
		tag_at(cell, at) == T_COLON || tag_at(cell, at) == T_DASH ||
		tag_at(cell, at) == T_OPEN)
		at--;
	/* "compared with" points at the year after it only. */
	const struct token *after = &cell->tokens.at[point->end];
	return tag_at(cell, at) == T_BASELINE || (after->tag == T_BASELINE && after->value == 0);
}

/* "(revised from 30/06/2024)": the date left behind. */
static bool is_left_behind(const struct cell *cell, const struct point *point)
{
	return tag_at(cell, point->begin - 1) == T_FROM &&
	       tag_at(cell, point->begin - 2) == T_REVISED;
}

/* "Start on site: Sept 2025", "Start the main work by summer 2025". */
static bool is_start(const struct cell *cell, const struct point *point)
{
	int begin = clause_begin(cell, point);
	bool words = false;
	/* "Start of construction: Spring 2024" */
	if (tag_at(cell, begin) != T_START && tag_at(cell, begin) != T_BEGINNING)
		return false;
	for (int at = begin + 1; at < point->begin; at++) {
		enum tag tag = tag_at(cell, at);
		if (tag == T_DONE || tag == T_DUE)
			return false;
		words |= tag == T_OTHER || tag == T_STEP || tag == T_PHASE;
	}
	enum tag before = tag_at(cell, begin - 1);
	bool leads = timescale_clause_parts(before) || before == T_GLUE || before == T_WILL ||
		     before == T_TO || before == T_AND || before == T_COLON || before == T_UNSURE ||
		     before == T_DUE;
	return words && leads;
}

/* "approved by Cabinet 12 July 2016" */
static bool is_decided(const struct cell *cell, const struct point *point)
{
	for (int at = point->begin - 1; !timescale_clause_parts(tag_at(cell, at)); at--) {
		const struct token *token = &cell->tokens.at[at];
		if (timescale_cell_holds_point(cell, at) || token->tag == T_WILL ||
			token->tag == T_TO)
			return false;
		if (token->tag == T_STEP && token->value == 1)
			return tag_at(cell, at - 1) != T_WILL && tag_at(cell, at - 1) != T_TO;
	}
	return false;
}

unsigned timescale_clause_roles(
	const struct cell *cell, const struct point *point, bool single, unsigned roles)
{
	if (single && is_left_behind(cell, point))
		return ROLE_ORIGINAL | ROLE_RECORD;
	if (single && (is_record(cell, point) || is_baseline(cell, point)))
		roles |= ROLE_RECORD;
	if (is_decided(cell, point))
		roles |= ROLE_DECIDED;
	if (point->open)
		roles |= ROLE_FROM;
	if (is_start(cell, point))
		roles |= ROLE_START | (roles & ROLE_BY ? 0 : ROLE_FROM);
	return roles;
}
