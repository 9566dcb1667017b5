/* How far an action is, from whichever columns tell it: status, RAG, percentage, what was reported.
 */
#pragma once

#include "api/import/plan_build.h"

/* Fills the action's status, RAG, percentage and note, and says what was not understood. */
void plan_state_read(struct arena *arena, const struct import_part *part,
	const struct headings *headings, struct import_action *action);

/* Says once that a colour is only a colour, where nothing else tells how far the actions are. */
void plan_state_colours(struct import_plan *plan, const struct headings *headings);
