/* A plan's deadlines as a calendar (RFC 5545): one all-day event each. */
#include "api/export/export_calendar.h"

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "api/import/words.h"
#include "common/log.h"

#define SUMMARY_CHARACTERS 120
#define LINE_OCTETS 75 /* RFC 5545 section 3.1 */
#define METHOD_LINE "METHOD:PUBLISH\r\n"

static enum export_event_state state_of(const char *word)
{
	if (strcmp(word, "cancelled") == 0)
		return EXPORT_EVENT_CANCELLED;
	return strcmp(word, "done") == 0 ? EXPORT_EVENT_DONE : EXPORT_EVENT_DUE;
}

static bool load_event(const struct db_rows *rows, int row, struct export_event *out)
{
	const char *uid = db_field(rows, row, "uid");
	if (!uid)
		return false; /* a plan without deadlines */
	*out = (struct export_event){ .uid = uid,
		.sequence = atoi(db_field(rows, row, "sequence")),
		.stamp = db_field(rows, row, "stamp"),
		.state = state_of(db_field(rows, row, "state")),
		.label = db_field(rows, row, "label"),
		.reference = db_field(rows, row, "reference"),
		.action = db_field(rows, row, "action"),
		.number = db_field(rows, row, "number"),
		.recommendation = db_field(rows, row, "recommendation"),
		.leads = db_field(rows, row, "leads"),
		.timescale = db_field(rows, row, "timescale"),
		.status = db_field(rows, row, "status") };
	return date_parse_iso(db_field(rows, row, "due_on"), &out->due_on);
}

void export_calendar_load(
	struct arena *arena, const struct db_rows *rows, struct export_calendar *out)
{
	*out = (struct export_calendar){ .name = db_field(rows, 0, "title") };
	out->events = arena_alloc(arena, sizeof(*out->events) * (size_t)rows->count);
	for (int i = 0; i < rows->count; i++)
		out->count += load_event(rows, i, &out->events[out->count]);
}

/* ---- writing ---- */

/* "7.1 Review due: Schedule a Policy Cabinet development session" */
static const char *summary_of(struct arena *arena, const struct export_event *event)
{
	static const char *const words[] = { "due", "done", "withdrawn" };
	char *action = words_tidy(arena, event->action, strlen(event->action));
	bool cut = words_cut(action, SUMMARY_CHARACTERS);
	return arena_printf(arena, "%s %s%s%s: %s%s", event->reference,
		event->label ? event->label : "", event->label ? " " : "", words[event->state],
		action, cut ? "…" : "");
}

static const char *description_of(struct arena *arena, const struct export_event *event)
{
	struct text text;
	text_init(&text, arena);
	text_addf(&text, "%s\n\nStatus: %s\n", event->action, event->status);
	if (event->timescale)
		text_addf(&text, "Timescale as agreed: %s\n", event->timescale);
	if (event->leads)
		text_addf(&text, "Lead: %s\n", event->leads);
	text_addf(&text, "Recommendation %s: %s", event->number, event->recommendation);
	return text.bytes;
}

static struct icaltimetype day_of(struct date date)
{
	struct icaltimetype day = icaltime_null_date();
	day.year = date.year;
	day.month = date.month;
	day.day = date.day;
	return day;
}

/* The end of an all-day event is the day after it (RFC 5545 section 3.6.1). */
static icalcomponent *make_event(struct arena *arena, const struct export_event *event)
{
	struct icaltimetype stamp = icaltime_from_string(event->stamp);
	enum icalproperty_status status = event->state == EXPORT_EVENT_CANCELLED
						  ? ICAL_STATUS_CANCELLED
						  : ICAL_STATUS_CONFIRMED;
	return icalcomponent_vanew(ICAL_VEVENT_COMPONENT, icalproperty_new_uid(event->uid),
		icalproperty_new_dtstamp(stamp), icalproperty_new_lastmodified(stamp),
		icalproperty_new_sequence(event->sequence),
		icalproperty_new_dtstart(day_of(event->due_on)),
		icalproperty_new_dtend(day_of(date_add_days(event->due_on, 1))),
		icalproperty_new_summary(summary_of(arena, event)),
		icalproperty_new_description(description_of(arena, event)),
		icalproperty_new_status(status), icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT),
		(void *)0);
}

static icalcomponent *make_calendar(void)
{
	return icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
		icalproperty_new_prodid("-//Golden Thread//Golden Thread " GT_VERSION "//EN"),
		icalproperty_new_calscale("GREGORIAN"),
		icalproperty_new_method(ICAL_METHOD_PUBLISH), (void *)0);
}

/* Breaks a line so that none has more than 75 octets or ends within a character (section 3.1). */
static void add_folded(struct text *out, const char *line)
{
	size_t room = LINE_OCTETS;
	while (strlen(line) > room) {
		size_t length = room;
		while (((unsigned char)line[length] & 0xc0) == 0x80)
			length--;
		text_add_bytes(out, line, length);
		text_add(out, "\r\n ");
		line += length;
		room = LINE_OCTETS - 1;
	}
	text_add(out, line);
	text_add(out, "\r\n");
}

/* libical leaves commas of properties that it does not know as they are; the standard does not. */
static void add_name(struct text *out, const char *name)
{
	icalvalue *value = icalvalue_new_text(name);
	char *escaped = icalvalue_as_ical_string_r(value);
	add_folded(out, arena_printf(out->arena, "X-WR-CALNAME:%s", escaped));
	free(escaped);
	icalvalue_free(value);
}

bool export_calendar_write(const struct export_calendar *calendar, struct text *out)
{
	icalcomponent *root = make_calendar();
	for (int i = 0; i < calendar->count; i++)
		icalcomponent_add_component(root, make_event(out->arena, &calendar->events[i]));
	char *bytes = icalcomponent_as_ical_string_r(root);
	const char *method = bytes ? strstr(bytes, METHOD_LINE) : NULL;
	if (method) {
		method += strlen(METHOD_LINE);
		text_add_bytes(out, bytes, (size_t)(method - bytes));
		add_name(out, calendar->name);
		text_add(out, method);
	}
	if (!method)
		log_error("a calendar of %d events could not be written", calendar->count);
	free(bytes);
	icalcomponent_free(root);
	return out->length > 0;
}
