/* A set of short texts, for names that may be given once. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

struct name_set {
	struct arena *arena;
	const char **slots; /* open addressing; a power of two of them */
	int capacity;
	int count;
};

void name_set_init(struct name_set *set, struct arena *arena);

/* name must live as long as the set. False: it was there already. */
bool name_set_add(struct name_set *set, const char *name);

bool name_set_has(const struct name_set *set, const char *name);
