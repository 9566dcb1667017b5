/* Which column of a published table is which, by what its heading means. */
#pragma once

#include "api/import/table.h"

#define HEADINGS_BEFORE 500 /* rows that may stand above them */

enum import_column {
	COLUMN_NUMBER,
	COLUMN_REFERENCE,
	COLUMN_RECOMMENDATION,
	COLUMN_ACTION,
	COLUMN_LEAD,
	COLUMN_CABINET_MEMBER,
	COLUMN_SUPPORT,
	COLUMN_TIMESCALE,
	COLUMN_STATUS,
	COLUMN_RAG,
	COLUMN_PERCENT,
	COLUMN_RESPONSE, /* the action, where no other column is */
	COLUMN_COUNT,
	COLUMN_KNOWN, /* progress, funding …: understood, not stored */
	COLUMN_UNKNOWN
};

struct headings {
	const struct import_row *row;
	int at[COLUMN_COUNT];            /* the cell's index, or -1 */
	const char *names[COLUMN_COUNT]; /* as published; "" for a column without a heading */
};

/* Whether this row is a heading row. If so *out is filled, and doubts names the columns that are
 * not understood. */
bool headings_match(struct arena *arena, const struct import_row *row, struct headings *out,
	struct findings *doubts);

/* The index of the first row of headings, or -1. */
int headings_find(struct arena *arena, const struct import_table *table);

/* Finds columns that have no heading by what stands below it: the number, or the action. */
void headings_fill(struct headings *headings, const struct import_table *table, int first_row);

bool headings_has(const struct headings *headings, enum import_column column);

/* What one heading means. plain: as words_plain gives it. */
enum import_column headings_meaning(const char *plain);
