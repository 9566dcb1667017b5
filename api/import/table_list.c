/* Reads a table of which only lists are left: a numbered recommendation, its bulleted actions, and
 * their timescales as further bullets. */
#include "api/import/table_list.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/headings.h"
#include "api/import/number.h"
#include "api/import/text_lines.h"
#include "api/import/words.h"
#include "common/text.h"
#include "common/timescale.h"

#define COLUMNS 3

struct strings {
	const char **items;
	int count;
	int capacity;
};

struct reader {
	struct import_table *table;
	struct findings *errors;
	struct arena *arena;
	struct text_lines lines;
	int line;              /* of the row */
	const char *statement; /* "R1: Work more closely …"; NULL before the first */
	struct strings before; /* lines above the bullets */
	struct strings bullets;
	struct strings after;
};

static void push(struct arena *arena, struct strings *list, const char *text)
{
	list->items =
		grow_array(arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = text;
}

/* "Recommendation Action Timescale" in one line, each of its words a heading of its own. */
static bool is_headings(struct arena *arena, const char *line, const char *names[COLUMNS])
{
	static const enum import_column wanted[COLUMNS] = { COLUMN_RECOMMENDATION, COLUMN_ACTION,
		COLUMN_TIMESCALE };
	const char *at = words_skip_space(line);
	for (int i = 0; i < COLUMNS; i++) {
		names[i] = arena_strndup(arena, at, words_length(at));
		if (headings_meaning(words_plain(arena, names[i])) != wanted[i])
			return false;
		at = words_skip_space(at + words_length(at));
	}
	return !*at;
}

static int find_headings(
	struct arena *arena, const struct text_lines *lines, const char *names[COLUMNS])
{
	for (int i = 0; i < lines->count && i < HEADINGS_BEFORE; i++) {
		if (is_headings(arena, lines->items[i].text, names))
			return i;
	}
	return -1;
}

static bool says_when(struct arena *arena, const char *text)
{
	struct timescale read;
	timescale_read(arena, text, NULL, &read);
	return read.confidence != TIMESCALE_UNREADABLE;
}

static bool all_say_when(struct arena *arena, const struct strings *list, int from)
{
	for (int i = from; i < list->count; i++) {
		if (!says_when(arena, list->items[i]))
			return false;
	}
	return true;
}

/* Where the bullets of the timescales begin. Halves are looked at first: an action such as
 * "Quarterly review" reads like a timescale. */
static int split_bullets(struct arena *arena, const struct strings *bullets)
{
	int half = bullets->count / 2;
	if (bullets->count % 2 == 0 && all_say_when(arena, bullets, half))
		return half;
	int from = bullets->count;
	while (from > 0 && says_when(arena, bullets->items[from - 1]))
		from--;
	return from;
}

static void add_bullets(struct text *cell, const struct strings *list, int from, int to)
{
	for (int i = from; i < to; i++)
		text_addf(cell, "%s• %s", cell->length ? "\n" : "", list->items[i]);
}

/* No list at all: what follows the first sentence must be the action. */
static const char *cut_sentence(struct reader *reader, struct text *actions)
{
	const char *end = strstr(reader->statement, ". ");
	if (!end)
		return reader->statement;
	text_add(actions, words_skip_space(end + 1));
	finding_add(reader->table->doubts, "run_together", reader->line, NULL,
		"The recommendation and its action stand in one line: they were parted after the "
		"first sentence");
	return arena_strndup(
		reader->arena, reader->statement, (size_t)(end + 1 - reader->statement));
}

static bool end_row(struct reader *reader)
{
	struct arena *arena = reader->arena;
	struct text actions, timescales;
	if (!reader->statement)
		return true;
	text_init(&actions, arena);
	text_init(&timescales, arena);
	for (int i = 0; i < reader->before.count; i++)
		text_addf(&actions, "%s%s", i ? "\n" : "", reader->before.items[i]);
	int last = reader->after.count;
	bool below = last && all_say_when(arena, &reader->after, 0);
	int from = below ? reader->bullets.count : split_bullets(arena, &reader->bullets);
	add_bullets(&actions, &reader->bullets, 0, from);
	add_bullets(&timescales, &reader->bullets, from, reader->bullets.count);
	for (int i = 0; i < last; i++)
		text_addf(below ? &timescales : &actions, "\n%s", reader->after.items[i]);
	const char *statement = actions.length || timescales.length
					? reader->statement
					: cut_sentence(reader, &actions);
	const char **cells = arena_alloc(arena, sizeof(*cells) * COLUMNS);
	cells[0] = statement;
	cells[1] = actions.bytes;
	cells[2] = timescales.bytes;
	struct import_row row = { .line = reader->line, .count = COLUMNS, .cells = cells };
	return table_add(reader->table, &row, reader->errors);
}

static void start_row(struct reader *reader, const struct text_line *line)
{
	reader->statement = words_tidy(reader->arena, line->text, strlen(line->text));
	reader->line = line->number;
	reader->before.count = reader->bullets.count = reader->after.count = 0;
}

static bool take_line(struct reader *reader, const struct text_line *line)
{
	static const char *const marks[] = { "•", "·", "- ", "* ", "o " };
	const char *at = words_skip_space(line->text);
	const char *text = at;
	if (number_take(reader->arena, &text)) {
		bool done = end_row(reader);
		start_row(reader, line);
		return done;
	}
	const char *words = words_tidy(reader->arena, at, strlen(at));
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		if (strncmp(at, marks[i], strlen(marks[i])) != 0)
			continue;
		at = words_skip_space(at + strlen(marks[i]));
		push(reader->arena, &reader->bullets, words_tidy(reader->arena, at, strlen(at)));
		return true;
	}
	push(reader->arena, reader->bullets.count ? &reader->after : &reader->before, words);
	return true;
}

static bool add_line(struct reader *reader, const char *const *cells, int count, int number)
{
	struct import_row row = { .line = number, .count = count };
	row.cells = arena_alloc(reader->arena, sizeof(*cells) * (size_t)count);
	memcpy(row.cells, cells, sizeof(*cells) * (size_t)count);
	return table_add(reader->table, &row, reader->errors);
}

bool table_list_fits(struct arena *arena, const char *text)
{
	struct text_lines lines;
	const char *names[COLUMNS];
	text_lines_split(arena, text, &lines);
	return find_headings(arena, &lines, names) >= 0;
}

bool table_list_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct reader reader = { .table = table, .errors = errors, .arena = table->arena };
	const char *names[COLUMNS];
	text_lines_split(table->arena, text, &reader.lines);
	int first = find_headings(table->arena, &reader.lines, names);
	for (int i = 0; i < first; i++) {
		const struct text_line *line = &reader.lines.items[i];
		if (!line->blank && !add_line(&reader, &line->text, 1, line->number))
			return false;
	}
	if (!add_line(&reader, names, COLUMNS, first + 1))
		return false;
	for (int i = first + 1; i < reader.lines.count; i++) {
		const struct text_line *line = &reader.lines.items[i];
		if (!line->blank && !take_line(&reader, line))
			return false;
	}
	return end_row(&reader);
}
