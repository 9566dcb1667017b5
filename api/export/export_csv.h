/* A plan's table as comma-separated values (RFC 4180). Pure. */
#pragma once

#include "api/export/export_table.h"
#include "common/text.h"

#define EXPORT_CSV_TYPE "text/csv; charset=utf-8"

/* UTF-8 behind a byte order mark, without which Excel takes it for another encoding; CR LF ends
 * each record; cells that look like formulas are guarded. */
void export_csv_write(const struct export_table *table, struct text *out);
