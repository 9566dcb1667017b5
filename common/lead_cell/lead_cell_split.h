/* Cuts a lead cell into the names it holds: at role words, never at "&" alone. */
#pragma once

#include <stddef.h>

#include "common/lead_cell.h"

#define LEAD_CELL_PIECES 24

struct lead_cell_piece {
	const char *begin;
	size_t length;
	enum lead_cell_role role; /* from the words that led to it ("in consultation with") */
};

struct lead_cell_split {
	struct lead_cell_piece pieces[LEAD_CELL_PIECES];
	int count;
	bool guessed; /* two officers' posts joined by "and" may be one person's */
	bool too_many;
};

/* text comes from cell_text_plain and must outlive the pieces; a line break that only wraps a name
 * is made a space in it. */
void lead_cell_split(char *text, struct lead_cell_split *out);
