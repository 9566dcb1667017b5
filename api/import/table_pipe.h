/* Reads tables drawn with "|", as web pages and Markdown text have them. */
#pragma once

#include "api/import/table.h"

/* A cell may run over several lines: a row ends when it has as many cells as the headings. Each
 * table has headings of its own; a line between tables is a row of one cell. */
bool table_pipe_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;

/* Whether one of its lines is a row of headings with pipes. */
bool table_pipe_fits(struct arena *arena, const char *text);
