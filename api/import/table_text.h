/* Reads tab-separated text, as pasted from a PDF, a web page or a spreadsheet. */
#pragma once

#include "api/import/table.h"

/* text: UTF-8, any line ends; a form feed or a blank line is a page break; a cell in double quotes
 * may hold line breaks. A line without a tab is a row of one cell. False: not such a text, or a
 * limit is passed; errors says what and where. */
bool table_text_read(
	struct import_table *table, const char *text, struct findings *errors) MUSTCHECK;
