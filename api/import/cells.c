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
	{ "bau", "transferred" },
	{ "behind schedule", "in_progress" },
	{ "business as usual", "transferred" },
	{ "cancelled", "cancelled" },
	{ "closed", "complete" },
	{ "complete", "complete" },
	{ "completed", "complete" },
	{ "deferred", "on_hold" },
	{ "delayed", "in_progress" },
	{ "delivered", "complete" },
	{ "done", "complete" },
	{ "fully met", "complete" },
	{ "in progress", "in_progress" },
	{ "no longer required", "cancelled" },
	{ "not commenced", "not_started" },
	{ "not due", "not_started" },
	{ "not started", "not_started" },
	{ "not yet due", "not_started" },
	{ "not yet started", "not_started" },
	{ "off track", "in_progress" },
	{ "on hold", "on_hold" },
	{ "on schedule", "in_progress" },
	{ "on target", "in_progress" },
	{ "on track", "in_progress" },
	{ "ongoing", "in_progress" },
	{ "open", "in_progress" },
	{ "outstanding", "not_started" },
	{ "partially complete", "in_progress" },
	{ "partially met", "in_progress" },
	{ "paused", "on_hold" },
	{ "started", "in_progress" },
	{ "superseded", "cancelled" },
	{ "transferred", "transferred" },
	{ "transferred to business as usual", "transferred" },
	{ "under way", "in_progress" },
	{ "underway", "in_progress" },
	{ "withdrawn", "cancelled" },
	{ "work in progress", "in_progress" },
};

/* Sorted. */
static const struct value responses[] = {
	{ "accepted", "accepted" },
	{ "accepted in part", "partly_accepted" },
	{ "agreed", "accepted" },
	{ "agreed in part", "partly_accepted" },
	{ "declined", "declined" },
	{ "fully accepted", "accepted" },
	{ "not accepted", "declined" },
	{ "not agreed", "declined" },
	{ "partially accepted", "partly_accepted" },
	{ "partly accepted", "partly_accepted" },
	{ "rejected", "declined" },
};

/* Sorted. */
static const struct value colours[] = {
	{ "a", "amber" },
	{ "amber", "amber" },
	{ "b", "blue" },
	{ "blue", "blue" },
	{ "g", "green" },
	{ "green", "green" },
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

const char *cells_response(struct arena *arena, const char *cell)
{
	return find_value(arena, cell, responses, sizeof(responses) / sizeof(*responses));
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

bool cells_agrees(struct arena *arena, const char *cell)
{
	/* Sorted. */
	static const char *const agreements[] = { "accept", "accepted", "accepted in full", "agree",
		"agreed", "agreed in full", "fully accepted", "noted", "recommendation accepted",
		"recommendation agreed", "yes" };
	const char *plain = words_plain(arena, cell);
	return words_listed(
		agreements, sizeof(agreements) / sizeof(*agreements), plain, strlen(plain));
}
