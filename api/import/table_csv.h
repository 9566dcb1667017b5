/* Reads comma-separated text, as spreadsheets save it (RFC 4180). */
#pragma once

#include "api/import/table.h"

/* text: UTF-8. Cells are parted by commas, semicolons or tabs, whichever gives a row of headings;
 * a cell in double quotes may hold them and line breaks. False: a quotation that never ends, or a
 * limit is passed; errors says what and where. */
bool table_csv_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;

/* Whether one of its first lines is a row of headings with commas or semicolons. */
bool table_csv_fits(struct arena *arena, const char *text);
