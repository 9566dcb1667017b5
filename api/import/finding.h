/* What the import was not sure of, or cannot take: a code, a sentence, and where in the file. */
#pragma once

#include "common/arena.h"

#define FINDING_CHARACTERS 500 /* of the detail; what is longer is cut */
#define FINDING_LIMIT 1000     /* more of one kind are not kept; the last one says so */

struct finding {
	const char *code;
	const char *detail;
	const char *column; /* the heading as published, or NULL */
	int row;            /* the line in the file, or 0 for all of it */
};

struct findings {
	struct arena *arena;
	struct finding *items;
	int count;
	int capacity;
};

void finding_init(struct findings *findings, struct arena *arena);

/* findings may be NULL: nobody asks. code must be constant; column must live as long as the arena.
 */
void finding_add(struct findings *findings, const char *code, int row, const char *column,
	const char *format, ...) PRINTF_LIKE(5, 6);
