/* Civil dates of the Gregorian calendar, without time or zone. Pure. */
#include "common/date.h"

#include <stdio.h>
#include <string.h>

bool date_is_set(struct date date)
{
	return date.year != 0;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int date_month_length(int year, int month)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	if (month == 2 && is_leap(year))
		return 29;
	return lengths[month - 1];
}

bool date_is_valid(int year, int month, int day)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
		return false;
	return day <= date_month_length(year, month);
}

int date_to_days(struct date date)
{
	int year = date.month <= 2 ? date.year - 1 : date.year;
	int era = (year >= 0 ? year : year - 399) / 400;
	int year_of_era = year - era * 400;
	int day_of_year =
		(153 * (date.month > 2 ? date.month - 3 : date.month + 9) + 2) / 5 + date.day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int days)
{
	days += 719468;
	int era = (days >= 0 ? days : days - 146096) / 146097;
	int day_of_era = days - era * 146097;
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int shifted = (5 * day_of_year + 2) / 153;
	struct date date = { .day = day_of_year - (153 * shifted + 2) / 5 + 1,
		.month = shifted < 10 ? shifted + 3 : shifted - 9 };
	date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
	return date;
}

int date_weekday(struct date date)
{
	int days = date_to_days(date) + 3; /* 1970-01-01 was a Thursday */
	return ((days % 7) + 7) % 7 + 1;
}

int date_compare(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year - b.year;
	if (a.month != b.month)
		return a.month - b.month;
	return a.day - b.day;
}

struct date date_add_days(struct date date, int days)
{
	return date_from_days(date_to_days(date) + days);
}

struct date date_add_months(struct date date, int months)
{
	int total = date.year * 12 + date.month - 1 + months;
	struct date moved = { .year = total / 12, .month = total % 12 + 1, .day = date.day };
	int length = date_month_length(moved.year, moved.month);
	if (moved.day > length)
		moved.day = length;
	return moved;
}

struct date date_month_end(int year, int month)
{
	return (struct date){ year, month, date_month_length(year, month) };
}

static bool all_digits(const char *text, int count)
{
	for (int i = 0; i < count; i++)
		if (text[i] < '0' || text[i] > '9')
			return false;
	return true;
}

bool date_parse_iso(const char *text, struct date *out)
{
	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!all_digits(text, 4) || !all_digits(text + 5, 2) || !all_digits(text + 8, 2))
		return false;
	int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + text[3] -
		   '0';
	int month = (text[5] - '0') * 10 + text[6] - '0';
	int day = (text[8] - '0') * 10 + text[9] - '0';
	if (!date_is_valid(year, month, day))
		return false;
	*out = (struct date){ year, month, day };
	return true;
}

const char *date_iso(struct date date, char out[DATE_ISO_BYTES])
{
	/* The masks bound the field widths, which the compiler cannot see from the calendar. */
	snprintf(out, DATE_ISO_BYTES, "%04u-%02u-%02u", (unsigned)date.year % 10000U,
		(unsigned)date.month % 100U, (unsigned)date.day % 100U);
	return out;
}

const char *date_month_name(int month)
{
	static const char *const names[] = { "January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December" };
	return names[month - 1];
}
