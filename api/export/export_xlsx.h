/* A plan's table as a spreadsheet (Office Open XML). */
#pragma once

#include "api/export/export_table.h"
#include "common/text.h"

#define EXPORT_XLSX_TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* Every cell is text, as in the CSV. The same table always gives the same bytes. False: it could
 * not be written (logged). */
bool export_xlsx_write(const struct export_table *table, struct text *out) MUSTCHECK;
