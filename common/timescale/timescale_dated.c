/* Decides what the dated spans of a timescale promise. */
#include "common/timescale/timescale_dated.h"

#include "common/timescale/timescale_count.h"
#include "common/timescale/timescale_drop.h"
#include "common/timescale/timescale_label.h"
#include "common/timescale/timescale_recur.h"
#include "common/timescale/timescale_relative.h"
#include "common/timescale/timescale_role.h"
#include "common/timescale/timescale_span.h"
#include "common/timescale/timescale_status.h"

#define WORDS_WITHOUT_DOUBT 3

static enum timescale_precision precision_of(const struct point *point)
{
	static const enum timescale_precision precisions[] = { [SHAPE_DAY] = TIMESCALE_BY_DAY,
		[SHAPE_MONTH] = TIMESCALE_BY_MONTH,
		[SHAPE_QUARTER] = TIMESCALE_BY_QUARTER,
		[SHAPE_HALF] = TIMESCALE_BY_HALF,
		[SHAPE_SEASON] = TIMESCALE_BY_SEASON,
		[SHAPE_TERM] = TIMESCALE_BY_SEASON,
		[SHAPE_FEAST] = TIMESCALE_BY_DAY,
		[SHAPE_YEAR] = TIMESCALE_BY_YEAR,
		[SHAPE_YEARS] = TIMESCALE_BY_YEAR,
		[SHAPE_FIN_YEAR] = TIMESCALE_BY_YEAR,
		[SHAPE_ACADEMIC] = TIMESCALE_BY_YEAR,
		[SHAPE_MUNICIPAL] = TIMESCALE_BY_YEAR };
	return precisions[point->shape];
}

static enum timescale_kind kind_of(const struct span *span)
{
	static const enum timescale_kind kinds[] = { [SHAPE_DAY] = TIMESCALE_DATE,
		[SHAPE_MONTH] = TIMESCALE_MONTH,
		[SHAPE_QUARTER] = TIMESCALE_QUARTER,
		[SHAPE_HALF] = TIMESCALE_RANGE,
		[SHAPE_SEASON] = TIMESCALE_SEASON,
		[SHAPE_TERM] = TIMESCALE_SEASON,
		[SHAPE_FEAST] = TIMESCALE_DATE,
		[SHAPE_YEAR] = TIMESCALE_YEAR,
		[SHAPE_YEARS] = TIMESCALE_RANGE,
		[SHAPE_FIN_YEAR] = TIMESCALE_FIN_YEAR,
		[SHAPE_ACADEMIC] = TIMESCALE_YEAR,
		[SHAPE_MUNICIPAL] = TIMESCALE_YEAR };
	if (span->quarter)
		return TIMESCALE_QUARTER;
	return span->from != span->to || span->lasts ? TIMESCALE_RANGE : kinds[span->from->shape];
}

/* "01/11/2013 ACTUAL 16/12/13": planned, then done. */
static void split_completed(struct cell *cell)
{
	struct span *last = NULL;
	int plain = 0;
	for (int i = 0; i < cell->span_count; i++) {
		struct span *span = &cell->spans[i];
		if (span->dropped)
			continue;
		last = span;
		plain += !(span->roles & (ROLE_DONE | ROLE_ACTUAL)) && !span->start_only;
	}
	bool done = last && last->roles & (ROLE_DONE | ROLE_ACTUAL);
	if (!done || plain != 1 || timescale_span_live(cell) != 2 ||
		timescale_cell_has(cell, T_PHASE))
		return;
	last->dropped = true;
	cell->out->completed_on = last->due;
	cell->out->status_hint = "complete";
}

/* Sets the start from the first "from"; such spans promise no end. */
static void take_starts(struct cell *cell)
{
	for (int i = 0; i < cell->span_count; i++) {
		struct span *span = &cell->spans[i];
		if (span->dropped || !span->start_only)
			continue;
		span->dropped = true;
		if (!date_is_set(cell->out->starts_on))
			cell->out->starts_on = span->start;
	}
}

/* "Start April 2022, complete March 2023": two orders. */
static bool is_order(const struct cell *cell, const struct span *span)
{
	return span->roles & ROLE_DONE_BARE && timescale_cell_has(cell, T_START);
}

static bool all_done(const struct cell *cell)
{
	bool any = false;
	for (int i = 0; i < cell->span_count; i++) {
		const struct span *span = &cell->spans[i];
		if (span->dropped)
			continue;
		bool done = span->roles & (ROLE_DONE | ROLE_ACTUAL) && !is_order(cell, span);
		if (!done && !span->start_only)
			return false;
		any |= done;
	}
	return any;
}

static void add_deadline(struct cell *cell, struct date due_on, const char *label)
{
	struct timescale *out = cell->out;
	int at = out->deadline_count;
	while (at > 0 && date_compare(out->deadlines[at - 1].due_on, due_on) > 0) {
		out->deadlines[at] = out->deadlines[at - 1];
		at--;
	}
	out->deadlines[at] = (struct timescale_deadline){ .label = label, .due_on = due_on };
	out->deadline_count++;
}

static const struct span *add_deadlines(struct cell *cell, int live)
{
	struct timescale *out = cell->out;
	const struct span *latest = NULL;
	out->deadlines = arena_alloc(cell->arena, (size_t)live * sizeof(out->deadlines[0]));
	for (int i = 0; i < cell->span_count; i++) {
		const struct span *span = &cell->spans[i];
		if (span->dropped)
			continue;
		add_deadline(cell, span->due, live > 1 ? timescale_label(cell, i) : NULL);
		if (!latest || date_compare(span->due, latest->due) >= 0)
			latest = span;
		bool earlier = !date_is_set(out->starts_on) ||
			       date_compare(span->start, out->starts_on) < 0;
		if (date_is_set(span->start) && earlier)
			out->starts_on = span->start;
		if (latest != span || live == 1 ||
			cell->links[span->from - cell->points] != LINK_NONE)
			continue;
		timescale_cell_assume(cell, "Two dates stand side by side; both were kept");
	}
	out->due_on = out->deadlines[live - 1].due_on;
	return latest;
}

/* "Report November 2022, implementation from April 2023": the later start has no end here. */
static void settle_start(struct cell *cell)
{
	struct timescale *out = cell->out;
	if (!date_is_set(out->starts_on) || date_compare(out->starts_on, out->due_on) <= 0)
		return;
	out->starts_on = DATE_NONE;
	out->continues = true;
	timescale_cell_assume(cell, "A start after the last deadline was left out");
}

static void note_roles(struct cell *cell, unsigned roles)
{
	if (roles & ROLE_UNSURE)
		timescale_cell_assume(cell, "The date was published as uncertain or conditional");
	if (roles & ROLE_DONE_EVENT)
		timescale_cell_assume(cell, "The date was read as the day when this was done");
	if (timescale_span_has_role(cell, ROLE_START))
		timescale_cell_assume(cell, "The words ask only that the work starts by then");
	if (roles & ROLE_DONE_BARE)
		timescale_cell_assume(cell, "\"Complete\" was read as a status");
	if (roles & ROLE_ONGOING)
		timescale_cell_assume(cell, "\"Ongoing\" stands before the date");
	if (roles & ROLE_ORIGINAL)
		timescale_cell_assume(cell, "The date was published as superseded");
}

/* Words that no rule here understands make an officer look. */
static void note_words(struct cell *cell, unsigned roles, int live)
{
	int words = 0;
	for (int at = 1; at < cell->tokens.end; at++)
		words += timescale_cell_tag(cell, at) == T_OTHER;
	if (words > WORDS_WITHOUT_DOUBT * live)
		timescale_cell_assume(cell, "The words around the date were not read");
	const bool *seen = cell->tokens.seen;
	if (seen[T_NOT] || seen[T_CONDITION] || seen[T_AFTER] || seen[T_SEE])
		timescale_cell_assume(cell, "The words around the date may limit it");
	if (timescale_status_mentions_done(cell) && !(roles & ROLE_DONE) && !cell->out->status_hint)
		timescale_cell_assume(cell, "The cell also speaks of something completed");
	if (seen[T_REVISED] && !(roles & (ROLE_REVISED | ROLE_DONE)))
		timescale_cell_assume(cell, "The words speak of a change");
	if (seen[T_CANCELLED] || seen[T_HOLD])
		timescale_cell_assume(cell, "The work may not go ahead");
	if (seen[T_IN_TIME])
		timescale_cell_assume(cell, "\"In time for\" was read as due by then");
	if (seen[T_TBC])
		timescale_cell_assume(cell, "The date was published as not yet agreed");
}

static unsigned all_roles(const struct cell *cell)
{
	unsigned roles = 0;
	for (int i = 0; i < cell->span_count; i++)
		roles |= cell->spans[i].roles;
	return roles;
}

/* "Completed – approved by Cabinet 14 March 2023": the date explains the status. */
static bool opens_done(const struct cell *cell, unsigned roles)
{
	const bool *seen = cell->tokens.seen;
	enum tag after = timescale_cell_tag(cell, 2);
	int point = cell->points[0].begin;
	bool clause = after == T_DOT || after == T_DASH || after == T_COMMA || after == T_BREAK ||
		      after == T_SEMI;
	/* "Completed ahead of schedule (target March 2013)" */
	bool target = timescale_cell_tag(cell, point - 1) == T_DUE &&
		      timescale_cell_tag(cell, point - 2) == T_OPEN;
	bool later = seen[T_NEXT] || seen[T_WILL] || seen[T_ONGOING] || seen[T_PHASE];
	return (target || (clause && !(roles & ROLE_BY))) && !later &&
	       timescale_role_is_done(cell, 1) && !(roles & (ROLE_UNTIL | ROLE_FROM));
}

static void set_status(struct cell *cell, bool done)
{
	struct timescale *out = cell->out;
	if (done)
		out->status_hint = "complete";
	else if (!out->status_hint)
		out->status_hint = timescale_status_hint(cell);
}

static bool start_only(struct cell *cell)
{
	struct timescale *out = cell->out;
	if (!date_is_set(out->starts_on))
		return false;
	out->kind = TIMESCALE_ONGOING;
	out->rule = "start_only";
	out->recurs = timescale_recur(cell);
	set_status(cell, false);
	if (all_roles(cell) & ROLE_START)
		timescale_cell_assume(cell, "The date was read as the start of the work");
	note_words(cell, all_roles(cell), 1);
	return true;
}

static void set_kind(struct cell *cell, const struct span *latest, int live, bool done)
{
	struct timescale *out = cell->out;
	out->kind = kind_of(latest);
	out->precision = precision_of(latest->to);
	if (date_is_set(out->starts_on) && latest->from == latest->to &&
		!date_is_set(latest->start))
		out->kind = TIMESCALE_RANGE;
	bool whole = out->kind != TIMESCALE_RANGE && out->kind != TIMESCALE_FIN_YEAR;
	if (live > 1 || (out->continues && whole))
		out->kind = TIMESCALE_MILESTONES;
	if (done || date_is_set(out->completed_on))
		out->kind = TIMESCALE_COMPLETE;
	bool within = timescale_cell_has(cell, T_WITHIN) || timescale_cell_has(cell, T_NEXT) ||
		      latest->counted;
	struct duration duration = timescale_relative_duration(cell);
	if (within && duration.count && live == 1 && duration.begin < latest->from->begin) {
		out->kind = TIMESCALE_RELATIVE;
		timescale_cell_assume(cell, timescale_relative_period(cell, duration));
	}
	out->rule = timescale_kind_name(out->kind);
}

bool timescale_dated(struct cell *cell)
{
	struct timescale *out = cell->out;
	timescale_count(cell);
	timescale_drop(cell);
	split_completed(cell);
	bool done = all_done(cell);
	unsigned roles = all_roles(cell);
	take_starts(cell);
	int live = timescale_span_live(cell);
	if (live == 0)
		return start_only(cell);
	const struct span *latest = add_deadlines(cell, live);
	settle_start(cell);
	out->recurs = timescale_recur(cell);
	bool rhythm = out->recurs && latest->from == latest->to && !(roles & ROLE_UNTIL) &&
		      latest->from->shape != SHAPE_YEARS;
	bool also_ongoing = timescale_cell_has(cell, T_ONGOING) &&
			    !(roles & (ROLE_ONGOING | ROLE_FROM | ROLE_CONTINUES));
	if (also_ongoing)
		timescale_cell_assume(cell, "The words also speak of ongoing work");
	/* "Monthly to March 2023" is plain; "Quarterly reports to March 2025" is less so. */
	int before = latest->from->begin - 1;
	if (out->recurs && timescale_cell_tag(cell, before) == T_TO &&
		timescale_cell_tag(cell, before - 1) != T_FREQUENCY)
		timescale_cell_assume(cell, "What comes round was read as ending on this date");
	out->continues |= roles & ROLE_CONTINUES || rhythm || also_ongoing;
	if (!done && live == 1 && opens_done(cell, roles)) {
		done = true;
		timescale_cell_assume(cell, "The date was read as part of what was completed");
	}
	set_status(cell, done);
	set_kind(cell, latest, live, done);
	note_roles(cell, roles);
	note_words(cell, roles, live);
	return true;
}
