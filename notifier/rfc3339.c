/* Instants as RFC 3339 writes them. Pure. */
#include "notifier/rfc3339.h"

#include <ctype.h>
#include <string.h>

#include "common/date.h"

/* Two digits up to a limit. */
static bool is_pair(const char *at, int limit)
{
	if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]))
		return false;
	return (at[0] - '0') * 10 + at[1] - '0' <= limit;
}

/* HH:MM */
static bool is_hour_minute(const char *at)
{
	return is_pair(at, 23) && at[2] == ':' && is_pair(at + 3, 59);
}

static bool is_zone(const char *at)
{
	if ((*at == 'Z' || *at == 'z') && !at[1])
		return true;
	return (*at == '+' || *at == '-') && strlen(at) == 6 && is_hour_minute(at + 1);
}

bool rfc3339_is_instant(const char *text)
{
	char day[11];
	struct date date;
	if (strlen(text) < 20 || (text[10] != 'T' && text[10] != 't'))
		return false;
	memcpy(day, text, 10);
	day[10] = '\0';
	if (!date_parse_iso(day, &date) || !is_hour_minute(text + 11))
		return false;
	if (text[16] != ':' || !is_pair(text + 17, 59))
		return false;
	const char *at = text + 19;
	if (*at == '.') {
		size_t digits = strspn(at + 1, "0123456789");
		if (digits == 0 || digits > 9)
			return false;
		at += 1 + digits;
	}
	return is_zone(at);
}
