/* Any bytes as a timescale: the reading must keep its own rules. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/timescale.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool is_good(struct date date)
{
	return !date_is_set(date) || date_is_valid(date.year, date.month, date.day);
}

static void check_deadlines(const struct timescale *read)
{
	require((read->deadline_count > 0) == date_is_set(read->due_on));
	for (int i = 0; i < read->deadline_count; i++) {
		struct date due_on = read->deadlines[i].due_on;
		require(date_is_set(due_on) && is_good(due_on));
		require(i == 0 || date_compare(read->deadlines[i - 1].due_on, due_on) <= 0);
		require(date_compare(due_on, read->due_on) <= 0);
	}
	if (read->deadline_count)
		require(date_compare(read->deadlines[read->deadline_count - 1].due_on,
				read->due_on) == 0);
}

static void check_dates(const struct timescale *read)
{
	bool both = date_is_set(read->starts_on) && date_is_set(read->due_on);
	require(is_good(read->starts_on) && is_good(read->due_on) && is_good(read->completed_on));
	require(!both || date_compare(read->starts_on, read->due_on) <= 0);
	if (read->confidence != TIMESCALE_UNREADABLE)
		return;
	require(!date_is_set(read->starts_on) && !date_is_set(read->due_on));
	require(!date_is_set(read->completed_on) && read->assumption_count > 0);
}

/* Enough of JSON: one line, strings closed, brackets paired. */
static void check_json(const char *json)
{
	int depth = 0;
	bool quoted = false;
	for (; *json; json++) {
		require((unsigned char)*json >= ' ');
		if (quoted && *json == '\\')
			json++;
		else if (*json == '"')
			quoted = !quoted;
		else if (!quoted && (*json == '{' || *json == '['))
			depth++;
		else if (!quoted && (*json == '}' || *json == ']'))
			depth--;
		require(*json && depth >= 0);
	}
	require(depth == 0 && !quoted);
}

/* The first byte chooses the settings, so that dates counted from an anchor are tried too. */
static struct timescale_settings settings_of(uint8_t byte)
{
	struct timescale_settings settings = { .quarters = byte & 1 ? TIMESCALE_CALENDAR
								    : TIMESCALE_FINANCIAL };
	if (byte & 2)
		settings.relative_to = (struct date){ 2024, 2, 29 };
	return settings;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	struct arena *arena = arena_create();
	struct timescale_settings settings = settings_of(data[0]);
	const char *text = arena_strndup(arena, (const char *)data + 1, size - 1);
	struct timescale read;
	timescale_read(arena, text, &settings, &read);
	check_deadlines(&read);
	check_dates(&read);
	require(read.reading && *read.reading && read.rule && *read.rule);
	require((read.confidence == TIMESCALE_CERTAIN) == (read.assumption_count == 0) ||
		read.confidence == TIMESCALE_ASSUMED);
	check_json(timescale_json(arena, &read));
	arena_destroy(arena);
	return 0;
}
