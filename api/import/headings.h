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
	COLUMN_TIMESCALE, /* where a revised one stands beside it: the first published */
	COLUMN_REVISED,   /* the timescale now in force */
	COLUMN_STATUS,
	COLUMN_RAG,
	COLUMN_PERCENT,
	COLUMN_NOTE,     /* what was reported: progress, comments */
	COLUMN_RESPONSE, /* also the action, where no other column is */
	COLUMN_COUNT,
	COLUMN_KNOWN, /* funding, risk …: understood, not stored */
	COLUMN_UNKNOWN
};

/* One cell of the row of headings. */
struct heading {
	const char *name; /* as published, tidy */
	enum import_column column;
	bool filled; /* a row holds something there; kept for columns that are left out */
};

struct headings {
	const struct import_row *row;
	int at[COLUMN_COUNT];            /* the cell's index, or -1; of several the first */
	const char *names[COLUMN_COUNT]; /* as published; "" for a column without a heading */
	struct heading *cells;           /* one for each cell of the row */
	int count;
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

/* What a row says in a column; of several columns for one thing the one that counts, or all. */
const char *headings_cell(struct arena *arena, const struct headings *headings,
	const struct import_row *row, enum import_column column);

/* The API's word for what a column is read as, or NULL when it is left out. */
const char *headings_column_name(enum import_column column);

/* What one heading means. plain: as words_plain gives it. */
enum import_column headings_meaning(const char *plain);

/* Whether the heading of a timescale says that it is the first one. */
bool headings_is_original(const char *plain);

/* Whether the heading is of bodies that may answer for an action: "Directorate", "Section". */
bool headings_is_body(const char *plain);

/* Whether the heading is of what the numbers of recommendations may count within: "Audit". */
bool headings_is_group(const char *plain);
