/* One timescale while it is being read: its tokens, points, spans and doubts. */
#pragma once

#include "common/timescale/timescale_resolve.h"

#define TIMESCALE_ASSUMPTIONS 10

enum link {          /* how a point follows the one before it */
	LINK_WORDS,  /* words of their own stand between; also the first point's */
	LINK_RANGE,  /* "to", a dash, "between … and" */
	LINK_EITHER, /* a slash */
	LINK_OR,
	LINK_LIST,    /* comma, "and", a new line */
	LINK_BRACKET, /* the second stands in brackets */
	LINK_NONE     /* nothing, or only glue */
};

enum role {
	ROLE_BY = 1 << 0,
	ROLE_FROM = 1 << 1,
	ROLE_UNTIL = 1 << 2,
	ROLE_BEFORE = 1 << 3,
	ROLE_CONDITION = 1 << 4, /* the date is another event's: "after", "subject to" */
	ROLE_DONE = 1 << 5,
	ROLE_ACTUAL = 1 << 6,
	ROLE_REVISED = 1 << 7,
	ROLE_ORIGINAL = 1 << 8,
	ROLE_UNSURE = 1 << 9,
	ROLE_EVERY = 1 << 10,
	ROLE_CONTINUES = 1 << 11, /* "and ongoing" after it */
	ROLE_ONGOING = 1 << 12,   /* "ongoing" before it */
	ROLE_THROUGHOUT = 1 << 13,
	ROLE_NAMELY = 1 << 14,
	ROLE_DONE_BARE = 1 << 15,  /* "complete", with ROLE_DONE */
	ROLE_DONE_EVENT = 1 << 16, /* "held", with ROLE_DONE */
	ROLE_RECORD = 1 << 17,     /* "last reviewed", a baseline, "revised from": no deadline */
	ROLE_DECIDED = 1 << 18,    /* "approved by Cabinet" */
	ROLE_START = 1 << 19       /* only the start of the work is dated */
};

struct span { /* one point, or several joined into one stretch of time */
	struct point *from;
	struct point *to;
	struct date start; /* unset where the words give only an end */
	struct date due;
	unsigned roles; /* enum role */
	bool quarter;   /* months that a quarter's name confirms */
	bool dropped;
	bool start_only; /* "from April 2022" */
	bool lasts;      /* its end was counted from its start */
	bool counted;    /* its end was counted from another event's date */
};

struct cell {
	struct arena *arena;
	const struct timescale_settings *settings;
	struct quarter_basis basis;
	struct timescale *out;
	struct tokens tokens;
	struct point points[TIMESCALE_POINTS];
	enum link links[TIMESCALE_POINTS];
	int point_count;
	struct span spans[TIMESCALE_POINTS];
	int span_count;
	const char *assumptions[TIMESCALE_ASSUMPTIONS];
	int assumption_count;
	const char *fault;  /* why nothing may be read */
	bool name_only;     /* a year was seen only as part of a name */
	struct point round; /* the last of a yearly round ("each March until 2015") */
};

/* Notes a doubt once; NULL is ignored. The string must outlive the cell. */
void timescale_cell_assume(struct cell *cell, const char *assumption);

/* Whether the token is part of a point. */
bool timescale_cell_holds_point(const struct cell *cell, int at);

bool timescale_cell_has(const struct cell *cell, enum tag tag);
enum tag timescale_cell_tag(const struct cell *cell, int at);
