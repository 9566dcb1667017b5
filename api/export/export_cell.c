/* Text that spreadsheet programs must not take for a formula (OWASP, "CSV Injection"). Pure. */
#include "api/export/export_cell.h"

#include <stdbool.h>
#include <string.h>

static bool is_formula(const char *text)
{
	const char *first = text + strspn(text, "'");
	return *first && strchr("=+-@\t\r", *first);
}

const char *export_cell_guard(struct arena *arena, const char *text)
{
	return is_formula(text) ? arena_printf(arena, "'%s", text) : text;
}

const char *export_cell_plain(const char *text)
{
	return *text == '\'' && is_formula(text) ? text + 1 : text;
}
