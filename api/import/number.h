/* The number of a recommendation, in its own cell or stuck to the text. Pure. */
#pragma once

#include "common/arena.h"

#define NUMBER_CHARACTERS 40

/* "3." is "3", " R4: " is "R4"; NULL for a blank cell. */
const char *number_tidy(struct arena *arena, const char *cell);

/* "R1: Work more closely" gives "R1" and moves *text on; NULL when it starts with no number. */
const char *number_take(struct arena *arena, const char **text);
