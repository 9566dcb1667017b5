/* Decides what a timescale without a date of its own says. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Fills kind, confidence, recurs, status_hint and rule; dates only from settings->relative_to. */
void timescale_undated(struct cell *cell);
