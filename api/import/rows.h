/* Puts the rows of a table together: one item a recommendation, each with the rows it spans. */
#pragma once

#include "api/import/headings.h"
#include "api/import/table.h"
#include "common/text.h"

#define ROWS_ITEMS 2000        /* recommendations in one plan */
#define ROWS_JOINED_BYTES 4000 /* a lead or timescale cell put together from several rows */

/* One row of the table, as far as the plan needs it. */
struct import_part {
	int line;
	bool after_break;
	bool own_number; /* the row repeats its recommendation's number: nothing is inherited */
	bool joined_over_break;          /* the action goes on behind a page break */
	bool own_timescale;              /* false: the timescale is that of the row above */
	bool carried[COLUMN_COUNT];      /* the cell is blank and has what the row above has */
	const char *cells[COLUMN_COUNT]; /* as written; "" = none */
	struct text action; /* holds cells[COLUMN_ACTION] once rows were merged into it */
};

struct import_item {
	const char *number; /* as printed, less its full stop; NULL = none */
	struct text text;   /* the recommendation, tidy */
	int line;
	bool section; /* made from a line between tables, not from a row */
	bool cut;     /* a cell was broken in mid-sentence: one row became two */
	struct import_part *parts;
	int part_count;
	int part_capacity;
};

struct import_rows {
	struct arena *arena;
	struct headings headings; /* of the last heading row */
	struct import_item *items;
	int count;
	int capacity;
	int group; /* the column whose name goes before numbers that start again, or -1 */
	const char *group_name;  /* of the row, or of the last one that has it */
	struct heading *columns; /* of all headings, each once */
	int column_count;
	int column_capacity;
	bool merges;           /* the file tells which cells are merged: a blank one is blank */
	const char **preamble; /* the lines before the table, tidy */
	int preamble_count;
	struct findings *doubts;
	struct findings *errors;
};

/* False: errors says why there is nothing to import. What is not certain goes to doubts. */
bool rows_join(struct arena *arena, const struct import_table *table, struct findings *doubts,
	struct findings *errors, struct import_rows *out) MUSTCHECK;
