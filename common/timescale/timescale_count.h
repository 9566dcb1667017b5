/* Dates that are counted from the one written: "within 6 months of", "12 months from", "until
 * 2015". */
#pragma once

#include "common/timescale/timescale_cell.h"

/* Moves the only span's dates where the words count from or to it. */
void timescale_count(struct cell *cell);
