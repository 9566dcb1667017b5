/* Leaves out the dates that set no deadline: other events', records, baselines, superseded ones. */
#include "common/timescale/timescale_drop.h"

#include "common/timescale/timescale_span.h"

void timescale_drop_note(struct cell *cell, struct date date)
{
	timescale_cell_assume(cell,
		arena_printf(cell->arena, "The earlier date, %d %s %d, was left out as superseded",
			date.day, date_month_name(date.month), date.year));
}

/* Dates of other events, of record and left behind say nothing about this work's end. */
static void drop_others(struct cell *cell)
{
	for (int i = 0; i < cell->span_count; i++) {
		struct span *span = &cell->spans[i];
		if (!(span->roles & (ROLE_CONDITION | ROLE_RECORD)))
			continue;
		span->dropped = true;
		if (span->roles & ROLE_ORIGINAL)
			timescale_drop_note(cell, span->to->last);
		else if (span->roles & ROLE_RECORD)
			timescale_cell_assume(cell, "A date that sets no deadline was left out");
		else
			timescale_cell_assume(cell, "A date of another event was left out");
	}
}

static void supersede(struct cell *cell, struct span *span)
{
	if (span->dropped)
		return;
	span->dropped = true;
	timescale_drop_note(cell, span->to->last);
}

/* "Revised to June 2023 (originally March 2023)": what was agreed last counts. */
static void settle_revisions(struct cell *cell)
{
	bool revised = timescale_span_has_role(cell, ROLE_REVISED);
	bool alone = timescale_span_live(cell) == 1 && !timescale_cell_has(cell, T_TBC);
	if (alone || (!revised && !timescale_span_has_role(cell, ROLE_ORIGINAL)))
		return;
	int last = -1;
	for (int i = 0; i < cell->span_count; i++) {
		struct span *span = &cell->spans[i];
		unsigned roles = span->roles;
		bool stays = revised ? roles & ROLE_REVISED : !(roles & ROLE_ORIGINAL);
		if (!span->dropped && stays)
			last = i;
		if (!stays && !(roles & (ROLE_DONE | ROLE_ACTUAL)))
			supersede(cell, span);
	}
	for (int i = 0; revised && i < last; i++)
		supersede(cell, &cell->spans[i]);
}

/* "Approved by Cabinet 12 July 2016; implementation from 1 April 2017": the decision is past. */
static void drop_decisions(struct cell *cell)
{
	bool starts = false;
	for (int i = 0; i < cell->span_count; i++)
		starts |= !cell->spans[i].dropped && cell->spans[i].start_only;
	for (int i = 0; i < cell->span_count && starts; i++) {
		struct span *span = &cell->spans[i];
		if (span->dropped || span->start_only || !(span->roles & ROLE_DECIDED))
			continue;
		span->dropped = true;
		timescale_cell_assume(cell, "The date of a decision was left out");
	}
}

void timescale_drop(struct cell *cell)
{
	drop_others(cell);
	settle_revisions(cell);
	drop_decisions(cell);
}
