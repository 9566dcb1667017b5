/* Reads tables whose rows are lost and whose cells are left, one after the other: each ended by
 * "|", or each a paragraph. How many make a row, the headings and the dates below them tell. */
#include "api/import/table_grid.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/headings.h"
#include "api/import/text_lines.h"
#include "api/import/words.h"
#include "common/timescale.h"

#define COLUMNS_LEAST 3
#define COLUMNS_MOST 24
#define HEADING_CHARACTERS 60
#define STARTS 200 /* cells that may stand before the headings */
#define SAMPLE 60  /* rows that are looked at */
#define CELLS 100000

struct cell {
	const char *text;
	int line;
};

struct grid {
	struct arena *arena;
	struct cell *cells;
	int count;
	int capacity;
	int start;   /* the first heading */
	int columns; /* 0: none found */
	int sure;    /* how many in a hundred timescales must be readable */
};

static void push(struct grid *grid, const char *text, int line)
{
	if (grid->count == CELLS)
		return;
	grid->cells = grow_array(
		grid->arena, grid->cells, grid->count, &grid->capacity, sizeof(*grid->cells));
	grid->cells[grid->count++] = (struct cell){ .text = text, .line = line };
}

/* ---- how many columns ---- */

/* The lines above the table stand in its first cell. */
static const char *last_line(const char *text)
{
	const char *end = strrchr(text, '\n');
	return end ? end + 1 : text;
}

static enum import_column meaning(const struct grid *grid, int i)
{
	if (i >= grid->count)
		return COLUMN_UNKNOWN;
	return headings_meaning(words_plain(grid->arena, last_line(grid->cells[i].text)));
}

static bool can_head(const struct grid *grid, int i)
{
	return words_characters(last_line(grid->cells[i].text)) <= HEADING_CHARACTERS;
}

static bool match(const struct grid *grid, int start, int columns, struct headings *out)
{
	const char **names = arena_alloc(grid->arena, sizeof(*names) * (size_t)columns);
	for (int i = 0; i < columns; i++) {
		names[i] = i ? grid->cells[start + i].text : last_line(grid->cells[start].text);
	}
	struct import_row *row = arena_alloc(grid->arena, sizeof(*row));
	*row = (struct import_row){ .line = 1, .count = columns, .cells = names };
	return headings_match(grid->arena, row, out, NULL);
}

/* How many in a hundred of the cells below the timescale's heading say when. */
static int score(const struct grid *grid, int start, int columns, const struct headings *headings)
{
	int filled = 0;
	int readable = 0;
	int first = start + columns + headings->at[COLUMN_TIMESCALE];
	for (int i = first; i < grid->count && i < first + SAMPLE * columns; i += columns) {
		struct timescale read;
		if (words_blank(grid->cells[i].text))
			continue;
		timescale_read(grid->arena, grid->cells[i].text, NULL, &read);
		readable +=
			read.confidence != TIMESCALE_UNREADABLE || read.kind != TIMESCALE_UNKNOWN;
		filled++;
	}
	return filled ? readable * 100 / filled : 0;
}

/* All of them must be headings; the first may be blank, above the numbers. */
static bool are_headings(const struct grid *grid, int start, int columns)
{
	for (int i = 0; i < columns; i++) {
		bool blank = i == 0 && words_blank(last_line(grid->cells[start].text));
		if (!blank &&
			(!can_head(grid, start + i) || meaning(grid, start + i) == COLUMN_UNKNOWN))
			return false;
	}
	return true;
}

static int try(const struct grid *grid, int start, int columns)
{
	struct headings headings;
	int left = grid->count - start;
	bool whole = left % columns == 0 && left / columns > 1;
	if (!whole || !are_headings(grid, start, columns) ||
		!match(grid, start, columns, &headings) ||
		!headings_has(&headings, COLUMN_TIMESCALE))
		return 0;
	return score(grid, start, columns, &headings);
}

static bool can_start(const struct grid *grid, int i)
{
	bool blank = words_blank(last_line(grid->cells[i].text));
	return meaning(grid, blank ? i + 1 : i) < COLUMN_COUNT;
}

/* False when no number of columns fits, or two fit as well as each other: no guess. */
static bool find(struct grid *grid)
{
	int best = grid->sure - 1;
	bool tied = true;
	for (int start = 0; start < grid->count && start < STARTS; start++) {
		for (int n = COLUMNS_LEAST; can_start(grid, start) && n <= COLUMNS_MOST; n++) {
			int found = try(grid, start, n);
			tied = found == best ? true : found < best && tied;
			if (found <= best)
				continue;
			best = found;
			grid->start = start;
			grid->columns = n;
		}
	}
	return !tied;
}

/* ---- the rows ---- */

static bool add_row(struct import_table *table, const struct grid *grid, int first, int count,
	struct findings *errors)
{
	struct import_row row = { .line = grid->cells[first].line, .count = count };
	row.cells = arena_alloc(grid->arena, sizeof(*row.cells) * (size_t)count);
	for (int i = 0; i < count; i++) {
		row.cells[i] = grid->cells[first + i].text;
		if (strlen(row.cells[i]) <= TABLE_CELL_BYTES)
			continue;
		finding_add(errors, "cell_too_long", row.line, NULL,
			"Cell %d is longer than %zu KiB", i + 1, TABLE_CELL_BYTES / 1024);
		return false;
	}
	return table_add(table, &row, errors);
}

static bool add_line(
	struct import_table *table, const char *text, int line, struct findings *errors)
{
	const char **cell = arena_alloc(table->arena, sizeof(*cell));
	*cell = text;
	struct import_row row = { .line = line, .count = 1, .cells = cell };
	return words_blank(text) || table_add(table, &row, errors);
}

/* Everything above the headings, a line each. */
static bool add_preamble(struct import_table *table, struct grid *grid, struct findings *errors)
{
	for (int i = 0; i <= grid->start; i++) {
		struct cell *cell = &grid->cells[i];
		struct text_lines lines;
		text_lines_split(table->arena, cell->text, &lines);
		int count = i == grid->start ? lines.count - 1 : lines.count;
		if (i == grid->start && !*last_line(cell->text))
			count = lines.count;
		for (int j = 0; j < count; j++) {
			if (!add_line(table, lines.items[j].text, cell->line + j, errors))
				return false;
		}
	}
	struct cell *first = &grid->cells[grid->start];
	first->text = last_line(first->text);
	return true;
}

static bool read_grid(struct import_table *table, struct grid *grid, struct findings *errors)
{
	if (!add_preamble(table, grid, errors))
		return false;
	for (int i = grid->start; i < grid->count; i += grid->columns) {
		if (!add_row(table, grid, i, grid->columns, errors))
			return false;
	}
	finding_add(table->doubts, "rows_counted", grid->cells[grid->start].line, NULL,
		"Nothing parts the rows of the table: every %d cells were taken for one, as there are "
		"%d headings",
		grid->columns, grid->columns);
	return true;
}

/* ---- "|" behind each cell ---- */

static void cut_pipes(struct grid *grid, const char *text)
{
	int line = 1;
	for (const char *end = strchr(text, '|'); end; end = strchr(text, '|')) {
		size_t length = (size_t)(end - text);
		char *cell = arena_strndup(grid->arena, text, length);
		int first = line;
		for (char *at = cell; *at; at++)
			line += *at == '\n';
		/* The line break behind the "|" before belongs to no cell. */
		bool next = grid->count && *cell == '\n';
		size_t kept = strlen(cell);
		while (kept && cell[kept - 1] == ' ')
			cell[--kept] = '\0';
		push(grid, cell + next, first + next);
		text = end + 1;
	}
	if (!words_blank(text) && grid->count)
		push(grid, text, line);
}

static bool find_pipes(struct grid *grid, const char *text)
{
	grid->sure = 60;
	if (!strchr(text, '|'))
		return false;
	cut_pipes(grid, text);
	return find(grid);
}

bool table_grid_pipe_fits(struct arena *arena, const char *text)
{
	struct grid grid = { .arena = arena };
	return find_pipes(&grid, text);
}

bool table_grid_pipe_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct grid grid = { .arena = table->arena };
	return find_pipes(&grid, text) && read_grid(table, &grid, errors);
}

/* ---- paragraphs ---- */

/* A line of nothing but spaces is an empty paragraph, which an empty line only parts. */
static bool find_paragraphs(struct grid *grid, const char *text)
{
	struct text_lines lines;
	grid->sure = 90; /* a cell of two paragraphs moves all that follow */
	text_lines_split(grid->arena, text, &lines);
	bool apart = true;
	for (int i = 0; i < lines.count; i++) {
		const struct text_line *line = &lines.items[i];
		if (!*line->text) {
			apart = true;
			continue;
		}
		struct cell *last = grid->count ? &grid->cells[grid->count - 1] : NULL;
		if (apart || !last)
			push(grid, line->blank ? "" : line->text, line->number);
		else
			last->text = arena_printf(grid->arena, "%s\n%s", last->text, line->text);
		apart = false;
	}
	return find(grid);
}

bool table_grid_paragraph_fits(struct arena *arena, const char *text)
{
	struct grid grid = { .arena = arena };
	return find_paragraphs(&grid, text);
}

bool table_grid_paragraph_read(
	struct import_table *table, const char *text, struct findings *errors)
{
	struct grid grid = { .arena = table->arena };
	return find_paragraphs(&grid, text) && read_grid(table, &grid, errors);
}
