/* A plan's deadlines as a calendar (RFC 5545): one all-day event each. */
#pragma once

#include "common/date.h"
#include "common/db.h"
#include "common/text.h"

#define EXPORT_CALENDAR_TYPE "text/calendar; charset=utf-8"

enum export_event_state { EXPORT_EVENT_DUE, EXPORT_EVENT_DONE, EXPORT_EVENT_CANCELLED };

struct export_event {
	const char *uid;
	int sequence;
	const char *stamp; /* when its action was last changed: 20220331T083000Z */
	enum export_event_state state;
	struct date due_on;
	const char *label; /* NULL = none, as for leads and timescale */
	const char *reference;
	const char *action;
	const char *number;
	const char *recommendation;
	const char *leads;
	const char *timescale; /* the words in force */
	const char *status;
};

struct export_calendar {
	const char *name;
	struct export_event *events;
	int count;
};

/* From the rows of Q_PLAN_EXPORT_CALENDAR, of which there is at least one. */
void export_calendar_load(
	struct arena *arena, const struct db_rows *rows, struct export_calendar *out);

/* Pure: the same calendar always gives the same bytes. False when libical refuses (logged). */
bool export_calendar_write(const struct export_calendar *calendar, struct text *out) MUSTCHECK;
