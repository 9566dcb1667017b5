/* Decides what the dated spans of a timescale promise. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Fills kind, precision, dates, deadlines, continues, recurs, status_hint and rule from the spans;
 * false when no span holds a date of the work itself. */
bool timescale_dated(struct cell *cell) MUSTCHECK;
