/* Civil dates of the Gregorian calendar, without time or zone. Pure. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"

struct date {
	int year; /* 0 = no date */
	int month;
	int day;
};

#define DATE_NONE ((struct date){ 0, 0, 0 })
#define DATE_ISO_BYTES 16 /* enough for date_iso and its NUL */

bool date_is_set(struct date date);
bool date_is_valid(int year, int month, int day); /* years 1 to 9999 */

/* Days since 1970-01-01, and back (the algorithm of H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). */
int date_to_days(struct date date);
struct date date_from_days(int days);

/* 1 = Monday … 7 = Sunday (ISO 8601). */
int date_weekday(struct date date);
int date_compare(struct date a, struct date b); /* <0, 0, >0 */
struct date date_add_days(struct date date, int days);
/* The same day n months on, or that month's last day where it has fewer. */
struct date date_add_months(struct date date, int months);
int date_month_length(int year, int month);
struct date date_month_end(int year, int month);

/* Exactly YYYY-MM-DD and a day that exists; anything else is false and *out untouched. */
bool date_parse_iso(const char *text, struct date *out) MUSTCHECK;
/* Writes YYYY-MM-DD into out and returns it. */
const char *date_iso(struct date date, char out[DATE_ISO_BYTES]);
const char *date_month_name(int month); /* 1 = "January" */
