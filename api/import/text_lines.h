/* The lines of a text, for readers that go by lines. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

#define TEXT_LINES 200000 /* more are not read */

struct text_line {
	const char *text; /* without its end */
	int number;       /* in the file, from 1 */
	bool blank;       /* nothing but white space */
};

struct text_lines {
	struct text_line *items;
	int count;
	int capacity;
	bool too_many;
};

void text_lines_split(struct arena *arena, const char *text, struct text_lines *out);
