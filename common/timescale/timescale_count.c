/* Dates that are counted from the one written: "within 6 months of", "12 months from", "until
 * 2015". */
#include "common/timescale/timescale_count.h"

#include "common/timescale/timescale_relative.h"

/* The words between a duration and the date beside it, read as one sign; T_EDGE = none. */
static enum tag joint(const struct cell *cell, int begin, int end)
{
	enum tag joint = T_EDGE;
	for (int at = begin; at < end; at++) {
		enum tag tag = timescale_cell_tag(cell, at);
		bool counts = tag == T_OF || tag == T_FROM || tag == T_AFTER || tag == T_START;
		if (!counts && tag != T_GLUE)
			return T_EDGE;
		joint = counts ? tag : joint;
	}
	return joint;
}

/* "within 6 months of April 2023". */
static void count_on(struct span *span, struct duration duration)
{
	span->due = timescale_relative_add(span->due, duration);
	if (span->to->shape == SHAPE_MONTH && (duration.unit == 'M' || duration.unit == 'Y'))
		span->due = date_month_end(span->due.year, span->due.month);
	span->start = DATE_NONE;
}

/* "12 months from April 2023", "from April 2023 for 12 months". */
static void last_from(struct span *span, struct duration duration)
{
	span->lasts = true;
	span->start = span->from->first;
	span->due = date_add_days(timescale_relative_add(span->start, duration), -1);
}

/* "Within 12 months of adoption (adopted March 2019)": a participle in the bracket says that the
 * event has its date, so the period counts from there. */
static bool is_anchor(const struct cell *cell, struct duration duration, const struct span *span)
{
	enum tag counts = timescale_cell_tag(cell, duration.end);
	int at = span->from->begin - 1;
	if ((counts != T_OF && counts != T_FROM && counts != T_AFTER) || duration.end >= at)
		return false;
	while (timescale_cell_tag(cell, at) == T_GLUE)
		at--;
	const struct token *word = &cell->tokens.at[at];
	const char *end = cell->tokens.text + word->end;
	bool done = word->tag == T_DONE || word->tag == T_STARTED;
	bool past = (word->tag == T_OTHER || word->tag == T_STEP) && word->end - word->start > 3 &&
		    end[-2] == 'e' && end[-1] == 'd';
	return (done || past) && timescale_cell_tag(cell, at - 1) == T_OPEN;
}

/* "31 March each year until 2015": the last of them is the end. */
static void end_round(struct cell *cell)
{
	struct span *span = &cell->spans[0];
	bool every = timescale_cell_has(cell, T_EVERY) || timescale_cell_has(cell, T_FREQUENCY);
	bool year = span->from->shape == SHAPE_YEAR || span->from->shape == SHAPE_FIN_YEAR;
	if (!every || !year || span->from->part != PART_WHOLE || span->from != span->to ||
		!(span->roles & ROLE_UNTIL))
		return;
	cell->round = (struct point){ 0 };
	for (int i = 0; i < cell->point_count; i++) {
		struct point point = cell->points[i];
		if (point.year || !point.number || point.shape > SHAPE_TERM)
			continue;
		point.year = span->from->year;
		point.financial = span->from->financial;
		timescale_resolve(&point, cell->basis);
		if (!point.fault && date_compare(point.last, cell->round.last) > 0)
			cell->round = point;
	}
	if (!date_is_set(cell->round.last))
		return;
	span->from = span->to = &cell->round;
	span->due = cell->round.last;
	timescale_cell_assume(cell, "The last of the yearly dates was read as the end");
}

static void count_duration(struct cell *cell)
{
	struct duration duration = timescale_relative_duration(cell);
	struct span *span = &cell->spans[0];
	if (!duration.count || cell->span_count != 1 || span->from != span->to)
		return;
	if (is_anchor(cell, duration, span)) {
		count_on(span, duration);
		span->counted = true;
		span->roles = 0;
		span->start_only = false;
		timescale_cell_assume(cell, "The period was counted from the date written");
		return;
	}
	enum tag before = joint(cell, duration.end, span->from->begin);
	bool on = before == T_OF || before == T_AFTER ||
		  (before == T_FROM && timescale_cell_has(cell, T_WITHIN));
	bool from = before == T_FROM || before == T_START;
	const struct token *word = &cell->tokens.at[duration.begin - 1];
	bool lasts = word->tag == T_GLUE && word->value == GLUE_FOR &&
		     duration.begin - 1 == span->to->end;
	if (!on && !from && !lasts)
		return;
	if (on)
		count_on(span, duration);
	else
		last_from(span, duration);
	span->start_only = false;
	span->roles = 0;
	timescale_cell_assume(cell, "The period was counted from the date written");
}

void timescale_count(struct cell *cell)
{
	count_duration(cell);
	if (cell->span_count == 1)
		end_round(cell);
}
