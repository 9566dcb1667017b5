/* Reads cards: an action a block, each of its cells on a line of its own behind its heading. */
#include "api/import/table_card.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/headings.h"
#include "api/import/text_lines.h"
#include "api/import/words.h"

#define KEYS 24 /* headings of a card */
#define KEY_BYTES 60
#define KEYS_LEAST 2
#define MARK_BYTES 8 /* "1.01", "R12" */
#define TITLE_COLUMNS 2

struct card {
	int line;
	const char *mark; /* the number in front of the title */
	const char *title;
	const char *values[KEYS]; /* by the reader's keys; NULL = none */
	int count;
};

struct reader {
	struct arena *arena;
	const char *keys[KEYS]; /* as they came first */
	int key_count;
	struct card *cards;
	int count;
	int capacity;
	int last_key; /* the one whose value may go on, or -1 */
	bool too_many;
	struct text_line *above; /* lines before the first card */
	int above_count;
	int above_capacity;
	const struct text_line *title; /* may be the next card's */
	bool after_blank;
};

/* The value behind a heading that is known, whose name goes to *key; NULL for any other line. */
static const char *take_key(const struct reader *reader, const char *line, const char **key)
{
	const char *start = words_skip_space(line);
	const char *colon = strchr(start, ':');
	if (!colon || colon == start || colon - start > KEY_BYTES)
		return NULL;
	*key = words_tidy(reader->arena, start, (size_t)(colon - start));
	bool known = headings_meaning(words_plain(reader->arena, *key)) != COLUMN_UNKNOWN;
	bool letter = words_lower(*key) || words_upper(*key);
	return known && letter ? words_skip_space(colon + 1) : NULL;
}

static int find_key(struct reader *reader, const char *key)
{
	for (int i = 0; i < reader->key_count; i++) {
		if (!strcmp(reader->keys[i], key))
			return i;
	}
	reader->too_many |= reader->key_count == KEYS;
	if (reader->key_count == KEYS)
		return -1;
	reader->keys[reader->key_count] = key;
	return reader->key_count++;
}

/* "1.01 Deliver the strategy": the number, and what follows it. */
static void cut_title(const struct reader *reader, struct card *card, const char *line)
{
	const char *title = words_tidy(reader->arena, line, strlen(line));
	size_t length = words_length(title);
	bool mark = length <= MARK_BYTES && title[length] && strpbrk(title, "0123456789") &&
		    strcspn(title, "0123456789") <= 2;
	card->mark = mark ? arena_strndup(reader->arena, title, length) : "";
	card->title = mark ? title + length + 1 : title;
}

static struct card *start_card(struct reader *reader, int line)
{
	reader->cards = grow_array(reader->arena, reader->cards, reader->count, &reader->capacity,
		sizeof(*reader->cards));
	struct card *card = &reader->cards[reader->count++];
	*card = (struct card){ .line = line, .mark = "", .title = "" };
	if (reader->title) {
		card->line = reader->title->number;
		cut_title(reader, card, reader->title->text);
	}
	reader->title = NULL;
	return card;
}

static void take_value(
	struct reader *reader, const struct text_line *line, const char *key, const char *value)
{
	struct card *card = reader->count ? &reader->cards[reader->count - 1] : NULL;
	int index = find_key(reader, key);
	if (index < 0)
		return;
	if (!card || reader->title || card->values[index])
		card = start_card(reader, line->number);
	card->values[index] = words_tidy(reader->arena, value, strlen(value));
	card->count++;
	reader->last_key = index;
}

static void keep_above(struct reader *reader, const struct text_line *line)
{
	reader->above = grow_array(reader->arena, reader->above, reader->above_count,
		&reader->above_capacity, sizeof(*reader->above));
	reader->above[reader->above_count++] = *line;
}

/* A line without a heading: the value goes on, or a card begins. */
static void take_words(struct reader *reader, const struct text_line *line)
{
	if (reader->count && !reader->after_blank && reader->last_key >= 0) {
		const char **value = &reader->cards[reader->count - 1].values[reader->last_key];
		*value = arena_printf(reader->arena, "%s\n%s", *value, line->text);
		return;
	}
	if (reader->title && !reader->count)
		keep_above(reader, reader->title);
	reader->title = line;
	reader->last_key = -1;
}

static bool has_key(const struct reader *reader, const struct text_lines *lines, int i)
{
	const char *key;
	return i >= 0 && i < lines->count && take_key(reader, lines->items[i].text, &key);
}

/* A lone line with a colon is just a line. */
static void read_cards(struct reader *reader, const struct text_lines *lines)
{
	reader->last_key = -1;
	for (int i = 0; i < lines->count; i++) {
		const struct text_line *line = &lines->items[i];
		const char *key;
		const char *value = take_key(reader, line->text, &key);
		bool lone = !has_key(reader, lines, i - 1) && !has_key(reader, lines, i + 1);
		if (value && !lone)
			take_value(reader, line, key, value);
		else if (!line->blank)
			take_words(reader, line);
		reader->after_blank = line->blank;
	}
}

static bool has_meaning(const struct reader *reader, enum import_column column)
{
	for (int i = 0; i < reader->key_count; i++) {
		if (headings_meaning(words_plain(reader->arena, reader->keys[i])) == column)
			return true;
	}
	return false;
}

/* Two cards at least, each with two headings, that say what and by when. */
static bool are_cards(const struct reader *reader)
{
	int whole = 0;
	int titled = 0;
	for (int i = 0; i < reader->count; i++) {
		whole += reader->cards[i].count >= KEYS_LEAST;
		titled += *reader->cards[i].title != '\0';
	}
	bool what = titled == reader->count || has_meaning(reader, COLUMN_ACTION);
	return !reader->too_many && whole >= 2 && whole == reader->count && what &&
	       has_meaning(reader, COLUMN_TIMESCALE);
}

/* ---- the table ---- */

static bool add(struct import_table *table, int line, const char *const *cells, int count,
	struct findings *errors)
{
	struct import_row row = { .line = line, .count = count };
	row.cells = arena_alloc(table->arena, sizeof(*cells) * (size_t)count);
	memcpy(row.cells, cells, sizeof(*cells) * (size_t)count);
	for (int i = 0; i < count; i++) {
		if (strlen(cells[i]) <= TABLE_CELL_BYTES)
			continue;
		finding_add(errors, "cell_too_long", line, NULL, "Cell %d is longer than %zu KiB",
			i + 1, TABLE_CELL_BYTES / 1024);
		return false;
	}
	return table_add(table, &row, errors);
}

/* The title is the action, or what is recommended where an action has a line of its own. */
static bool add_headings(
	struct import_table *table, const struct reader *reader, struct findings *errors)
{
	const char *cells[KEYS + TITLE_COLUMNS];
	bool action = has_meaning(reader, COLUMN_ACTION);
	cells[0] = action ? "No" : "Action no";
	cells[1] = action ? "Recommendation" : "Action";
	for (int i = 0; i < reader->key_count; i++)
		cells[i + TITLE_COLUMNS] = reader->keys[i];
	return add(table, reader->cards[0].line, cells, reader->key_count + TITLE_COLUMNS, errors);
}

bool table_card_fits(struct arena *arena, const char *text)
{
	struct reader reader = { .arena = arena };
	struct text_lines lines;
	text_lines_split(arena, text, &lines);
	read_cards(&reader, &lines);
	return are_cards(&reader);
}

bool table_card_read(struct import_table *table, const char *text, struct findings *errors)
{
	struct reader reader = { .arena = table->arena };
	struct text_lines lines;
	text_lines_split(table->arena, text, &lines);
	read_cards(&reader, &lines);
	for (int i = 0; i < reader.above_count; i++) {
		if (!add(table, reader.above[i].number, &reader.above[i].text, 1, errors))
			return false;
	}
	if (!reader.count || !add_headings(table, &reader, errors))
		return false;
	for (int i = 0; i < reader.count; i++) {
		const struct card *card = &reader.cards[i];
		const char *cells[KEYS + TITLE_COLUMNS] = { card->mark, card->title };
		for (int j = 0; j < reader.key_count; j++)
			cells[j + TITLE_COLUMNS] = card->values[j] ? card->values[j] : "";
		if (!add(table, card->line, cells, reader.key_count + TITLE_COLUMNS, errors))
			return false;
	}
	finding_add(table->doubts, "cards_read", reader.cards[0].line, NULL,
		"There is no table: each block of lines with a heading was taken for a row");
	return true;
}
