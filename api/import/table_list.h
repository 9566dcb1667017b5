/* Reads a table of which only lists are left: a numbered recommendation, its bulleted actions, and
 * their timescales as further bullets. */
#pragma once

#include "api/import/table.h"

bool table_list_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;

/* Whether one line holds the headings Recommendation, Action and Timescale. */
bool table_list_fits(struct arena *arena, const char *text);
