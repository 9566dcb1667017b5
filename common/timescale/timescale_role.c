/* What the words around a point make of it: a start, a deadline, a date done, another's date. */
#include "common/timescale/timescale_role.h"

#include "common/timescale/timescale_clause.h"

static const unsigned before_roles[T_TAGS] = { [T_BY] = ROLE_BY,
	[T_IN_TIME] = ROLE_BY,
	[T_FROM] = ROLE_FROM,
	[T_NOT_BEFORE] = ROLE_FROM,
	[T_STARTED] = ROLE_FROM,
	[T_START] = ROLE_FROM,
	[T_UNTIL] = ROLE_UNTIL,
	[T_TO] = ROLE_UNTIL,
	[T_BEFORE] = ROLE_BEFORE,
	[T_ACTUAL] = ROLE_ACTUAL,
	[T_REVISED] = ROLE_REVISED,
	[T_ORIGINAL] = ROLE_ORIGINAL,
	[T_UNSURE] = ROLE_UNSURE,
	[T_EVERY] = ROLE_EVERY,
	[T_ONGOING] = ROLE_ONGOING,
	[T_THROUGHOUT] = ROLE_THROUGHOUT,
	[T_NAMELY] = ROLE_NAMELY,
	[T_DUE] = ROLE_BY };

static const bool passes[T_TAGS] = { [T_GLUE] = true,
	[T_OF] = true,
	[T_DASH] = true,
	[T_COLON] = true,
	[T_OPEN] = true,
	[T_DONE] = true,
	[T_WILL] = true,
	[T_WEEKDAY] = true,
	[T_AND] = true,
	[T_THEN] = true,
	[T_END] = true,
	[T_APOSTROPHE] = true,
	[T_IN_PROGRESS] = true,
	[T_DITTO] = true,
	[T_SLASH] = true,
	[T_PACE] = true,
	[T_TBC] = true };

static enum tag tag_at(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}

/* "Last completed", "the finalised scheme": no report of this work. */
static bool is_attribute(const struct cell *cell, int at)
{
	const struct token *before = &cell->tokens.at[at - 1];
	if (before->tag == T_LAST)
		return before->value == 1;
	enum tag after = tag_at(cell, at + 1);
	bool article = before->tag == T_GLUE && before->value == GLUE_ARTICLE;
	return article && (after == T_OTHER || after == T_STEP);
}

static bool is_not_yet(const struct cell *cell, int at)
{
	enum tag tag = tag_at(cell, at);
	if (tag == T_PERCENT)
		return cell->tokens.at[at - 1].value != 100;
	return tag == T_WILL || tag == T_TO || tag == T_NOT || tag == T_PARTLY || tag == T_DUE ||
	       tag == T_CONDITION || tag == T_BY || tag == T_WITHIN || tag == T_UNSURE;
}

/* "completed by June" promises; "completed by the policy team" reports. */
static bool has_deadline(const struct cell *cell, int at)
{
	enum tag tag = tag_at(cell, at);
	if (tag == T_WITHIN || tag == T_UNTIL || tag == T_BEFORE || tag == T_NEXT)
		return true;
	if (tag != T_BY)
		return false;
	do
		tag = tag_at(cell, ++at);
	while (tag == T_GLUE || tag == T_OF);
	return tag != T_OTHER && tag != T_STEP && tag != T_PHASE;
}

/* "Finalised report within 2 months": the object stands between. */
static bool sets_deadline(const struct cell *cell, int at)
{
	enum tag tag = tag_at(cell, at);
	while (tag == T_OTHER || tag == T_STEP || tag == T_PHASE || tag == T_GLUE || tag == T_OF)
		tag = tag_at(cell, ++at);
	return has_deadline(cell, at);
}

bool timescale_role_is_done(const struct cell *cell, int at)
{
	if (tag_at(cell, at) != T_DONE)
		return false;
	int before = at - 1;
	while (tag_at(cell, before) == T_GLUE || tag_at(cell, before) == T_OF)
		before--;
	if (is_not_yet(cell, before) || sets_deadline(cell, at + 1) || is_attribute(cell, at))
		return false;
	/* "complete the strategy" is an order. */
	enum tag after = tag_at(cell, at + 1);
	bool object = after == T_OTHER || after == T_GLUE || after == T_STEP || after == T_PHASE;
	int value = cell->tokens.at[at].value;
	return value == DONE_PAST || value == DONE_EVENT || !object;
}

/* "One officer appointed July 2004 (second post being advertised)": the work goes on. */
static bool says_more(const struct cell *cell, int at)
{
	for (at++; at < cell->tokens.end; at++) {
		enum tag tag = tag_at(cell, at);
		if (!passes[tag] && !timescale_clause_parts(tag) &&
			!timescale_cell_holds_point(cell, at))
			return true;
	}
	return false;
}

static unsigned done_roles(const struct cell *cell, int at)
{
	int value = cell->tokens.at[at].value;
	if (!timescale_role_is_done(cell, at) || value == DONE_WEAK)
		return 0;
	if (value == DONE_EVENT)
		return says_more(cell, at) ? 0 : ROLE_DONE | ROLE_DONE_EVENT;
	return value == DONE_PAST ? ROLE_DONE : ROLE_DONE | ROLE_DONE_BARE;
}

/* "Procurement complete March 2023" sets a target. */
static bool is_step_done(const struct cell *cell, int at)
{
	enum tag before = tag_at(cell, at - 1);
	bool step = before == T_OTHER || before == T_STEP || before == T_NUMBER;
	return step && cell->tokens.at[at].value == DONE_BARE;
}

/* A comma or a full stop parts clauses, save "Est. March", "Completed, March". */
static bool passes_stop(const struct cell *cell, int at)
{
	enum tag before = tag_at(cell, at - 1);
	if (tag_at(cell, at) == T_DOT)
		return before == T_UNSURE;
	return tag_at(cell, at) == T_COMMA && (before == T_DONE || before == T_ONGOING);
}

/* "Completed 4 months late, Oct 2014": back from the comma to "completed", else `at`. */
static int skip_pace(const struct cell *cell, int at)
{
	enum tag tag = tag_at(cell, at);
	int word = at - (tag == T_COMMA || tag == T_DASH || tag == T_OPEN);
	tag = tag_at(cell, word);
	if (tag != T_LATE && tag != T_EARLY && tag != T_PACE && tag != T_LATE_STATUS)
		return at;
	word--;
	if (tag_at(cell, word) == T_UNIT)
		word -= 1 + (tag_at(cell, word - 1) == T_NUMBER);
	return tag_at(cell, word) == T_DONE ? word : at;
}

static unsigned roles_before(const struct cell *cell, const struct point *point)
{
	const unsigned deadline = ROLE_BY | ROLE_UNTIL | ROLE_BEFORE;
	unsigned roles = 0;
	for (int at = point->begin - 1; at > 0 && !timescale_cell_holds_point(cell, at); at--) {
		at = skip_pace(cell, at);
		enum tag tag = tag_at(cell, at);
		if (!before_roles[tag] && !passes[tag] && !passes_stop(cell, at))
			break;
		/* "now complete: March 2022" revises nothing. */
		if (tag == T_REVISED && roles & ROLE_DONE)
			continue;
		if (tag == T_DONE && !(roles & deadline))
			roles |= is_step_done(cell, at) ? 0 : done_roles(cell, at);
		else
			roles |= before_roles[tag];
	}
	return roles;
}

static bool is_noun(enum tag tag)
{
	return tag == T_OTHER || tag == T_STEP;
}

bool timescale_role_is_conditional(const struct cell *cell, const struct point *point)
{
	for (int at = point->begin - 1; !timescale_clause_parts(tag_at(cell, at)); at--) {
		enum tag tag = tag_at(cell, at);
		if (timescale_cell_holds_point(cell, at))
			return false;
		/* "By when: March" heads a column. */
		bool heading = tag == T_CONDITION && tag_at(cell, at + 1) == T_COLON;
		/* "in time for September 2020", but "for the May 2023 elections" */
		bool occasion = tag == T_IN_TIME && is_noun(tag_at(cell, point->end));
		if ((tag == T_CONDITION && !heading) || occasion || tag == T_AFTER ||
			tag == T_SEE || tag == T_HOLD)
			return true;
	}
	/* "post-May 2023" */
	return tag_at(cell, point->begin - 1) == T_DASH &&
	       tag_at(cell, point->begin - 2) == T_AFTER;
}

static bool skips_after(enum tag tag)
{
	return tag == T_DASH || tag == T_COLON || tag == T_COMMA || tag == T_OPEN ||
	       tag == T_CLOSE || tag == T_DOT || tag == T_GLUE || tag == T_AND || tag == T_SEMI ||
	       tag == T_BREAK || tag == T_SLASH || tag == T_TO || tag == T_WILL;
}

/* Whether the word at `at` introduces the next point ("…, revised to June 2023"). */
static bool leads_on(const struct cell *cell, int at)
{
	for (at++; at < cell->tokens.end; at++) {
		enum tag tag = tag_at(cell, at);
		if (timescale_cell_holds_point(cell, at))
			return true;
		if (tag == T_CLOSE || tag == T_SEMI || tag == T_BREAK ||
			(!passes[tag] && !before_roles[tag]))
			return false;
	}
	return false;
}

static unsigned ongoing_after(const struct cell *cell, int begin, int at)
{
	bool dash = false;
	bool joined = false;
	for (int i = begin; i < at; i++) {
		enum tag tag = tag_at(cell, i);
		dash |= tag == T_DASH || tag == T_TO;
		joined |= tag == T_AND || tag == T_COMMA || tag == T_OPEN || tag == T_SLASH ||
			  tag == T_THEN;
	}
	return dash && !joined ? ROLE_FROM : ROLE_CONTINUES;
}

/* "Oct 2023 – TBC": a start whose end is open. */
static bool is_dash_only(const struct cell *cell, int begin, int at)
{
	for (int i = begin; i < at; i++)
		if (tag_at(cell, i) != T_DASH && tag_at(cell, i) != T_TO)
			return false;
	return begin < at;
}

static bool ends_clause(enum tag tag)
{
	return timescale_clause_parts(tag) || tag == T_ONGOING || tag == T_AND || tag == T_GLUE ||
	       tag == T_THEN || tag == T_QUESTION || tag == T_SLASH;
}

static unsigned word_after(const struct cell *cell, int begin, int at)
{
	switch (tag_at(cell, at)) {
	case T_DONE:
		return ends_clause(tag_at(cell, at + 1)) ? done_roles(cell, at) : 0;
	case T_ONWARDS:
	case T_NOT_BEFORE:
		return ROLE_FROM;
	case T_ONGOING:
		return ongoing_after(cell, begin, at);
	case T_THEN:
		return ROLE_CONTINUES;
	case T_UNTIL:
		return tag_at(cell, at + 1) == T_ONGOING ? ROLE_FROM : 0;
	case T_TBC:
		return is_dash_only(cell, begin, at) ? ROLE_FROM | ROLE_UNSURE : ROLE_UNSURE;
	case T_START:
		return timescale_clause_parts(tag_at(cell, at + 1)) ? ROLE_FROM : 0;
	case T_QUESTION:
	case T_UNSURE:
	case T_CONDITION:
		return ROLE_UNSURE;
	case T_REVISED:
		return ROLE_REVISED;
	case T_ORIGINAL:
		return ROLE_ORIGINAL;
	case T_ACTUAL:
		return ROLE_ACTUAL;
	default:
		return 0;
	}
}

static unsigned roles_after(const struct cell *cell, const struct point *point)
{
	int at = point->end;
	while (skips_after(tag_at(cell, at)) && !timescale_cell_holds_point(cell, at))
		at++;
	if (tag_at(cell, at) == T_REVISED && tag_at(cell, at + 1) == T_DONE)
		at++;
	if (timescale_cell_holds_point(cell, at) || leads_on(cell, at))
		return 0;
	return word_after(cell, point->end, at);
}

unsigned timescale_role(const struct cell *cell, const struct point *from, const struct point *to)
{
	unsigned roles = roles_before(cell, from) | roles_after(cell, to);
	if (timescale_role_is_conditional(cell, from))
		roles |= ROLE_CONDITION;
	return timescale_clause_roles(cell, from, from == to, roles);
}
