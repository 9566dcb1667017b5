/* One sheet of a workbook as a grid. */
#pragma once

#include "api/import/table.h"
#include "api/import/xlsx_style.h"

/* What the sheets of a workbook share. */
struct xlsx_book {
	struct office_file *file;
	struct xlsx_styles styles;
	const char **strings;
	int string_count;
	int string_capacity;
	bool since_1904; /* days count from 1904: workbooks of old Macs */
};

/* A row's line is its number in Excel. False: errors says why. */
bool xlsx_sheet_read(struct import_table *table, const struct xlsx_book *book, const char *part,
	struct findings *errors) MUSTCHECK;
