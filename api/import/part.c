/* The rows that one recommendation spans: which cells go on from the row above. */
#include "api/import/part.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"

/* Sorted. A cell that ends with one of these was broken off. */
static const char *const open_words[] = { "a", "an", "and", "at", "by", "for", "from", "in", "of",
	"on", "or", "the", "to", "with" };

static const char *last_word(const char *text, size_t *length)
{
	size_t end = strlen(text);
	size_t start = end;
	while (start && text[start - 1] != ' ' && text[start - 1] != '\n')
		start--;
	*length = end - start;
	return text + start;
}

bool part_ends_sentence(const char *text)
{
	size_t end = strlen(text);
	while (end && strchr("\"')]", text[end - 1]))
		end--;
	return end && strchr(".?!", text[end - 1]);
}

/* "… &", "Dec 2021 –", "Director of". */
static bool breaks_off(const char *text)
{
	size_t length;
	const char *word = last_word(text, &length);
	if (words_listed(open_words, sizeof(open_words) / sizeof(*open_words), word, length))
		return true;
	bool dash =
		length >= 3 && (!strcmp(word + length - 3, "–") || !strcmp(word + length - 3, "—"));
	return dash || (length && strchr("&,/-", word[length - 1]));
}

/* "services …", "& Cabinet Member", "– March 2022". */
static bool goes_on(const char *text)
{
	return words_lower(text) || *text == '&' || *text == '-' || !strncmp(text, "–", 3);
}

bool part_wraps(const char *before, const char *after)
{
	return breaks_off(before) || goes_on(after);
}

/* ---- adding ---- */

/* A further line of a sentence: neither a new sentence nor a bullet. */
static bool action_goes_on(const struct import_part *last, const struct import_part *next)
{
	const char *action = next->cells[COLUMN_ACTION];
	return !next->own_number && words_lower(action) && words_length(action) > 1 &&
	       !words_blank(last->cells[COLUMN_ACTION]) &&
	       !part_ends_sentence(last->cells[COLUMN_ACTION]);
}

static const char *join_cells(struct arena *arena, const char *first, const char *second)
{
	if (words_blank(second) || strlen(first) > ROWS_JOINED_BYTES)
		return first;
	return words_blank(first) ? second : arena_printf(arena, "%s %s", first, second);
}

static void merge(struct arena *arena, struct import_part *last, const struct import_part *next)
{
	if (!last->action.bytes) {
		text_init(&last->action, arena);
		text_add(&last->action, last->cells[COLUMN_ACTION]);
	}
	last->joined_over_break |= next->after_break;
	text_add(&last->action, " ");
	text_add(&last->action, next->cells[COLUMN_ACTION]);
	for (int i = COLUMN_LEAD; i < COLUMN_COUNT; i++)
		last->cells[i] = join_cells(arena, last->cells[i], next->cells[i]);
	last->cells[COLUMN_ACTION] = last->action.bytes;
}

void part_add(struct arena *arena, struct import_item *item, const struct import_part *part)
{
	struct import_part *last = item->part_count ? &item->parts[item->part_count - 1] : NULL;
	if (last && action_goes_on(last, part)) {
		item->cut = true;
		merge(arena, last, part);
		return;
	}
	item->parts = grow_array(
		arena, item->parts, item->part_count, &item->part_capacity, sizeof(*item->parts));
	item->parts[item->part_count++] = *part;
}

/* ---- sharing ---- */

/* A row that was cut in two has one lead cell and one timescale cell, wherever their halves are. */
static bool is_one_cell(const struct import_item *item, const struct import_part *next,
	const char *first, const char *second)
{
	return part_wraps(first, second) ||
	       (item->cut && words_blank(next->cells[COLUMN_TIMESCALE]));
}

/* Puts the cell of part n together with the part's before, back to where it started. Returns
 * whether part n has a cell of its own. */
static bool share_cell(
	struct arena *arena, struct import_item *item, int n, enum import_column column, int *start)
{
	struct import_part *part = &item->parts[n];
	const char *own = words_tidy_lines(arena, part->cells[column]);
	const char *above = item->parts[n - 1].cells[column];
	part->cells[column] = own;
	if (!*own) {
		part->cells[column] = above;
		part->carried[column] = !words_blank(above);
		return false;
	}
	if (words_blank(above) || !is_one_cell(item, part, above, own)) {
		*start = n;
		return true;
	}
	const char *whole = join_cells(arena, above, own);
	for (int i = *start; i <= n; i++)
		item->parts[i].cells[column] = whole;
	return false;
}

static void share_column(struct arena *arena, struct import_item *item, enum import_column column,
	bool blank_is_blank)
{
	struct import_part *first = &item->parts[0];
	int start = 0;
	first->cells[column] = words_tidy_lines(arena, first->cells[column]);
	for (int i = 1; i < item->part_count; i++) {
		const char *before = item->parts[i].cells[column];
		bool own = item->parts[i].own_number || (blank_is_blank && words_blank(before));
		if (own)
			start = i;
		else
			own = share_cell(arena, item, i, column, &start);
		if (column == COLUMN_TIMESCALE)
			item->parts[i].own_timescale =
				own || words_blank(item->parts[i].cells[column]);
		if (column == COLUMN_LEAD && !own && !words_blank(before))
			item->cut = true;
	}
}

/* A revised timescale goes with the one that it revises. */
static void share_revised(struct import_item *item)
{
	for (int i = 1; i < item->part_count; i++) {
		struct import_part *part = &item->parts[i];
		if (part->carried[COLUMN_TIMESCALE] && words_blank(part->cells[COLUMN_REVISED]))
			part->cells[COLUMN_REVISED] = part[-1].cells[COLUMN_REVISED];
	}
}

void part_share(struct arena *arena, struct import_item *item, bool blank_is_blank)
{
	if (!item->part_count || item->section)
		return;
	item->parts[0].own_timescale = true;
	share_column(arena, item, COLUMN_LEAD, blank_is_blank);
	share_column(arena, item, COLUMN_CABINET_MEMBER, blank_is_blank);
	share_column(arena, item, COLUMN_SUPPORT, blank_is_blank);
	share_column(arena, item, COLUMN_TIMESCALE, blank_is_blank);
	share_revised(item);
}
