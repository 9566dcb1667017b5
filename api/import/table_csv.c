/* Reads comma-separated text, as spreadsheets save it (RFC 4180). */
#include "api/import/table_csv.h"

#include <csv.h>
#include <string.h>

#include "api/import/headings.h"
#include "api/import/words.h"
#include "common/log.h"

#define BLOCK_BYTES ((size_t)64 * 1024) /* by which libcsv's buffer grows */
#define FITS_LINES 200                  /* that table_csv_fits looks at */

static const char delimiters[] = ",;\t";

struct reader {
	struct import_table *table;
	struct findings *errors;
	const char *cells[TABLE_CELLS];
	int count;
	int line;     /* the one being fed */
	int row_line; /* where the row started */
	bool in_row;
	bool after_break;
	bool failed;
};

/* libcsv would trim unquoted cells; a space at a cell's start tells of a lost bullet. */
static int is_no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static void take_cell(void *bytes, size_t length, void *data)
{
	struct reader *reader = data;
	if (length > TABLE_CELL_BYTES && !reader->failed) {
		reader->failed = true;
		finding_add(reader->errors, "cell_too_long", reader->row_line, NULL,
			"Cell %d is longer than %zu KiB", reader->count + 1,
			TABLE_CELL_BYTES / 1024);
	}
	if (reader->count < TABLE_CELLS && !reader->failed)
		reader->cells[reader->count] = arena_strndup(reader->table->arena, bytes, length);
	reader->count++;
}

static void take_row(int end, void *data)
{
	(void)end;
	struct reader *reader = data;
	struct import_row row = {
		.line = reader->row_line, .count = reader->count, .cells = reader->cells
	};
	reader->in_row = false;
	reader->count = 0;
	if (reader->failed)
		return;
	if (row.count <= TABLE_CELLS && !table_row_filled(&row)) {
		reader->after_break = true;
		return;
	}
	size_t count = (size_t)(row.count < TABLE_CELLS ? row.count : TABLE_CELLS);
	row.cells = arena_alloc(reader->table->arena, count * sizeof(*row.cells));
	memcpy(row.cells, reader->cells, count * sizeof(*row.cells));
	row.after_break = reader->after_break;
	reader->after_break = false;
	reader->failed = !table_add(reader->table, &row, reader->errors);
}

/* One line with its end, which is what lets rows be told by their line. */
static void feed_line(
	struct reader *reader, struct csv_parser *parser, const char *line, size_t length)
{
	bool blank = *line == '\r' || *line == '\n';
	if (!reader->in_row) {
		reader->row_line = reader->line;
		reader->after_break |= blank;
		reader->in_row = !blank;
	}
	if (csv_parse(parser, line, length, take_cell, take_row, reader) != length)
		fatal("out of memory reading a file: %s", csv_strerror(csv_error(parser)));
	reader->line++;
}

static size_t line_length(const char *at)
{
	size_t length = 0;
	while (at[length] && at[length] != '\r' && at[length] != '\n')
		length++;
	if (at[length] == '\r' && at[length + 1] == '\n')
		return length + 2;
	return at[length] ? length + 1 : length;
}

static bool read_with(
	struct import_table *table, const char *text, char delimiter, struct findings *errors)
{
	struct reader reader = { .table = table, .errors = errors, .line = 1 };
	struct csv_parser parser;
	if (csv_init(&parser, 0) != 0)
		fatal("libcsv cannot start");
	csv_set_delim(&parser, (unsigned char)delimiter);
	csv_set_space_func(&parser, is_no_space);
	csv_set_blk_size(&parser, BLOCK_BYTES);
	for (const char *at = text; *at && !reader.failed;) {
		size_t length = line_length(at);
		feed_line(&reader, &parser, at, length);
		at += length;
	}
	/* Only the end is strict: a quotation mark within a word is just one. */
	csv_set_opts(&parser, CSV_STRICT | CSV_STRICT_FINI);
	if (!reader.failed && csv_fini(&parser, take_cell, take_row, &reader) != 0) {
		reader.failed = true;
		finding_add(errors, "quote_open", reader.row_line, NULL,
			"The double quote that opens in this row is never closed");
	}
	csv_free(&parser);
	return !reader.failed;
}

/* A sentence with commas may look like headings, but no row like it follows. */
static bool is_table(struct arena *arena, const struct import_table *table)
{
	int headings = headings_find(arena, table);
	for (int i = headings + 1; headings >= 0 && i < table->count; i++) {
		if (table->rows[i].count == table->rows[headings].count)
			return true;
	}
	return false;
}

/* The delimiter whose first lines hold a row of headings, or NUL. */
static char find_delimiter(struct arena *arena, const char *text)
{
	size_t length = 0;
	for (int line = 0; line < FITS_LINES && text[length]; line++)
		length += line_length(text + length);
	char *start = arena_strndup(arena, text, length);
	for (const char *at = delimiters; *at; at++) {
		struct import_table table;
		struct findings unused;
		finding_init(&unused, arena);
		table_init(&table, arena);
		/* What goes wrong here is found again, and told, when all of it is read. */
		bool whole = read_with(&table, start, *at, &unused);
		if ((whole || table.count) && is_table(arena, &table))
			return *at;
	}
	return '\0';
}

bool table_csv_fits(struct arena *arena, const char *text)
{
	char delimiter = find_delimiter(arena, text);
	return delimiter == ',' || delimiter == ';';
}

bool table_csv_read(struct import_table *table, const char *text, struct findings *errors)
{
	char delimiter = find_delimiter(table->arena, text);
	if (!delimiter)
		delimiter = ',';
	if (!read_with(table, text, delimiter, errors))
		return false;
	if (!table->count)
		finding_add(errors, "empty_file", 0, NULL, "The file holds no text");
	return table->count > 0;
}
