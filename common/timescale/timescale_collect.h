/* Gathers the dated points of a whole timescale and refuses numbers that it cannot place. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Fills points and point_count; sets fault where a point may not be trusted. */
void timescale_collect(struct cell *cell);
