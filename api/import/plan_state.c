/* How far an action is, from whichever columns tell it: status, RAG, percentage, what was reported.
 */
#include "api/import/plan_state.h"

#include <string.h>

#include "api/import/cells.h"
#include "api/import/words.h"

struct reader {
	struct arena *arena;
	const struct import_part *part;
	const struct headings *headings;
	struct import_action *action;
};

static void take(struct import_action *action, const struct cells_state *state)
{
	action->status = action->status ? action->status : state->status;
	action->rag = action->rag ? action->rag : state->rag;
	action->percent = action->percent >= 0 ? action->percent : state->percent;
}

static void doubt(const struct reader *reader, const char *code, enum import_column column,
	const char *detail)
{
	finding_add(&reader->action->doubts, code, reader->part->line,
		reader->headings->names[column], "%s %s",
		words_quote(reader->arena, reader->part->cells[column]), detail);
}

/* Words beyond the status are kept where a note would be. */
static void keep_words(struct reader *reader, enum import_column column, const char *code)
{
	bool free = words_blank(reader->part->cells[COLUMN_NOTE]);
	if (free)
		reader->action->note = words_tidy_lines(reader->arena, reader->part->cells[column]);
	doubt(reader, code, column,
		free ? "was understood in part; all of it is kept as a note"
		     : "was understood in part; the rest was left out");
}

static void read_column(
	struct reader *reader, enum import_column column, bool letters, const char *code)
{
	const char *cell = reader->part->cells[column];
	struct cells_state state;
	if (words_blank(cell) || cells_nothing(reader->arena, cell))
		return;
	if (!cells_state(reader->arena, cell, letters, &state)) {
		doubt(reader, code, column, "was not understood and was left out");
		return;
	}
	take(reader->action, &state);
	if (state.unread)
		keep_words(reader, column, code);
}

static void read_percent(struct reader *reader)
{
	const char *cell = reader->part->cells[COLUMN_PERCENT];
	int percent = cells_percent(cell);
	if (percent >= 0)
		reader->action->percent = percent;
	else if (!words_blank(cell) && !cells_nothing(reader->arena, cell))
		doubt(reader, "percent_unreadable", COLUMN_PERCENT,
			"was not understood and was left out");
}

/* A note that is nothing but a status or a colour is one. */
static void read_note(struct reader *reader)
{
	const char *cell = reader->part->cells[COLUMN_NOTE];
	struct cells_state state;
	if (words_blank(cell) || cells_nothing(reader->arena, cell))
		return;
	bool only = cells_state(reader->arena, cell, false, &state) && !state.unread;
	if (only)
		take(reader->action, &state);
	else
		reader->action->note = words_tidy_lines(reader->arena, cell);
}

void plan_state_read(struct arena *arena, const struct import_part *part,
	const struct headings *headings, struct import_action *action)
{
	struct reader reader = {
		.arena = arena, .part = part, .headings = headings, .action = action
	};
	action->percent = -1;
	read_percent(&reader);
	read_column(&reader, COLUMN_STATUS, false, "status_unreadable");
	read_column(&reader, COLUMN_RAG, true, "rag_unreadable");
	read_note(&reader);
	if (!action->status && action->timescale)
		action->status = action->timescale->status_hint;
}

void plan_state_colours(struct import_plan *plan, const struct headings *headings)
{
	for (int i = 0; i < plan->count; i++) {
		const struct import_recommendation *recommendation = &plan->recommendations[i];
		for (int j = 0; j < recommendation->action_count; j++) {
			const struct import_action *action = &recommendation->actions[j];
			if (!action->rag || action->status)
				continue;
			finding_add(&plan->doubts, "colours_only", action->row,
				headings->names[COLUMN_RAG],
				"Colours mean different things in different plans: they are kept, and "
				"none was taken for a status, such as complete");
			return;
		}
	}
}
