/* The first and last day that a point with its year stands for. */
#pragma once

#include "common/timescale/timescale_point.h"

/* Sets first, last and, where a choice was made, doubt or fault. The year must be known. */
void timescale_resolve(struct point *point, enum timescale_quarters quarters);
