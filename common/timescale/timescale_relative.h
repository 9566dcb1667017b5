/* Timescales that count from something else: "within six months", "Year 2", "next meeting". */
#pragma once

#include "common/timescale/timescale_cell.h"

struct duration {
	int count; /* 0 = none was found */
	char unit; /* D, W, M or Y */
	int begin; /* tokens */
	int end;
};

struct duration timescale_relative_duration(const struct cell *cell);

/* An ISO 8601 period such as "P6M". */
const char *timescale_relative_period(struct cell *cell, struct duration duration);

struct date timescale_relative_add(struct date date, struct duration duration);

/* "Year 2", "Years 1-3": false when there is none. */
bool timescale_relative_years(const struct cell *cell, int *first, int *last) MUSTCHECK;

/* Words that point at a time without naming it: "next meeting", "end of year", "short term". */
bool timescale_relative_is_vague(const struct cell *cell);
bool timescale_relative_is_now(const struct cell *cell);
