/* What stands among a table's rows and is none: rules, page numbers, totals, notes. Pure. */
#pragma once

#include "api/import/headings.h"

/* "---|---", "=====". */
bool rows_line_is_rule(const struct import_row *row);

/* "Page 3 of 7", "3". */
bool rows_line_is_page(const char *line);

/* Words across the table: a lone cell, or words where only a number can be. */
bool rows_line_is_line(const struct headings *headings, const struct import_row *row);

/* "Total | 5 recommendations", "Notes: …", "Key: …". */
bool rows_line_is_footer(
	struct arena *arena, const struct headings *headings, const struct import_row *row);

/* What the row says, its cells put together. */
const char *rows_line_text(struct arena *arena, const struct import_row *row);
