/* An array inside an arena that grows by doubling. */
#include "api/import/grow.h"

#include <string.h>

#define FIRST_CAPACITY 4

void *grow_array(struct arena *arena, void *items, int count, int *capacity, size_t item_size)
{
	if (count < *capacity)
		return items;
	*capacity = count ? count * 2 : FIRST_CAPACITY;
	void *grown = arena_alloc(arena, item_size * (size_t)*capacity);
	if (items)
		memcpy(grown, items, item_size * (size_t)count);
	return grown;
}
