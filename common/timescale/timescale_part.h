/* The words before a point that say which part of it is meant: "end of", "mid-", "w/c". */
#pragma once

#include "common/timescale/timescale_point.h"

/* Sets out->part and gives the token after the words; `at` itself when there are none. */
int timescale_part_at(const struct tokens *tokens, int at, struct point *out);
