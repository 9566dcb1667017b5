/* The bullets and numbers that Word shows before paragraphs, which their text does not hold. */
#pragma once

#include "api/import/office_file.h"

#define DOCX_LEVELS 9 /* ECMA-376 part 1, 17.9.6 */

struct docx_level {
	const char *format; /* "bullet", "decimal", "lowerLetter" … */
	const char *text;   /* "%1.", "%1.%2" */
	int start;
	int count; /* shown so far; -1: not yet since the level above went on */
};

struct docx_list {
	const char *id; /* abstractNumId */
	struct docx_level levels[DOCX_LEVELS];
};

struct docx_lists {
	struct arena *arena;
	struct docx_list *items;
	int count;
	int capacity;
	const char *(*numbers)[2]; /* numId and the abstractNumId that it stands for */
	int number_count;
	int number_capacity;
};

/* part: of the numbering; NULL: the document has no lists. */
void docx_lists_read(struct office_file *file, const char *part, struct docx_lists *out);

/* What stands before the list's next paragraph: "•", "3.", "a)"; NULL when nothing does. */
const char *docx_list_next(struct docx_lists *lists, const char *number, int level);
