/* Keeps what each column of a file's tables is read as, and tells of those that are left out. */
#pragma once

#include "api/import/rows.h"

/* Notes which columns the row fills, of those that are left out. */
void rows_column_fill(struct import_rows *rows, const struct import_row *row);

/* Adds the columns of the headings to those of the file. */
void rows_column_take(struct import_rows *rows);

/* Says which columns, and which of several, are not in the plan. */
void rows_column_tell(struct import_rows *rows);
