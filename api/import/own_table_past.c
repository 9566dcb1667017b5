/* What a row of our own table tells of an action's past: deadlines done, and the last note. */
#include "api/import/own_table_past.h"

#include <string.h>

#include "api/import/words.h"
#include "common/text.h"

#define ISO_LENGTH ((size_t)10)

/* "2021-12-31 done on 2021-12-20": the day it was due, then the day it was done. */
static bool read_line(struct arena *arena, const char *line, size_t length, const char **due_on,
	const char **done_on)
{
	struct date day;
	if (length < 2 * ISO_LENGTH)
		return false;
	*due_on = arena_strndup(arena, line, ISO_LENGTH);
	*done_on = arena_strndup(arena, line + length - ISO_LENGTH, ISO_LENGTH);
	return date_parse_iso(*due_on, &day) && date_parse_iso(*done_on, &day);
}

/* The day on which the nth of the deadlines due that day was done, or NULL. */
static const char *find_done(struct arena *arena, const char *cell, const char *day, int nth)
{
	for (const char *at = cell; *at;) {
		const char *due_on, *done_on;
		size_t length = strcspn(at, "\n");
		if (read_line(arena, at, length, &due_on, &done_on) && !strcmp(due_on, day) &&
			nth-- == 0)
			return done_on;
		at += length;
		at += *at == '\n';
	}
	return NULL;
}

static void add_deadlines(struct text *out, const struct timescale *timescale, const char *cell)
{
	char day[DATE_ISO_BYTES];
	int nth = 0;
	for (int i = 0; i < timescale->deadline_count; i++) {
		struct date due_on = timescale->deadlines[i].due_on;
		bool again = i && !date_compare(timescale->deadlines[i - 1].due_on, due_on);
		nth = again ? nth + 1 : 0;
		date_iso(due_on, day);
		text_addf(out, "%s{\"due_on\":\"%s\",\"done_on\":", i ? "," : "", day);
		text_add_json(out, find_done(out->arena, cell, day, nth));
		text_add(out, "}");
	}
}

/* A note without a day of its own is dated by the database. Midday is the same day everywhere here.
 */
static void add_note(struct text *out, const char *note, const char *note_on)
{
	struct date day;
	text_add(out, "{\"lead\":null,\"author\":\"import\",\"note\":");
	text_add_json(out, note);
	if (date_parse_iso(note_on, &day))
		text_addf(out, ",\"created_at\":\"%sT12:00:00Z\"", note_on);
	text_add(out, "}");
}

const char *own_table_past(struct arena *arena, const struct timescale *timescale,
	const char *deadlines_done, const char *note, const char *note_on)
{
	struct text out;
	if (words_blank(deadlines_done) && words_blank(note))
		return NULL;
	text_init(&out, arena);
	text_add(&out, "{\"timescales\":[");
	if (timescale) {
		text_addf(
			&out, "{\"reading\":%s,\"deadlines\":[", timescale_json(arena, timescale));
		add_deadlines(&out, timescale, deadlines_done);
		text_add(&out, "]}");
	}
	text_add(&out, "],\"updates\":[");
	if (!words_blank(note))
		add_note(&out, note, note_on);
	text_add(&out, "]}");
	return out.bytes;
}
