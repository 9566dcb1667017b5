/* A set of short texts, for names that may be given once. */
#include "api/import/name_set.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FIRST_CAPACITY 64

void name_set_init(struct name_set *set, struct arena *arena)
{
	*set = (struct name_set){ .arena = arena };
}

/* FNV-1a, 32 bits. */
static uint32_t hash(const char *name)
{
	uint32_t value = 2166136261U;
	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 16777619U;
	return value;
}

/* Where the name is, or the free place for it. */
static const char **find_slot(const char **slots, int capacity, const char *name)
{
	uint32_t mask = (uint32_t)capacity - 1;
	uint32_t at = hash(name) & mask;
	while (slots[at] && strcmp(slots[at], name) != 0)
		at = (at + 1) & mask;
	return &slots[at];
}

static void grow(struct name_set *set)
{
	int capacity = set->capacity ? set->capacity * 2 : FIRST_CAPACITY;
	const char **slots = arena_alloc(set->arena, sizeof(*slots) * (size_t)capacity);
	for (int i = 0; i < set->capacity; i++) {
		if (set->slots[i])
			*find_slot(slots, capacity, set->slots[i]) = set->slots[i];
	}
	set->slots = slots;
	set->capacity = capacity;
}

bool name_set_add(struct name_set *set, const char *name)
{
	if (set->count * 2 >= set->capacity)
		grow(set);
	const char **slot = find_slot(set->slots, set->capacity, name);
	if (*slot)
		return false;
	*slot = name;
	set->count++;
	return true;
}

bool name_set_has(const struct name_set *set, const char *name)
{
	return set->capacity && *find_slot(set->slots, set->capacity, name);
}
