/* The plain English of emails: dates, distances, counts, in GOV.UK style. Pure. */
#include "notifier/wording.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

const char *wording_date(struct arena *arena, struct date date)
{
	return arena_printf(arena, "%d %s %d", date.day, date_month_name(date.month), date.year);
}

const char *wording_long_date(struct arena *arena, struct date date)
{
	static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
		"Saturday", "Sunday" };
	return arena_printf(
		arena, "%s %s", days[date_weekday(date) - 1], wording_date(arena, date));
}

const char *wording_due(struct arena *arena, struct date due_on, int days_left)
{
	const char *date = wording_long_date(arena, due_on);
	if (days_left > 1)
		return arena_printf(arena, "due in %d days, on %s", days_left, date);
	if (days_left == 1)
		return arena_printf(arena, "due tomorrow, %s", date);
	if (days_left == 0)
		return arena_printf(arena, "due today, %s", date);
	if (days_left == -1)
		return arena_printf(arena, "was due yesterday, %s", date);
	return arena_printf(
		arena, "was due on %s, %d days ago", wording_date(arena, due_on), -days_left);
}

const char *wording_silence(struct arena *arena, struct date since, int days, bool answered)
{
	return arena_printf(arena, "no update %s%d day%s, since %s", answered ? "for " : "yet in ",
		days, days == 1 ? "" : "s", wording_date(arena, since));
}

const char *wording_stage(struct arena *arena, int offset_days)
{
	if (offset_days == 0)
		return "the due date";
	int days = abs(offset_days);
	return arena_printf(arena, "%d day%s %s the due date", days, days == 1 ? "" : "s",
		offset_days < 0 ? "before" : "after");
}

const char *wording_counts(
	struct arena *arena, const struct wording_counts *counts, const char *last_joint)
{
	const struct {
		int count;
		const char *how;
	} parts[] = { { counts->soon, "due soon" }, { counts->today, "due today" },
		{ counts->overdue, "overdue" }, { counts->silent, "without an update" } };
	int left = (counts->soon > 0) + (counts->today > 0) + (counts->overdue > 0) +
		   (counts->silent > 0);
	struct text out;
	text_init(&out, arena);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!parts[i].count)
			continue;
		const char *noun = parts[i].count == 1 ? " action" : " actions";
		const char *joint = left == 1 ? last_joint : ", ";
		text_addf(&out, "%s%d%s %s", out.length ? joint : "", parts[i].count,
			out.length ? "" : noun, parts[i].how);
		left--;
	}
	return out.bytes;
}

const char *wording_status(struct arena *arena, const char *status, int percent)
{
	const char *words = strcmp(status, "in_progress") == 0 ? "In progress" : "Not started";
	if (percent < 0)
		return words;
	return arena_printf(arena, "%s, %d%% complete", words, percent);
}

const char *wording_shortened(struct arena *arena, const char *text, size_t limit)
{
	size_t characters = 0;
	size_t cut = 0; /* end of the last whole word that leaves room for the ellipsis */
	size_t hard = 0;
	for (size_t i = 0; text[i]; i++) {
		if (((unsigned char)text[i] & 0xc0) == 0x80)
			continue; /* inside a character */
		if (characters + 1 == limit)
			hard = i;
		if (isspace((unsigned char)text[i]) && characters < limit)
			cut = i;
		characters++;
	}
	if (characters <= limit)
		return text;
	if (!cut)
		cut = hard;
	while (cut > 0 && strchr(" \t\r\n,;:-", text[cut - 1]))
		cut--;
	return arena_printf(arena, "%.*s…", (int)cut, text);
}

const char *wording_capital(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	if (copy[0] >= 'a' && copy[0] <= 'z')
		copy[0] &= ~0x20; /* ASCII capital, whatever the locale */
	return copy;
}
