/* An array inside an arena that grows by doubling. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

/* The array with room for at least one item more than count: the same, or a larger copy. items may
 * be NULL when count is 0. */
void *grow_array(struct arena *arena, void *items, int count, int *capacity, size_t item_size);
