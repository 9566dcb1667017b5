/* Finds the dated points of a timescale: "end of March 2022", "Q3 2024/25", "31/03/24". */
#pragma once

#include "common/timescale/timescale_lex.h"

#define TIMESCALE_POINTS 16

enum shape {
	SHAPE_DAY,
	SHAPE_MONTH,
	SHAPE_QUARTER,
	SHAPE_HALF,
	SHAPE_SEASON,
	SHAPE_TERM,
	SHAPE_FEAST,
	SHAPE_YEAR,
	SHAPE_YEARS,
	SHAPE_FIN_YEAR,
	SHAPE_ACADEMIC,
	SHAPE_MUNICIPAL
};

enum part {
	PART_WHOLE,
	PART_START,
	PART_EARLY,
	PART_MID,
	PART_LATE,
	PART_END,
	PART_FIRST_HALF,
	PART_SECOND_HALF,
	PART_WEEK_FROM, /* week commencing this day */
	PART_WEEK_TO,
	PART_FIRST_WEEK, /* of a month; then the second, third and fourth */
	PART_SECOND_WEEK,
	PART_THIRD_WEEK,
	PART_FOURTH_WEEK,
	PART_WEEKDAY /* "first Monday": day counts it, 5 = the last */
};

struct point {
	enum shape shape;
	enum part part;
	int year;       /* 0 = not written */
	int last_year;  /* of SHAPE_YEARS */
	bool financial; /* year is the first of a financial year */
	int number;     /* month 1 to 12, quarter, half, enum season, enum feast; 0 = not written */
	int day;
	int weekday; /* as written, 1 to 7; 0 = not written */
	int begin;   /* tokens */
	int end;
	bool spelt;        /* "second half of 2023", not "H2 2023" */
	bool open;         /* "onwards" stood before its year */
	const char *doubt; /* makes the reading assumed */
	const char *fault; /* makes the whole timescale unreadable */
	struct date first; /* set by timescale_resolve */
	struct date last;
};

/* previous is the point that ends just before `at`, or NULL: "Q1 & 2", "12-14 June". */
bool timescale_point_at(const struct tokens *tokens, int at, const struct point *previous,
	struct point *out) MUSTCHECK;
