/* One timescale while it is being read: its tokens, points, spans and doubts. */
#include "common/timescale/timescale_cell.h"

void timescale_cell_assume(struct cell *cell, const char *assumption)
{
	if (!assumption || cell->assumption_count == TIMESCALE_ASSUMPTIONS)
		return;
	for (int i = 0; i < cell->assumption_count; i++)
		if (cell->assumptions[i] == assumption)
			return;
	cell->assumptions[cell->assumption_count++] = assumption;
}

bool timescale_cell_holds_point(const struct cell *cell, int at)
{
	for (int i = 0; i < cell->point_count; i++)
		if (at >= cell->points[i].begin && at < cell->points[i].end)
			return true;
	return false;
}

bool timescale_cell_has(const struct cell *cell, enum tag tag)
{
	return cell->tokens.seen[tag];
}

enum tag timescale_cell_tag(const struct cell *cell, int at)
{
	return (enum tag)cell->tokens.at[at].tag;
}
