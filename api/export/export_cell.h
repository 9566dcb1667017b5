/* Text that spreadsheet programs must not take for a formula (OWASP, "CSV Injection"). Pure. */
#pragma once

#include "common/arena.h"

/* The text, with an apostrophe in front where it begins with = + - @ TAB or CR, or with apostrophes
 * and then one of these: so that export_cell_plain gives back exactly what was there. */
const char *export_cell_guard(struct arena *arena, const char *text);

/* The text without the apostrophe that export_cell_guard put there; points into text. */
const char *export_cell_plain(const char *text);
