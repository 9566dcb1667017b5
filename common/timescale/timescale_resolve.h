/* The first and last day that a point with its year stands for. */
#pragma once

#include "common/timescale/timescale_point.h"

struct quarter_basis {
	enum timescale_quarters quarters; /* what "Q3 2024" means here */
	bool named;                       /* by the words themselves, not by the plan */
};

/* Sets first, last and, where a choice was made, doubt or fault. The year must be known. */
void timescale_resolve(struct point *point, struct quarter_basis basis);
