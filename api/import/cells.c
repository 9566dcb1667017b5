/* Short published values: a status, a colour, a percentage. Pure. */
#include "api/import/cells.h"

#include <stdlib.h>
#include <string.h>

#include "api/import/words.h"

struct value {
	const char *words; /* as words_plain gives them */
	const char *name;
};

/* Sorted. */
static const struct value statuses[] = {
	{ "achieved", "complete" },
	{ "action complete", "complete" },
	{ "ar y gweill", "in_progress" },
	{ "ar y trywydd iawn", "in_progress" },
	{ "at risk", "in_progress" },
	{ "bau", "transferred" },
	{ "behind schedule", "in_progress" },
	{ "business as usual", "transferred" },
	{ "cancelled", "cancelled" },
	{ "closed", "complete" },
	{ "complete", "complete" },
	{ "completed", "complete" },
	{ "cwblhawyd", "complete" },
	{ "deferred", "on_hold" },
	{ "delayed", "in_progress" },
	{ "delivered", "complete" },
	{ "done", "complete" },
	{ "fully met", "complete" },
	{ "heb ddechrau", "not_started" },
	{ "heb gychwyn", "not_started" },
	{ "implemented", "complete" },
	{ "in hand", "in_progress" },
	{ "in progress", "in_progress" },
	{ "no longer applicable", "cancelled" },
	{ "no longer required", "cancelled" },
	{ "not commenced", "not_started" },
	{ "not due", "not_started" },
	{ "not implemented", "not_started" },
	{ "not started", "not_started" },
	{ "not yet due", "not_started" },
	{ "not yet started", "not_started" },
	{ "off track", "in_progress" },
	{ "on course", "in_progress" },
	{ "on hold", "on_hold" },
	{ "on schedule", "in_progress" },
	{ "on target", "in_progress" },
	{ "on track", "in_progress" },
	{ "ongoing", "in_progress" },
	{ "open", "in_progress" },
	{ "outstanding", "not_started" },
	{ "parhaus", "in_progress" },
	{ "partially complete", "in_progress" },
	{ "partially implemented", "in_progress" },
	{ "partially met", "in_progress" },
	{ "paused", "on_hold" },
	{ "progressing", "in_progress" },
	{ "slipped", "in_progress" },
	{ "started", "in_progress" },
	{ "superseded", "cancelled" },
	{ "transferred", "transferred" },
	{ "transferred to business as usual", "transferred" },
	{ "under way", "in_progress" },
	{ "underway", "in_progress" },
	{ "wedii gwblhau", "complete" },
	{ "withdrawn", "cancelled" },
	{ "work in progress", "in_progress" },
};

/* Sorted. */
static const struct value colours[] = {
	{ "a", "amber" },
	{ "amber", "amber" },
	{ "ambr", "amber" },
	{ "b", "blue" },
	{ "blue", "blue" },
	{ "coch", "red" },
	{ "g", "green" },
	{ "glas", "blue" },
	{ "green", "green" },
	{ "gwyrdd", "green" },
	{ "melyn", "amber" },
	{ "oren", "amber" },
	{ "r", "red" },
	{ "red", "red" },
	{ "yellow", "amber" },
};

static int compare_value(const void *key, const void *item)
{
	return strcmp(key, ((const struct value *)item)->words);
}

static const char *find_value(
	struct arena *arena, const char *cell, const struct value *table, size_t count)
{
	const struct value *found =
		bsearch(words_plain(arena, cell), table, count, sizeof(*table), compare_value);
	return found ? found->name : NULL;
}

const char *cells_status(struct arena *arena, const char *cell)
{
	return find_value(arena, cell, statuses, sizeof(statuses) / sizeof(*statuses));
}

const char *cells_rag(struct arena *arena, const char *cell)
{
	return find_value(arena, cell, colours, sizeof(colours) / sizeof(*colours));
}

int cells_percent(const char *cell)
{
	const char *at = words_skip_space(cell);
	size_t digits = strspn(at, "0123456789");
	if (!digits || digits > 3)
		return -1;
	const char *rest = words_skip_space(at + digits);
	bool sound = !*rest || *rest == '%' || !strncmp(rest, "per cent", 8) ||
		     !strncmp(rest, "percent", 7);
	long percent = strtol(at, NULL, 10);
	return sound && percent <= 100 ? (int)percent : -1;
}

bool cells_nothing(struct arena *arena, const char *cell)
{
	/* Sorted. */
	static const char *const words[] = { "dim", "dim byd", "n a", "na", "nil", "no",
		"no action", "no action needed", "no action required", "no change",
		"no further action", "none", "none required", "not applicable", "unchanged" };
	const char *plain = words_plain(arena, cell);
	bool listed = words_listed(words, sizeof(words) / sizeof(*words), plain, strlen(plain));
	return !words_blank(cell) && (!*plain || listed);
}

/* ---- several values in one cell ---- */

/* The length of the value that starts here: "Blue (complete)", "In progress - 60%". */
static size_t segment_length(const char *at)
{
	size_t length = 0;
	for (; at[length]; length++) {
		bool spaced = length && words_space(at + length - 1);
		if (strchr("(),:;/.\n", at[length]) || (spaced && at[length] == '-') ||
			!strncmp(at + length, "–", 3) || !strncmp(at + length, "—", 3))
			break;
	}
	return length;
}

static size_t skip_signs(const char *at)
{
	size_t length = 0;
	for (;;) {
		size_t step = words_space(at + length);
		if (!strncmp(at + length, "–", 3) || !strncmp(at + length, "—", 3))
			step = 3;
		else if (at[length] && strchr("(),:;/.-", at[length]))
			step = 1;
		if (!step)
			return length;
		length += step;
	}
}

static void keep(const char **place, const char *found, struct cells_state *state)
{
	bool other = *place && strcmp(*place, found) != 0;
	state->contradicts |= other;
	*place = found;
}

static void take_segment(
	struct arena *arena, const char *segment, bool letters, struct cells_state *out)
{
	const char *status = cells_status(arena, segment);
	const char *rag = strlen(segment) > 1 || letters ? cells_rag(arena, segment) : NULL;
	int percent = cells_percent(segment);
	if (status)
		keep(&out->status, status, out);
	else if (rag)
		keep(&out->rag, rag, out);
	else if (percent >= 0 && strpbrk(segment, "%p"))
		out->percent = percent;
	else
		out->unread = true;
}

bool cells_state(struct arena *arena, const char *cell, bool letters, struct cells_state *out)
{
	*out = (struct cells_state){ .percent = -1 };
	const char *at = cell + skip_signs(cell);
	while (*at && !out->unread) {
		size_t length = segment_length(at);
		take_segment(arena, arena_strndup(arena, at, length), letters, out);
		at += length;
		at += skip_signs(at);
	}
	if (out->contradicts)
		*out = (struct cells_state){ .percent = -1, .contradicts = true, .unread = true };
	return out->status || out->rag || out->percent >= 0;
}
