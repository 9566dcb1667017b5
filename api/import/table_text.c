/* Reads tab-separated text, as pasted from a PDF, a web page or a spreadsheet. */
#include "api/import/table_text.h"

#include <string.h>

#include "api/import/words.h"

struct reader {
	char *at; /* in our own copy, which the cells are cut from */
	int line;
	bool after_break;
	bool seen_tab;
};

static bool ends_line(char byte)
{
	return byte == '\0' || byte == '\n' || byte == '\r' || byte == '\f';
}

/* The closing quote of the cell that starts at an opening one; NULL when the quotation mark is
 * just part of the words: a closing quote stands before a tab or a line end. */
static char *closing_quote(char *open)
{
	char *limit = open + TABLE_CELL_BYTES;
	for (char *at = open + 1; *at && at < limit; at++) {
		if (*at != '"')
			continue;
		if (at[1] == '\t' || ends_line(at[1]))
			return at;
		if (at[1] != '"')
			return NULL;
		at++;
	}
	return NULL;
}

/* Puts a quoted cell's text together in its own place. */
static char *read_quoted(struct reader *reader, const char *close)
{
	char *cell = reader->at;
	char *out = cell;
	for (const char *at = cell + 1; at < close; at++) {
		reader->line += *at == '\n';
		at += at[0] == '"';
		*out++ = *at;
	}
	reader->at += close + 1 - reader->at;
	*out = '\0';
	return cell;
}

/* Leaves the reader at the tab or the line end behind the cell. The cell gets its NUL there later,
 * unless it was quoted. */
static char *read_cell(struct reader *reader)
{
	char *close = *reader->at == '"' ? closing_quote(reader->at) : NULL;
	if (close)
		return read_quoted(reader, close);
	char *cell = reader->at;
	while (*reader->at != '\t' && !ends_line(*reader->at))
		reader->at++;
	return cell;
}

/* Steps over one line end; returns false at the end of the text. */
static bool next_line(struct reader *reader, char end)
{
	if (!end)
		return false;
	if (end == '\f') {
		reader->after_break = true;
		reader->at++;
		return true;
	}
	reader->at += end == '\r' && reader->at[1] == '\n' ? 2 : 1;
	reader->line++;
	return true;
}

/* Cuts one line into cells; returns what ended it. */
static char read_row(struct reader *reader, const char **cells, struct import_row *row)
{
	char end;
	do {
		char *cell = read_cell(reader);
		end = *reader->at;
		*reader->at = '\0';
		if (row->count < TABLE_CELLS)
			cells[row->count] = cell;
		row->count++;
		if (end == '\t') {
			reader->seen_tab = true;
			reader->at++;
		}
	} while (end == '\t');
	return end;
}

static bool check_cells(
	const char *const *cells, const struct import_row *row, struct findings *errors)
{
	int count = row->count < TABLE_CELLS ? row->count : TABLE_CELLS;
	for (int i = 0; i < count; i++) {
		if (strlen(cells[i]) <= TABLE_CELL_BYTES)
			continue;
		finding_add(errors, "cell_too_long", row->line, NULL,
			"Cell %d is longer than %zu KiB", i + 1, TABLE_CELL_BYTES / 1024);
		return false;
	}
	return true;
}

static bool keep_row(struct import_table *table, struct reader *reader, struct import_row *row,
	const char **cells, struct findings *errors)
{
	if (!check_cells(cells, row, errors))
		return false;
	row->cells = cells;
	if (row->count <= TABLE_CELLS && !table_row_filled(row)) {
		reader->after_break = true;
		return true;
	}
	size_t count = (size_t)(row->count < TABLE_CELLS ? row->count : TABLE_CELLS);
	row->cells = arena_alloc(table->arena, count * sizeof(*cells));
	memcpy(row->cells, cells, count * sizeof(*cells));
	row->after_break = reader->after_break;
	reader->after_break = false;
	return table_add(table, row, errors);
}

bool table_text_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct reader reader = { .line = 1, .at = arena_strdup(table->arena, text) };
	const char *cells[TABLE_CELLS];
	char end;
	do {
		struct import_row row = { .line = reader.line };
		end = read_row(&reader, cells, &row);
		if (!keep_row(table, &reader, &row, cells, errors))
			return false;
	} while (next_line(&reader, end));
	if (!table->count)
		finding_add(errors, "empty_file", 0, NULL, "The file holds no text");
	else if (!reader.seen_tab)
		finding_add(errors, "no_table", 0, NULL,
			"No table can be made out: its cells must be parted by tabs, commas or “|”. "
			"Where each is a paragraph of its own, which column it belongs to cannot be "
			"told: import the document itself (.docx, .xlsx), or save the table as CSV");
	return table->count && reader.seen_tab;
}
