/* Points that have a name: months, quarters, halves, seasons, terms, feasts, kinds of year. */
#pragma once

#include "common/timescale/timescale_point.h"

bool timescale_name_at(const struct tokens *tokens, int at, struct point *out) MUSTCHECK;

#define TIMESCALE_NAME_DOUBT "A misspelt month was read as the nearest name"

/* Takes the year beside a name that ends at out->end: "2024", ", 2024", "of 2023/24", "(2024)". */
void timescale_name_take_year(const struct tokens *tokens, struct point *out);

/* Puts what timescale_year_at found into a point of its own. */
void timescale_name_from_year(const struct tokens *tokens, int at, struct point *out);
