/* A plan's title, from the lines above its table. Pure. */
#pragma once

#include "common/arena.h"

/* NULL: none of the lines can be one. lines: tidy. */
const char *plan_title_choose(struct arena *arena, const char *const *lines, int count);
