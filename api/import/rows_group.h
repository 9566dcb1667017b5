/* Numbers that start again in each audit, area or theme: its name tells them apart. */
#pragma once

#include "api/import/rows.h"

/* Looks below the headings, at table->rows[headings], whether the numbers start again. */
void rows_group_find(struct import_rows *rows, const struct import_table *table, int headings);

/* The row's number, with the name of its group where numbers start again. */
const char *rows_group_number(
	struct import_rows *rows, const struct import_row *row, const char *number);
