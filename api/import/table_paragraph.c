/* Reads a table of which only the paragraphs are left, one a cell. */
#include "api/import/table_paragraph.h"

#include <string.h>
#include <strings.h>

#include "api/import/headings.h"
#include "api/import/number.h"
#include "api/import/part.h"
#include "api/import/text_lines.h"
#include "api/import/words.h"

#define HEADING_CHARACTERS 40
#define HEADINGS_MAX 12

struct reader {
	struct import_table *table;
	struct findings *errors;
	struct arena *arena;
	struct text_lines lines; /* of which the blank ones part paragraphs */
	int first;               /* the line of the first row */
	const char *names[HEADINGS_MAX];
	int columns;
	int headings_from; /* the line of the first heading */
};

static bool starts_row(struct arena *arena, const char *line)
{
	const char *text = line;
	return number_take(arena, &text) != NULL;
}

static bool can_head(const struct text_line *line)
{
	return words_characters(line->text) <= HEADING_CHARACTERS && !strchr(line->text, ':');
}

static enum import_column meaning(struct arena *arena, const char *text)
{
	return headings_meaning(words_plain(arena, text));
}

/* "Cabinet" and "Member" in paragraphs of their own are one heading. */
static void add_heading(struct reader *reader, const char *line)
{
	struct arena *arena = reader->arena;
	const char *name = words_tidy(arena, line, strlen(line));
	const char **last = reader->columns ? &reader->names[reader->columns - 1] : NULL;
	if (last && meaning(arena, *last) == COLUMN_UNKNOWN) {
		const char *both = arena_printf(arena, "%s %s", *last, name);
		if (meaning(arena, both) != COLUMN_UNKNOWN) {
			*last = both;
			return;
		}
	}
	if (reader->columns < HEADINGS_MAX)
		reader->names[reader->columns++] = name;
}

static bool find_headings(struct reader *reader)
{
	const struct text_lines *lines = &reader->lines;
	struct headings unused;
	int marker = 0;
	while (marker < lines->count && marker < HEADINGS_BEFORE &&
		!starts_row(reader->arena, lines->items[marker].text))
		marker++;
	if (marker == lines->count)
		return false;
	int from = marker;
	while (from > 0 && (lines->items[from - 1].blank || can_head(&lines->items[from - 1])))
		from--;
	for (int i = from; i < marker; i++) {
		if (lines->items[i].blank)
			continue;
		reader->headings_from = reader->columns ? reader->headings_from : i;
		add_heading(reader, lines->items[i].text);
	}
	struct import_row row = {
		.line = reader->headings_from + 1, .count = reader->columns, .cells = reader->names
	};
	reader->first = marker;
	return reader->columns > 2 && headings_match(reader->arena, &row, &unused, NULL);
}

static bool add_row(struct reader *reader, const char *const *cells, int count, int line)
{
	struct import_row row = { .line = line, .count = count };
	row.cells = arena_alloc(reader->arena, sizeof(*cells) * (size_t)count);
	memcpy(row.cells, cells, sizeof(*cells) * (size_t)count);
	return table_add(reader->table, &row, reader->errors);
}

/* Joins wrapped paragraphs until there are as many as columns. Returns how many are left. */
static int join_wrapped(struct reader *reader, const char **cells, int count)
{
	for (int i = 0; i + 1 < count && count > reader->columns;) {
		if (!part_wraps(cells[i], cells[i + 1])) {
			i++;
			continue;
		}
		cells[i] = arena_printf(reader->arena, "%s %s", cells[i], cells[i + 1]);
		memmove(&cells[i + 1], &cells[i + 2], sizeof(*cells) * (size_t)(count - i - 2));
		count--;
	}
	return count;
}

static bool end_row(struct reader *reader, const char **cells, int count, int line)
{
	int left = join_wrapped(reader, cells, count);
	if (left != reader->columns) {
		finding_add(reader->errors, "paragraphs_unmatched", line, NULL,
			"The row has %d paragraphs, but there are %d headings: which is which "
			"cannot be told",
			left, reader->columns);
		return true; /* further rows are looked at, so that all faults are told */
	}
	if (left < count)
		finding_add(reader->table->doubts, "paragraphs_joined", line, NULL,
			"A cell is broken over two paragraphs: they were joined");
	return add_row(reader, cells, left, line);
}

/* Footnotes end the table. */
static bool is_note(const char *line)
{
	const char *at = words_skip_space(line);
	return *at == '[' || strncasecmp(at, "note", 4) == 0;
}

static bool read_rows(struct reader *reader)
{
	const char *cells[TABLE_CELLS];
	int count = 0;
	int line = 0;
	for (int i = reader->first; i < reader->lines.count; i++) {
		const struct text_line *next = &reader->lines.items[i];
		if (next->blank)
			continue;
		bool full = count >= reader->columns;
		if (full && is_note(next->text))
			break;
		if (count && starts_row(reader->arena, next->text)) {
			if (!end_row(reader, cells, count, line))
				return false;
			count = 0;
		}
		if (!count)
			line = next->number;
		if (count == TABLE_CELLS)
			break; /* end_row tells that they are too many */
		cells[count++] = words_tidy(reader->arena, next->text, strlen(next->text));
	}
	return !count || end_row(reader, cells, count, line);
}

bool table_paragraph_fits(struct arena *arena, const char *text)
{
	struct reader reader = { .arena = arena };
	text_lines_split(arena, text, &reader.lines);
	return find_headings(&reader);
}

bool table_paragraph_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct reader reader = { .table = table, .errors = errors, .arena = table->arena };
	text_lines_split(table->arena, text, &reader.lines);
	if (!find_headings(&reader))
		return false;
	for (int i = 0; i < reader.headings_from; i++) {
		const struct text_line *line = &reader.lines.items[i];
		if (!line->blank && !add_row(&reader, &line->text, 1, line->number))
			return false;
	}
	return add_row(&reader, reader.names, reader.columns, reader.headings_from + 1) &&
	       read_rows(&reader) && !errors->count;
}
