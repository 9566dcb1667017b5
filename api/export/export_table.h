/* A plan as the rows of one table: what export.csv and export.xlsx hold, and what the import takes
 * back without guessing (api/import/own_table.h). */
#pragma once

#include "common/db.h"

/* In the order of sql/queries/plan/export_table.sql. */
enum export_column {
	EXPORT_NUMBER,
	EXPORT_RECOMMENDATION,
	EXPORT_RESPONSE,
	EXPORT_REFERENCE,
	EXPORT_ACTION,
	EXPORT_LEAD, /* the cells of leads hold one name a line */
	EXPORT_CABINET_MEMBER,
	EXPORT_SUPPORT,
	EXPORT_CONSULTED,
	EXPORT_TIMESCALE,
	EXPORT_DEADLINES_DONE, /* "2021-12-31 done on 2021-12-20", one a line */
	EXPORT_STATUS,
	EXPORT_RAG,
	EXPORT_PERCENT,
	EXPORT_COMPLETED_ON,
	EXPORT_NEXT_DUE_ON, /* for people: it follows from the timescale */
	EXPORT_LAST_UPDATE, /* the last note, and its day */
	EXPORT_LAST_UPDATE_ON,
	EXPORT_COLUMNS
};

struct export_heading {
	const char *name;
	int width; /* in characters, for a spreadsheet */
};

extern const struct export_heading export_headings[EXPORT_COLUMNS];

struct export_table {
	const char *title;
	const char *organisation;
	const char *(*rows)[EXPORT_COLUMNS]; /* never NULL: "" = nothing */
	int count;
};

/* From the rows of Q_PLAN_EXPORT_TABLE, of which there is at least one. */
void export_table_load(struct arena *arena, const struct db_rows *rows, struct export_table *out);
