/* A plan's table as comma-separated values (RFC 4180). Pure. */
#include "api/export/export_csv.h"

#include <stdbool.h>
#include <string.h>

#include "api/export/export_cell.h"

/* Space at an end is quoted too: some readers take it away otherwise. */
static bool needs_quotes(const char *text)
{
	size_t length = strlen(text);
	return length &&
	       (text[strcspn(text, "\",\r\n\t")] || text[0] == ' ' || text[length - 1] == ' ');
}

static void add_cell(struct text *out, const char *cell)
{
	const char *text = export_cell_guard(out->arena, cell);
	if (!needs_quotes(text)) {
		text_add(out, text);
		return;
	}
	text_add(out, "\"");
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, "\"");
		text_add_bytes(out, at, length);
		at += length;
		if (*at) {
			text_add(out, "\"\"");
			at++;
		}
	}
	text_add(out, "\"");
}

void export_csv_write(const struct export_table *table, struct text *out)
{
	text_add(out, "\xef\xbb\xbf");
	for (int j = 0; j < EXPORT_COLUMNS; j++) {
		text_add(out, j ? "," : "");
		add_cell(out, export_headings[j].name);
	}
	text_add(out, "\r\n");
	for (int i = 0; i < table->count; i++) {
		for (int j = 0; j < EXPORT_COLUMNS; j++) {
			text_add(out, j ? "," : "");
			add_cell(out, table->rows[i][j]);
		}
		text_add(out, "\r\n");
	}
}
