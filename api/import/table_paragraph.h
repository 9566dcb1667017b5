/* Reads a table of which only the paragraphs are left, one a cell. */
#pragma once

#include "api/import/table.h"

/* Each row starts with a number or letter ("a)"). Paragraphs that only wrap are joined where there
 * are too many, which is a doubt; what still has not as many as the headings is an error. */
bool table_paragraph_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;

/* Whether headings, each in a paragraph of its own, stand above a paragraph with a number. */
bool table_paragraph_fits(struct arena *arena, const char *text);
