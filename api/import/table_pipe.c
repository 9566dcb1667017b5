/* Reads tables drawn with "|", as web pages and Markdown text have them. */
#include "api/import/table_pipe.h"

#include <string.h>
#include <strings.h>

#include "api/import/headings.h"
#include "api/import/text_lines.h"
#include "api/import/words.h"
#include "common/text.h"

struct reader {
	struct import_table *table;
	struct findings *errors;
	int columns;     /* of the headings above; 0: there were none yet */
	int pipes;       /* that end a row */
	struct text row; /* the row so far, its lines parted by line breaks */
	int row_line;
	bool open;
	size_t last_line; /* where the row's last line starts in it */
	bool after_break;
	bool markdown;
};

/* "\|" is a pipe of the words. */
static int count_pipes(const char *text)
{
	int count = 0;
	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == '|')
			text++;
		else
			count += *text == '|';
	}
	return count;
}

/* The length of a mark of HTML or Markdown that is no word: "<br>", "<br />", "**". */
static size_t mark_length(const char *at)
{
	if (!strncmp(at, "**", 2))
		return 2;
	if (strncasecmp(at, "<br", 3) != 0)
		return 0;
	size_t length = 3 + strspn(at + 3, " /");
	return at[length] == '>' ? length + 1 : 0;
}

/* "<br>" is a line break, and bold words are words. */
static char *cut_cell(struct arena *arena, const char *text, size_t length)
{
	char *cell = arena_strndup(arena, text, length);
	char *out = cell;
	for (const char *at = cell; *at;) {
		size_t mark = mark_length(at);
		if (mark && *at == '<')
			*out++ = '\n';
		at += mark;
		if (mark)
			continue;
		at += at[0] == '\\' && at[1] == '|';
		*out++ = *at++;
	}
	*out = '\0';
	while (out > cell && strchr(" \t\n", out[-1]))
		*--out = '\0';
	return cell + strspn(cell, " \t\n");
}

static size_t cell_length(const char *at)
{
	const char *end = at;
	while (*end && *end != '|')
		end += end[0] == '\\' && end[1] == '|' ? 2 : 1;
	return (size_t)(end - at);
}

/* A pipe at the line's start, and one at its end, only frame the row. */
static struct import_row cut_row(struct arena *arena, const char *text, int line)
{
	struct import_row row = { .line = line };
	const char *at = words_skip_space(text);
	at += *at == '|';
	row.cells = arena_alloc(arena, sizeof(*row.cells) * (size_t)(count_pipes(at) + 1));
	for (;;) {
		size_t length = cell_length(at);
		bool last = at[length] != '|';
		char *cell = cut_cell(arena, at, length);
		if (!last || *cell || !row.count)
			row.cells[row.count++] = cell;
		if (last)
			return row;
		at += length + 1;
	}
}

static bool is_rule(const char *text)
{
	return strchr(text, '-') && strspn(text, "-|: \t") == strlen(text);
}

static bool is_comment(const char *text)
{
	const char *at = words_skip_space(text);
	return !strncmp(at, "<!--", 4) && strstr(at, "-->");
}

static bool is_headings(struct arena *arena, const char *text, struct import_row *row)
{
	struct headings unused;
	if (count_pipes(text) < 1)
		return false;
	*row = cut_row(arena, text, 1);
	return headings_match(arena, row, &unused, NULL);
}

static bool add(struct reader *reader, struct import_row *row)
{
	row->after_break = reader->after_break;
	reader->after_break = false;
	for (int i = 0; i < row->count && i < TABLE_CELLS; i++) {
		if (strlen(row->cells[i]) <= TABLE_CELL_BYTES)
			continue;
		finding_add(reader->errors, "cell_too_long", row->line, NULL,
			"Cell %d is longer than %zu KiB", i + 1, TABLE_CELL_BYTES / 1024);
		return false;
	}
	return table_add(reader->table, row, reader->errors);
}

/* Whatever stands below a whole row belongs to no cell of it: the row was cut off if it lacks some.
 */
static bool close_row(struct reader *reader)
{
	if (!reader->open)
		return true;
	reader->open = false;
	struct import_row row = cut_row(reader->table->arena, reader->row.bytes, reader->row_line);
	if (row.count > reader->columns && reader->columns) {
		finding_add(reader->errors, "too_many_cells", row.line, NULL,
			"The row has %d cells, but there are %d headings", row.count,
			reader->columns);
		return false;
	}
	return add(reader, &row);
}

/* "# Our plan" is a heading of Markdown. */
static const char *skip_heading_mark(const char *text)
{
	size_t marks = strspn(text, "#");
	return marks && marks <= 6 && text[marks] == ' ' ? text + marks + 1 : text;
}

static bool add_line(struct reader *reader, const struct text_line *line)
{
	const char **cell = arena_alloc(reader->table->arena, sizeof(*cell));
	*cell = reader->markdown ? skip_heading_mark(line->text) : line->text;
	struct import_row row = { .line = line->number, .count = 1, .cells = cell };
	return add(reader, &row);
}

/* The line above headings is no part of the row before them, however few cells that has. */
static bool take_headings(
	struct reader *reader, const struct text_line *line, struct import_row *row)
{
	const char *last = reader->row.bytes + reader->last_line;
	bool title = reader->open && reader->last_line && !count_pipes(last);
	struct text_line above = { .number = line->number - 1 };
	if (title) {
		above.text = arena_strdup(reader->table->arena, last);
		reader->row.bytes[reader->last_line - 1] = '\0';
	}
	if (!close_row(reader) || (title && !add_line(reader, &above)))
		return false;
	row->line = line->number;
	reader->columns = row->count;
	reader->pipes = count_pipes(line->text);
	return add(reader, row);
}

static bool is_whole(const struct reader *reader)
{
	const char *text = reader->row.bytes;
	size_t end = strlen(text);
	while (end && words_space(text + end - 1))
		end--;
	bool closed = reader->pipes >= reader->columns;
	bool enough = count_pipes(text) >= reader->pipes;
	return enough && (!closed || (end && text[end - 1] == '|'));
}

static bool take_cells(struct reader *reader, const struct text_line *line)
{
	bool whole_line = count_pipes(line->text) >= reader->pipes;
	if (whole_line && !close_row(reader))
		return false;
	if (!reader->open) {
		text_init(&reader->row, reader->table->arena);
		reader->row_line = line->number;
	} else {
		text_add(&reader->row, "\n");
	}
	reader->open = true;
	reader->last_line = reader->row.length;
	text_add(&reader->row, line->text);
	return !is_whole(reader) || close_row(reader);
}

static bool take_line(struct reader *reader, const struct text_line *line)
{
	struct import_row row;
	if (line->blank || is_rule(line->text) || is_comment(line->text)) {
		reader->after_break |= line->blank;
		return true;
	}
	if (is_headings(reader->table->arena, line->text, &row))
		return take_headings(reader, line, &row);
	if (!reader->columns || (!reader->open && !count_pipes(line->text)))
		return add_line(reader, line);
	return take_cells(reader, line);
}

/* A line parts the headings from the rows. Several lines that begin with "#" are a note on the
 * file, while a document has one title. */
static bool is_markdown(const struct text_lines *lines)
{
	bool ruled = false;
	int titles = 0;
	for (int i = 0; i < lines->count && i < HEADINGS_BEFORE; i++) {
		const char *line = lines->items[i].text;
		ruled |= is_rule(line) && strchr(line, '|');
		titles += !strncmp(line, "# ", 2);
	}
	return ruled && titles < 2;
}

bool table_pipe_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct reader reader = { .table = table, .errors = errors };
	struct text_lines lines;
	text_lines_split(table->arena, text, &lines);
	text_init(&reader.row, table->arena);
	reader.markdown = is_markdown(&lines);
	for (int i = 0; i < lines.count; i++) {
		if (!take_line(&reader, &lines.items[i]))
			return false;
	}
	if (lines.too_many)
		finding_add(errors, "too_many_lines", TEXT_LINES, NULL,
			"There are more than %d lines", TEXT_LINES);
	return !lines.too_many && close_row(&reader);
}

bool table_pipe_fits(struct arena *arena, const char *text)
{
	struct text_lines lines;
	struct import_row row;
	text_lines_split(arena, text, &lines);
	for (int i = 0; i < lines.count && i < HEADINGS_BEFORE; i++) {
		if (is_headings(arena, lines.items[i].text, &row))
			return true;
	}
	return false;
}
