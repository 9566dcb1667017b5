/* What a timescale cell says about the state of the work beside its dates. */
#include "common/timescale/timescale_status.h"

#include "common/timescale/timescale_role.h"

static bool reports(const struct cell *cell, bool events)
{
	if (!timescale_cell_has(cell, T_DONE))
		return false;
	for (int at = 1; at < cell->tokens.end; at++)
		if (timescale_role_is_done(cell, at) &&
			(events || cell->tokens.at[at].value != DONE_EVENT))
			return true;
	return false;
}

bool timescale_status_is_done(const struct cell *cell)
{
	return reports(cell, false);
}

bool timescale_status_mentions_done(const struct cell *cell)
{
	return reports(cell, true);
}

/* "80% complete", "partly delivered". */
static bool is_partly_done(const struct cell *cell)
{
	if (!timescale_cell_has(cell, T_DONE))
		return false;
	for (int at = 2; at < cell->tokens.end; at++) {
		enum tag before = timescale_cell_tag(cell, at - 1);
		bool partly = before == T_PARTLY || before == T_PERCENT;
		if (partly && timescale_cell_tag(cell, at) == T_DONE &&
			!timescale_role_is_done(cell, at))
			return true;
	}
	return false;
}

const char *timescale_status_hint(const struct cell *cell)
{
	const bool *seen = cell->tokens.seen;
	if (seen[T_CANCELLED])
		return "cancelled";
	if (seen[T_HOLD])
		return "on_hold";
	if (seen[T_TRANSFERRED])
		return "transferred";
	if (seen[T_NOT_STARTED])
		return "not_started";
	bool moving = seen[T_PACE] || seen[T_IN_PROGRESS] || seen[T_STARTED] ||
		      seen[T_LATE_STATUS] || is_partly_done(cell);
	return moving ? "in_progress" : NULL;
}
