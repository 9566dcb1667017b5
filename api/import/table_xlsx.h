/* Reads an Excel workbook (.xlsx, ECMA-376 part 1, section 18). */
#pragma once

#include "api/import/office_file.h"
#include "api/import/table.h"

/* The sheet with the headings; hidden sheets and rows are left out. Days appear as a person sees
 * them, a merged cell in each of its rows. main: the workbook part. False: errors says why. */
bool table_xlsx_read(struct import_table *table, struct office_file *file, const char *main,
	struct findings *errors) MUSTCHECK;
