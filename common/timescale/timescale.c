/* Reads a published timescale: tokens, then points, then spans, then what they promise. */
#include "common/timescale.h"

#include <string.h>

#include "common/timescale/timescale_cell.h"
#include "common/timescale/timescale_collect.h"
#include "common/timescale/timescale_dated.h"
#include "common/timescale/timescale_link.h"
#include "common/timescale/timescale_say.h"
#include "common/timescale/timescale_span.h"
#include "common/timescale/timescale_undated.h"

static const struct timescale_settings default_settings = { .quarters = TIMESCALE_FINANCIAL };

static void refuse(struct cell *cell, const char *why, const char *rule)
{
	cell->assumption_count = 0;
	timescale_cell_assume(cell, why);
	cell->out->kind = TIMESCALE_UNKNOWN;
	cell->out->confidence = TIMESCALE_UNREADABLE;
	cell->out->rule = rule;
}

/* "TBC - likely March 2023": a guess is not a promise. */
static bool is_undecided(const struct cell *cell)
{
	if (!timescale_cell_has(cell, T_TBC) || !cell->span_count)
		return false;
	for (int at = 1; at < cell->spans[0].from->begin; at++)
		if (timescale_cell_tag(cell, at) == T_TBC && cell->tokens.at[at].value == 0)
			return true;
	return false;
}

static void decide(struct cell *cell)
{
	timescale_collect(cell);
	if (!cell->fault)
		timescale_link(cell);
	if (!cell->fault)
		timescale_span(cell);
	if (cell->fault) {
		refuse(cell, cell->fault, "fault");
		return;
	}
	if (is_undecided(cell)) {
		refuse(cell, "No date has been agreed", "undecided");
		return;
	}
	if (!cell->span_count || !timescale_dated(cell)) {
		timescale_undated(cell);
		return;
	}
	cell->out->confidence = cell->assumption_count ? TIMESCALE_ASSUMED : TIMESCALE_CERTAIN;
}

static void keep_assumptions(struct cell *cell)
{
	struct timescale *out = cell->out;
	size_t bytes = (size_t)cell->assumption_count * sizeof(cell->assumptions[0]);
	out->assumption_count = cell->assumption_count;
	if (!bytes)
		return;
	out->assumptions = arena_alloc(cell->arena, bytes);
	memcpy(out->assumptions, cell->assumptions, bytes);
	if (out->confidence == TIMESCALE_CERTAIN)
		out->confidence = TIMESCALE_ASSUMED;
}

void timescale_read(struct arena *arena, const char *text,
	const struct timescale_settings *settings, struct timescale *out)
{
	struct cell cell;
	size_t length = strnlen(text, TIMESCALE_TEXT_BYTES + 1);
	*out = (struct timescale){ .text = text };
	cell.arena = arena;
	cell.settings = settings ? settings : &default_settings;
	cell.out = out;
	cell.point_count = cell.span_count = cell.assumption_count = 0;
	cell.fault = NULL;
	cell.name_only = false;
	if (length > TIMESCALE_TEXT_BYTES || !timescale_lex(text, length, &cell.tokens))
		refuse(&cell, "The text is too long for a timescale", "too_long");
	else
		decide(&cell);
	keep_assumptions(&cell);
	out->reading = timescale_say(arena, out);
}

const char *timescale_kind_name(enum timescale_kind kind)
{
	static const char *const names[] = { "date", "month", "range", "quarter", "season", "year",
		"fin_year", "milestones", "ongoing", "complete", "relative", "conditional",
		"unknown" };
	return names[kind];
}

const char *timescale_precision_name(enum timescale_precision precision)
{
	static const char *const names[] = { "none", "day", "month", "quarter", "half", "season",
		"year" };
	return names[precision];
}

const char *timescale_confidence_name(enum timescale_confidence confidence)
{
	static const char *const names[] = { "certain", "assumed", "unreadable" };
	return names[confidence];
}
