/* What the clause that leads to a point says: a record, a baseline, a decision, a start. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Whether the sign parts one clause from the next. */
bool timescale_clause_parts(enum tag tag);

/* roles with those added that only the whole clause shows. */
unsigned timescale_clause_roles(
	const struct cell *cell, const struct point *point, bool single, unsigned roles);
