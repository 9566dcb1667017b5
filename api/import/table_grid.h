/* Reads tables whose rows are lost and whose cells are left, one after the other: each ended by
 * "|", or each a paragraph. */
#pragma once

#include "api/import/table.h"

bool table_grid_pipe_fits(struct arena *arena, const char *text);
bool table_grid_pipe_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;

bool table_grid_paragraph_fits(struct arena *arena, const char *text);
bool table_grid_paragraph_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;
