/* A plan's title, from the lines above its table. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

/* NULL: none of the lines can be one. lines: tidy. */
const char *plan_title_choose(struct arena *arena, const char *const *lines, int count);

/* Whether the line says that it is a plan ("… Action Plan", "Response to …"). */
bool plan_title_names(struct arena *arena, const char *line);
