/* Reads cards: an action a block, each of its cells on a line of its own behind its heading. */
#pragma once

#include "api/import/table.h"

bool table_card_fits(struct arena *arena, const char *text);

/* False: errors says why there is no table. */
bool table_card_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;
