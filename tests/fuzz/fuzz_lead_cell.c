/* Any bytes as a lead cell: the leads must have names, and no post stands twice. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/lead_cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_leads(struct arena *arena, const struct lead_cell *cell)
{
	for (int i = 0; i < cell->lead_count; i++) {
		const char *key = lead_cell_post_key(arena, cell->leads[i].name);
		require(*key && strcmp(key, lead_cell_post_key(arena, key)) == 0);
		for (int other = 0; other < i; other++)
			require(strcmp(key, lead_cell_post_key(arena, cell->leads[other].name)) !=
				0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_create();
	const char *text = arena_strndup(arena, (const char *)data, size);
	struct lead_cell cell;
	lead_cell_read(arena, text, &cell);
	check_leads(arena, &cell);
	require((cell.confidence == LEAD_UNREADABLE) <= (cell.lead_count == 0));
	require(cell.lead_count > 0 || cell.ditto || cell.confidence == LEAD_UNREADABLE);
	require(cell.confidence == LEAD_CERTAIN || cell.assumption_count > 0);
	const char *json = lead_cell_json(arena, &cell);
	require(json[0] == '{' && json[strlen(json) - 1] == '}' && !strpbrk(json, "\n\r\t"));
	arena_destroy(arena);
	return 0;
}
