/* What stands among a table's rows and is none: rules, page numbers, totals, notes. Pure. */
#include "api/import/rows_line.h"

#include <string.h>

#include "api/import/words.h"

#define DIGITS "0123456789"

bool rows_line_is_rule(const struct import_row *row)
{
	for (int i = 0; i < row->count; i++) {
		if (strspn(row->cells[i], "-=_ :|") != strlen(row->cells[i]))
			return false;
	}
	return true;
}

bool rows_line_is_page(const char *line)
{
	size_t rest = strcspn(line, DIGITS);
	bool page = !strncmp(line, "Page ", 5) || !strncmp(line, "page ", 5);
	bool number = rest == 0 && strspn(line, DIGITS " /|") == strlen(line);
	return (page && rest == 5 && strlen(line) < 20) || number;
}

static const char *first_cell(const struct import_row *row)
{
	for (int i = 0; i < row->count; i++) {
		if (!words_blank(row->cells[i]))
			return row->cells[i];
	}
	return "";
}

bool rows_line_is_line(const struct headings *headings, const struct import_row *row)
{
	if (row->count == 1)
		return true;
	const char *number = words_skip_space(table_cell(row, headings->at[COLUMN_NUMBER]));
	if (!*number || table_row_filled(row) != 1)
		return false;
	const char *second = words_skip_space(number + words_length(number));
	const char *third = words_skip_space(second + words_length(second));
	return *second && (*third || strchr(number, ':'));
}

static bool is_blank(
	const struct headings *headings, const struct import_row *row, enum import_column column)
{
	return words_blank(table_cell(row, headings->at[column]));
}

static bool begins(const char *plain, const char *word)
{
	size_t length = strlen(word);
	return !strncmp(plain, word, length) && (!plain[length] || plain[length] == ' ');
}

bool rows_line_is_footer(
	struct arena *arena, const struct headings *headings, const struct import_row *row)
{
	static const char *const totals[] = { "total", "totals", "grand total", "subtotal",
		"sub total", "cyfanswm" };
	static const char *const notes[] = { "note", "notes", "key", "source", "sources", "allwedd",
		"nodiadau" };
	const char *first = words_skip_space(first_cell(row));
	size_t length = strcspn(first, ": \n");
	if (row->count < 2 || !*first || length > 12 || !is_blank(headings, row, COLUMN_ACTION) ||
		!is_blank(headings, row, COLUMN_LEAD) || !is_blank(headings, row, COLUMN_TIMESCALE))
		return false;
	const char *plain = words_plain(arena, first);
	for (size_t i = 0; i < sizeof(totals) / sizeof(*totals); i++) {
		if (begins(plain, totals[i]))
			return true;
	}
	bool lone = table_row_filled(row) == 1 && (first[length] == ':' || !first[length]);
	for (size_t i = 0; lone && i < sizeof(notes) / sizeof(*notes); i++) {
		if (begins(plain, notes[i]))
			return true;
	}
	return false;
}

const char *rows_line_text(struct arena *arena, const struct import_row *row)
{
	const char *line = "";
	for (int i = 0; i < row->count; i++) {
		const char *cell = words_tidy(arena, row->cells[i], strlen(row->cells[i]));
		if (*cell)
			line = *line ? arena_printf(arena, "%s | %s", line, cell) : cell;
	}
	return line;
}
