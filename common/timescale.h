/* Reads a council's published timescale ("Dec 2021 – March 2022") as dates. Pure; any bytes. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"
#include "common/date.h"

#define TIMESCALE_TEXT_BYTES 2000 /* longer texts are unreadable */

enum timescale_quarters { TIMESCALE_FINANCIAL, TIMESCALE_CALENDAR };

enum timescale_kind {
	TIMESCALE_DATE,
	TIMESCALE_MONTH,
	TIMESCALE_RANGE,
	TIMESCALE_QUARTER,
	TIMESCALE_SEASON,
	TIMESCALE_YEAR,
	TIMESCALE_FIN_YEAR,
	TIMESCALE_MILESTONES,
	TIMESCALE_ONGOING,
	TIMESCALE_COMPLETE,
	TIMESCALE_RELATIVE,
	TIMESCALE_CONDITIONAL,
	TIMESCALE_UNKNOWN
};

/* How finely the due date was published; the date itself is always a whole day. */
enum timescale_precision {
	TIMESCALE_BY_NONE,
	TIMESCALE_BY_DAY,
	TIMESCALE_BY_MONTH,
	TIMESCALE_BY_QUARTER,
	TIMESCALE_BY_HALF,
	TIMESCALE_BY_SEASON,
	TIMESCALE_BY_YEAR
};

enum timescale_confidence { TIMESCALE_CERTAIN, TIMESCALE_ASSUMED, TIMESCALE_UNREADABLE };

struct timescale_settings {
	enum timescale_quarters quarters; /* what "Q3 2024" means */
	struct date
		relative_to; /* where "within six months" and "Year 2" count from; may be unset */
};

struct timescale_deadline {
	const char *label; /* NULL = none */
	struct date due_on;
};

/* due_on is always the last deadline's; no date is set when confidence is unreadable. */
struct timescale {
	const char *text; /* the caller's, not copied */
	enum timescale_kind kind;
	enum timescale_precision precision;
	struct date starts_on;
	struct date due_on;
	struct timescale_deadline *deadlines; /* in date order */
	int deadline_count;
	bool continues;          /* the work goes on after due_on */
	const char *recurs;      /* an RFC 5545 RRULE value, or NULL */
	const char *status_hint; /* an action status ("complete"), or NULL */
	struct date completed_on;
	enum timescale_confidence confidence;
	const char **assumptions;
	int assumption_count;
	const char *reading; /* one plain English sentence */
	const char *rule;    /* short stable name of the rule that decided */
};

/* Never fails: "unreadable" is an answer. settings may be NULL. Everything in *out lives in the
 * arena or is constant. */
void timescale_read(struct arena *arena, const char *text,
	const struct timescale_settings *settings, struct timescale *out);

/* One JSON object without line breaks (DESIGN section 3; then completed_on and rule). */
const char *timescale_json(struct arena *arena, const struct timescale *timescale);

/* The words of the API and of SQL for each enum. */
const char *timescale_kind_name(enum timescale_kind kind);
const char *timescale_precision_name(enum timescale_precision precision);
const char *timescale_confidence_name(enum timescale_confidence confidence);
