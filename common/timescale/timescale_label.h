/* The words that name each of several deadlines in one cell. */
#pragma once

#include "common/timescale/timescale_cell.h"

/* The label of spans[i] among the spans that are not dropped, or NULL. */
const char *timescale_label(const struct cell *cell, int i);
