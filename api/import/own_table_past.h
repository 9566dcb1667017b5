/* What a row of our own table tells of an action's past: deadlines done, and the last note. */
#pragma once

#include "common/timescale.h"

/* The "history" of an action as sql/functions/46_import_history.sql takes it; NULL when the row
 * tells none. timescale may be NULL; the cells are the table's, "" = nothing. */
const char *own_table_past(struct arena *arena, const struct timescale *timescale,
	const char *deadlines_done, const char *note, const char *note_on);
