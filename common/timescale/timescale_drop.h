/* Leaves out the dates that set no deadline: other events', records, baselines, superseded ones. */
#pragma once

#include "common/timescale/timescale_cell.h"

void timescale_drop(struct cell *cell);

/* Says which superseded date was left out. */
void timescale_drop_note(struct cell *cell, struct date date);
