/* What every reader of a file yields: a grid of cells, each row with its place in the file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/import/finding.h"
#include "common/arena.h"

#define TABLE_BYTES ((size_t)16 * 1024 * 1024)      /* a whole file */
#define TABLE_TEXT_BYTES ((size_t)64 * 1024 * 1024) /* of all cells, which may share one text */
#define TABLE_ROWS 10000
#define TABLE_CELLS 64                        /* in one row */
#define TABLE_CELL_BYTES ((size_t)128 * 1024) /* longer than any text that can be stored */

struct import_row {
	int line; /* where it starts in the file, from 1 */
	int count;
	const char **cells; /* as written: spaces at the ends and line breaks are kept */
	bool after_break;   /* a blank line or a page break stood before it */
	int table; /* of a document with several, from 1; 0 = a line between tables, or text */
	const char *sheet; /* of several that were read; NULL = there is one */
	uint64_t merged;   /* bit n: cell n is one with the cell above and repeats its text */
};

struct import_table {
	struct arena *arena;
	struct import_row *rows;
	int count;
	int capacity;
	size_t bytes;            /* of all cells: one text may stand in many */
	struct findings *doubts; /* of the reader's; NULL: nobody asks */
};

void table_init(struct import_table *table, struct arena *arena);

/* Takes the row, whose cells must live in the arena. False: a limit is passed, named in errors. */
bool table_add(struct import_table *table, const struct import_row *row,
	struct findings *errors) MUSTCHECK;

/* Repeats the text of a merged cell in a further row that it spans. False as table_add. */
bool table_merge(struct import_table *table, int row, int cell, const char *text,
	struct findings *errors) MUSTCHECK;

/* The cell, or "" where the row is shorter. index may be -1: a column that the table lacks. */
const char *table_cell(const struct import_row *row, int index);

/* How many of its cells hold anything but white space. */
int table_row_filled(const struct import_row *row);
