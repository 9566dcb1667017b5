/* Decides what a timescale without a date of its own says. */
#include "common/timescale/timescale_undated.h"

#include "common/timescale/timescale_recur.h"
#include "common/timescale/timescale_relative.h"
#include "common/timescale/timescale_status.h"

#define NAME_ONLY "A year was seen only as part of a name"

static bool has(const struct cell *cell, enum tag tag)
{
	return timescale_cell_has(cell, tag);
}

static bool answer(struct cell *cell, enum timescale_kind kind,
	enum timescale_confidence confidence, const char *rule)
{
	cell->out->kind = kind;
	cell->out->confidence = confidence;
	cell->out->rule = rule;
	return true;
}

static bool blank(struct cell *cell)
{
	for (int at = 1; at < cell->tokens.end; at++) {
		enum tag tag = timescale_cell_tag(cell, at);
		if (tag < T_DASH || tag > T_OR || tag == T_QUESTION || tag == T_PERCENT)
			return false;
	}
	timescale_cell_assume(cell, "The cell holds no words");
	return answer(cell, TIMESCALE_UNKNOWN, TIMESCALE_UNREADABLE, "blank");
}

static bool is_doubted(const struct cell *cell)
{
	for (int at = 1; at < cell->tokens.end; at++)
		if (timescale_cell_tag(cell, at) == T_QUESTION)
			return at == 1 || timescale_cell_tag(cell, at - 1) != T_OTHER;
	return false;
}

static bool undecided(struct cell *cell)
{
	bool ongoing = has(cell, T_ONGOING) && timescale_cell_tag(cell, 1) == T_ONGOING;
	if (has(cell, T_TBC) && ongoing) {
		timescale_cell_assume(cell, "An end has not been agreed");
		return answer(cell, TIMESCALE_ONGOING, TIMESCALE_ASSUMED, "ongoing");
	}
	if (!has(cell, T_TBC) && !is_doubted(cell))
		return false;
	timescale_cell_assume(cell, "No date has been agreed");
	return answer(cell, TIMESCALE_UNKNOWN, TIMESCALE_UNREADABLE, "undecided");
}

static bool recurring(struct cell *cell)
{
	cell->out->recurs = timescale_recur(cell);
	if (!cell->out->recurs)
		return false;
	cell->out->continues = true;
	if (cell->name_only)
		timescale_cell_assume(cell, NAME_ONLY);
	return answer(cell, TIMESCALE_ONGOING, TIMESCALE_CERTAIN, "recurring");
}

static bool done(struct cell *cell)
{
	if (!timescale_status_is_done(cell))
		return false;
	cell->out->status_hint = "complete";
	if (!has(cell, T_ONGOING))
		return answer(cell, TIMESCALE_COMPLETE, TIMESCALE_CERTAIN, "complete");
	cell->out->continues = true;
	cell->out->status_hint = NULL;
	timescale_cell_assume(cell, "Both complete and ongoing");
	return answer(cell, TIMESCALE_ONGOING, TIMESCALE_ASSUMED, "ongoing");
}

static bool ongoing(struct cell *cell)
{
	bool duration = timescale_relative_duration(cell).count > 0;
	if (!(has(cell, T_ONGOING) && !duration) && !has(cell, T_AS_NEEDED) &&
		!has(cell, T_THROUGHOUT))
		return false;
	cell->out->continues = true;
	cell->out->status_hint = timescale_status_hint(cell);
	return answer(cell, TIMESCALE_ONGOING, TIMESCALE_CERTAIN, "ongoing");
}

/* "at each Cabinet meeting": a rhythm without a rule. */
static bool each_meeting(struct cell *cell)
{
	for (int at = 1; at < cell->tokens.end && has(cell, T_EVERY); at++) {
		bool every = timescale_cell_tag(cell, at) == T_EVERY;
		bool step = timescale_cell_tag(cell, at + 1) == T_STEP ||
			    timescale_cell_tag(cell, at + 2) == T_STEP;
		if (!every || !step)
			continue;
		cell->out->continues = true;
		timescale_cell_assume(cell, "The days of the meetings are not known here");
		return answer(cell, TIMESCALE_ONGOING, TIMESCALE_ASSUMED, "each_meeting");
	}
	return false;
}

static void count_from(struct cell *cell, struct date start, struct date due)
{
	struct timescale *out = cell->out;
	out->starts_on = start;
	out->due_on = due;
	out->precision = TIMESCALE_BY_DAY;
	out->deadlines = arena_alloc(cell->arena, sizeof(out->deadlines[0]));
	out->deadlines[0] = (struct timescale_deadline){ .due_on = due };
	out->deadline_count = 1;
	timescale_cell_assume(cell, "Counted from the date that the plan gives");
}

static bool lasting(struct cell *cell)
{
	struct duration duration = timescale_relative_duration(cell);
	struct date anchor = cell->settings->relative_to;
	if (!duration.count)
		return false;
	timescale_cell_assume(cell, timescale_relative_period(cell, duration));
	if (date_is_set(anchor))
		count_from(cell, DATE_NONE, timescale_relative_add(anchor, duration));
	return answer(cell, TIMESCALE_RELATIVE, TIMESCALE_ASSUMED, "within");
}

static bool plan_year(struct cell *cell)
{
	int first;
	int last;
	struct date anchor = cell->settings->relative_to;
	if (!timescale_relative_years(cell, &first, &last))
		return false;
	timescale_cell_assume(cell, arena_printf(cell->arena, "P%dY", last));
	if (date_is_set(anchor)) {
		struct date end = date_add_days(date_add_months(anchor, 12 * last), -1);
		count_from(cell, date_add_months(anchor, 12 * (first - 1)), end);
	}
	return answer(cell, TIMESCALE_RELATIVE, TIMESCALE_ASSUMED, "plan_year");
}

static bool now(struct cell *cell)
{
	struct date anchor = cell->settings->relative_to;
	if (!timescale_relative_is_now(cell))
		return false;
	timescale_cell_assume(cell, "To be done at once; no day was named");
	if (date_is_set(anchor))
		count_from(cell, DATE_NONE, anchor);
	return answer(cell, TIMESCALE_RELATIVE, TIMESCALE_ASSUMED, "at_once");
}

static bool vague(struct cell *cell)
{
	if (!timescale_relative_is_vague(cell))
		return false;
	timescale_cell_assume(cell, "The words point at a time without naming it");
	return answer(cell, TIMESCALE_RELATIVE, TIMESCALE_ASSUMED, "relative");
}

static bool status_only(struct cell *cell)
{
	const char *hint = timescale_status_hint(cell);
	if (!hint)
		return false;
	cell->out->status_hint = hint;
	if (has(cell, T_IN_PROGRESS) || has(cell, T_STARTED) || has(cell, T_TRANSFERRED)) {
		cell->out->continues = true;
		return answer(cell, TIMESCALE_ONGOING, TIMESCALE_ASSUMED, "in_progress");
	}
	timescale_cell_assume(cell, "A status without a date");
	return answer(cell, TIMESCALE_UNKNOWN, TIMESCALE_ASSUMED, "status");
}

/* "Last updated 12 June 2021" */
static bool record(struct cell *cell)
{
	for (int i = 0; i < cell->span_count; i++)
		if (!(cell->spans[i].roles & ROLE_RECORD))
			return false;
	return cell->span_count && answer(cell, TIMESCALE_UNKNOWN, TIMESCALE_UNREADABLE, "record");
}

static bool conditional(struct cell *cell)
{
	bool date_left_out = cell->span_count > 0;
	if (!date_left_out && !has(cell, T_CONDITION) && !has(cell, T_AFTER) && !has(cell, T_SEE) &&
		!has(cell, T_BEFORE) && !has(cell, T_IN_TIME))
		return false;
	timescale_cell_assume(cell, "Depends on something else; no date of its own");
	return answer(cell, TIMESCALE_CONDITIONAL, TIMESCALE_ASSUMED, "conditional");
}

static bool yearless(struct cell *cell)
{
	static const enum timescale_kind kinds[] = { [SHAPE_DAY] = TIMESCALE_DATE,
		[SHAPE_MONTH] = TIMESCALE_MONTH,
		[SHAPE_QUARTER] = TIMESCALE_QUARTER,
		[SHAPE_HALF] = TIMESCALE_RANGE,
		[SHAPE_SEASON] = TIMESCALE_SEASON,
		[SHAPE_TERM] = TIMESCALE_SEASON,
		[SHAPE_FEAST] = TIMESCALE_DATE };
	if (!cell->point_count || cell->points[0].year || cell->points[0].shape > SHAPE_FEAST)
		return false;
	timescale_cell_assume(cell, cell->name_only ? NAME_ONLY : "No year was written");
	return answer(cell, kinds[cell->points[0].shape], TIMESCALE_UNREADABLE, "no_year");
}

static bool unreadable(struct cell *cell)
{
	timescale_cell_assume(cell, cell->name_only ? NAME_ONLY : "No date was found in the words");
	return answer(cell, TIMESCALE_UNKNOWN, TIMESCALE_UNREADABLE, "no_date");
}

void timescale_undated(struct cell *cell)
{
	/* The first that answers decides. */
	static bool (*const rules[])(struct cell *) = { blank, undecided, recurring, done, ongoing,
		each_meeting, lasting, plan_year, now, vague, yearless, status_only, record,
		conditional, unreadable };
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i](cell))
			return;
}
