/* What the words around a point make of it: a start, a deadline, a date done, another's date. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Roles (enum role) from the words before points[from] and after points[to]. */
unsigned timescale_role(const struct cell *cell, const struct point *from, const struct point *to);

/* "following adoption in March 2023": the date is another event's. */
bool timescale_role_is_conditional(const struct cell *cell, const struct point *point);

/* A "complete" at this token that is a status, not "to be completed", "80% complete" … */
bool timescale_role_is_done(const struct cell *cell, int at);
