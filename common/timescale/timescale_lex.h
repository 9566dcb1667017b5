/* A timescale's text as a fixed array of tagged tokens. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/timescale.h"

#define TIMESCALE_TOKENS 300
#define TIMESCALE_LOOKAHEAD 8 /* edge tokens after the last, so that readers need no bounds */

enum tag {
	T_EDGE,   /* before the first and after the last token */
	T_OTHER,  /* a word without a meaning here */
	T_NUMBER, /* value -1 = too long to count */
	T_MONTH,
	T_WEEKDAY,
	T_SEASON, /* enum season */
	T_FEAST,  /* enum feast */
	T_QUARTER,
	T_HALF,
	T_TERM,
	T_UNIT, /* value D, W, M or Y */
	T_FY,
	T_FINANCIAL,
	T_ACADEMIC,
	T_MUNICIPAL,
	T_CALENDAR,
	T_DASH, /* value 1: an arrow */
	T_SLASH,
	T_COMMA,
	T_DOT,
	T_COLON,
	T_SEMI,
	T_BREAK, /* a new line or a bullet */
	T_OPEN,
	T_CLOSE,
	T_APOSTROPHE,
	T_QUESTION,
	T_PERCENT,
	T_POUND,
	T_DITTO,
	T_AND,
	T_OR,
	T_GLUE, /* the, in, on: says nothing; value: enum glue */
	T_OF,
	T_BY,
	T_IN_TIME, /* for */
	T_BEFORE,
	T_AFTER,
	T_FROM,
	T_NOT_BEFORE,
	T_TO,
	T_UNTIL,
	T_BETWEEN,
	T_THROUGHOUT,
	T_END,
	T_BEGINNING,
	T_MID,
	T_EARLY,
	T_LATE,
	T_LAST, /* value 1: "last", which may point back ("last reviewed") */
	T_WEEK_FROM,
	T_WEEK_TO,
	T_ONGOING,
	T_AS_NEEDED,
	T_ONWARDS,
	T_THEN,
	T_DONE, /* value: enum done */
	T_DUE,  /* "deadline", "completion": says that a date follows */
	T_STARTED,
	T_START,
	T_IN_PROGRESS,
	T_NOT_STARTED,
	T_HOLD,
	T_CANCELLED,
	T_TRANSFERRED,
	T_LATE_STATUS, /* overdue, delayed */
	T_NOT,
	T_PARTLY,
	T_WILL,
	T_ACTUAL,
	T_REVISED, /* value 1: "now" */
	T_CHANGE, /* "defer": a revision when dates follow ("from X to Y"); value 1: "extend", which
		     may also last from X to Y */
	T_ORIGINAL,
	T_TBC, /* value 1: an order where a date follows ("to be agreed by June") */
	T_UNSURE,
	T_CONDITION,
	T_SEE,
	T_NEXT,
	T_THIS,
	T_HORIZON, /* short, medium or long term */
	T_NOW,
	T_WITHIN,
	T_FREQUENCY, /* value: months, or minus weeks, 0 = day */
	T_ANNUAL,    /* the adjective, value as above */
	T_EVERY,
	T_PER,      /* a year, after a count */
	T_TIMES,    /* times a year, after a count */
	T_PHASE,    /* "phase", "action": its number is no date */
	T_STEP,     /* "review": a plain name for a milestone; value 1: decided ("approved") */
	T_BASELINE, /* its year is what a target is measured from; value 1: "compared with" */
	T_RECESS,   /* "recess", "holidays" */
	T_PACE,     /* "ahead of schedule": how the work kept its time */
	T_NAMELY,   /* "i.e." */
	T_TAGS
};

enum season { SEASON_SPRING, SEASON_SUMMER, SEASON_AUTUMN, SEASON_WINTER };
enum feast { FEAST_EASTER, FEAST_CHRISTMAS, FEAST_NEW_YEAR };
enum done {
	DONE_PAST,
	DONE_BARE,
	DONE_WEAK,
	DONE_EVENT
}; /* "completed"; "complete"; "in place";
       "held", only beside its date */
enum glue { GLUE_PLAIN, GLUE_FOR, GLUE_ARTICLE };

#define FREQUENCY_HALF_TERM 90

struct token {
	unsigned char tag;    /* enum tag */
	unsigned char digits; /* of a number; 0 when spelt */
	bool ordinal;         /* 31st, third */
	bool capital;         /* begins with a capital letter */
	bool doubtful;        /* a misspelt or damaged month */
	int value;
	unsigned short start; /* bytes into the text */
	unsigned short end;
};

struct tokens {
	const char *text;
	struct token at[TIMESCALE_TOKENS + 1 + TIMESCALE_LOOKAHEAD]; /* at[0] is an edge */
	int end;                                                     /* one past the last token */
	bool seen[T_TAGS];
};

/* False when the text has more tokens than fit. length <= TIMESCALE_TEXT_BYTES. */
bool timescale_lex(const char *text, size_t length, struct tokens *out) MUSTCHECK;
