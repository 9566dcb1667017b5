/* Points written in figures only: 31/03/24, 2024-03-31, 03/2024. */
#pragma once

#include "common/timescale/timescale_point.h"

/* "31/03/24", "2024-03-31". Fills shape, year, number, day, end, and fault for a day that does not
 * exist. */
bool timescale_number_day_at(const struct tokens *tokens, int at, struct point *out) MUSTCHECK;

/* "03/2024", "03/24", "2024-03". */
bool timescale_number_month_at(const struct tokens *tokens, int at, struct point *out) MUSTCHECK;
