/* Cells of one row that are lists beside each other: the nth action, who leads it, and by when. */
#include "api/import/parallel.h"

#include <string.h>

#include "api/import/action_bullets.h"
#include "api/import/part.h"
#include "api/import/words.h"
#include "common/text.h"

bool parallel_is_ditto(struct arena *arena, const char *text)
{
	/* Sorted. */
	static const char *const words[] = { "as above", "ditto", "do", "same", "same as above" };
	const char *plain = words_plain(arena, text);
	return words_listed(words, sizeof(words) / sizeof(*words), plain, strlen(plain));
}

const struct timescale *parallel_same(
	struct arena *arena, const char *text, const struct timescale *before)
{
	struct timescale *same = arena_alloc(arena, sizeof(*same));
	const char **assumption = arena_alloc(arena, sizeof(*assumption));
	*assumption =
		arena_printf(arena, "that of the row before, %s", words_quote(arena, before->text));
	*same = *before;
	same->text = text;
	same->assumptions = assumption;
	same->assumption_count = 1;
	if (same->confidence == TIMESCALE_CERTAIN)
		same->confidence = TIMESCALE_ASSUMED;
	return same;
}

void parallel_unread(struct arena *arena, const char *text, struct timescale *out)
{
	const char **assumption = arena_alloc(arena, sizeof(*assumption));
	*assumption = "the cell lists several, and not as many as there are actions";
	*out = (struct timescale){ .text = text,
		.kind = TIMESCALE_UNKNOWN,
		.confidence = TIMESCALE_UNREADABLE,
		.assumptions = assumption,
		.assumption_count = 1,
		.reading = "Several timescales; which of them is this action's cannot be told",
		.rule = "unequal_lists" };
}

/* ---- taking a cell apart ---- */

/* Lines, those that only wrap put together. */
static void split_lines(struct arena *arena, const char *cell, struct action_texts *out)
{
	const char *text = words_tidy_lines(arena, cell);
	const char *start = text;
	for (const char *at = strchr(text, '\n'); at; at = strchr(at + 1, '\n')) {
		const char *before = arena_strndup(arena, start, (size_t)(at - start));
		const char *after = arena_strndup(arena, at + 1, strcspn(at + 1, "\n"));
		if (part_wraps(before, after) && !parallel_is_ditto(arena, after))
			continue;
		actions_add(arena, out, start, (size_t)(at - start), ACTION_SURE);
		start = at + 1;
	}
	actions_add(arena, out, start, strlen(start), ACTION_SURE);
}

/* Returns whether bullets part it. */
static bool split(struct arena *arena, const char *cell, struct action_texts *out)
{
	*out = (struct action_texts){ 0 };
	if (action_bullets_split(arena, cell, out) && out->count > 1)
		return true;
	*out = (struct action_texts){ 0 };
	split_lines(arena, cell, out);
	return false;
}

static int count_dittos(struct arena *arena, const struct action_texts *list)
{
	int count = 0;
	for (int i = 1; i < list->count; i++)
		count += parallel_is_ditto(arena, list->items[i].text);
	return count;
}

/* How many of the lines say when, each by itself. */
static int count_readable(struct arena *arena, const struct action_texts *list)
{
	int count = 0;
	for (int i = 0; i < list->count; i++) {
		struct timescale read;
		timescale_read(arena, list->items[i].text, NULL, &read);
		count += read.confidence != TIMESCALE_UNREADABLE ||
			 (i && parallel_is_ditto(arena, list->items[i].text));
	}
	return count;
}

/* ---- matching ---- */

static void match_timescales(
	struct arena *arena, const struct import_part *part, int actions, struct parallel *out)
{
	struct action_texts list;
	bool bullets = split(arena, part->cells[COLUMN_TIMESCALE], &list);
	if (list.count < 2)
		return;
	int readable = bullets ? list.count : count_readable(arena, &list);
	if (list.count == actions && readable == actions) {
		out->timescales = list;
		out->bulleted = bullets;
	} else if (readable >= 2) {
		out->unequal_timescales = true;
	}
}

static const char *without_dittos(struct arena *arena, const struct action_texts *list)
{
	struct text text;
	text_init(&text, arena);
	for (int i = 0; i < list->count; i++) {
		if (!parallel_is_ditto(arena, list->items[i].text))
			text_addf(&text, "%s%s", text.length ? "\n" : "", list->items[i].text);
	}
	return text.bytes;
}

/* Two names for two actions may lead both together: only a bullet, a "ditto" or timescales that are
 * paired show that they do not. */
static void match_leads(
	struct arena *arena, const struct import_part *part, int actions, struct parallel *out)
{
	struct action_texts list;
	bool bullets = split(arena, part->cells[COLUMN_LEAD], &list);
	bool shown = bullets || out->timescales.count || count_dittos(arena, &list);
	if (list.count < 2 || !shown)
		return;
	if (list.count == actions) {
		out->leads = list;
		out->bulleted &= bullets;
	} else if (bullets || count_dittos(arena, &list)) {
		out->unequal_leads = true;
		out->all_leads = without_dittos(arena, &list);
	}
}

void parallel_match(
	struct arena *arena, const struct import_part *part, int actions, struct parallel *out)
{
	*out = (struct parallel){ 0 };
	if (actions < 2)
		return;
	match_timescales(arena, part, actions, out);
	match_leads(arena, part, actions, out);
	out->paired = out->leads.count || out->timescales.count;
}

struct import_part parallel_part(
	const struct parallel *lists, const struct import_part *part, int n)
{
	struct import_part own = *part;
	if (lists->timescales.count)
		own.cells[COLUMN_TIMESCALE] = lists->timescales.items[n].text;
	if (lists->leads.count)
		own.cells[COLUMN_LEAD] = lists->leads.items[n].text;
	if (lists->all_leads)
		own.cells[COLUMN_LEAD] = lists->all_leads;
	return own;
}
