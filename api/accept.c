/* Content negotiation: which media type and which coding a client takes (RFC 9110 section 12.5).
 * Pure. */
#include "api/accept.h"

#include <string.h>
#include <strings.h>

/* 3 = the very type, 2 = type/ *, 1 = * / *, 0 = another type. */
static int specificity(const char *range, size_t length, const char *type)
{
	size_t family = strcspn(type, "/") + 1;
	if (length == strlen(type) && strncasecmp(range, type, length) == 0)
		return 3;
	if (length == family + 1 && range[family] == '*' && strncasecmp(range, type, family) == 0)
		return 2;
	return length == 3 && strncmp(range, "*/*", 3) == 0 ? 1 : 0;
}

static bool is_refused(const char *parameters, size_t length)
{
	for (size_t i = 1; i + 2 < length; i++) {
		bool begins = parameters[i - 1] == ';' || parameters[i - 1] == ' ';
		if (!begins || (parameters[i] | 0x20) != 'q' || parameters[i + 1] != '=')
			continue;
		size_t at = i + 2;
		while (at < length && (parameters[at] == '0' || parameters[at] == '.'))
			at++;
		return at == length || parameters[at] == ' ' || parameters[at] == ';';
	}
	return false;
}

bool accept_allows(const char *accept, const char *type)
{
	int best = 0;
	bool allowed = false;
	if (!accept || !*accept)
		return true;
	if (!type)
		type = "application/json";
	for (const char *at = accept; *at;) {
		at += strspn(at, ", \t");
		size_t length = strcspn(at, ",");
		size_t range = strcspn(at, ",; \t");
		int found = specificity(at, range, type);
		if (found > best) {
			best = found;
			allowed = !is_refused(at + range, length - range);
		}
		at += length;
	}
	return best > 0 && allowed;
}

/* "0.5" is 500 (RFC 9110 section 12.4.2); -1 when it is none. */
static int read_weight(const char *text, size_t length)
{
	int weight = 0;
	if (length < 1 || length > 5 || text[0] < '0' || text[0] > '1' ||
		(length > 1 && text[1] != '.'))
		return -1;
	for (size_t i = 0; i < 5; i++) {
		if (i == 1)
			continue;
		if (i < length && (text[i] < '0' || text[i] > '9'))
			return -1;
		weight = weight * 10 + (i < length ? text[i] - '0' : 0);
	}
	return weight <= 1000 ? weight : -1;
}

/* The weight behind a coding's name: 1000 without one. */
static int weight_of(const char *parameters, size_t length)
{
	const char *end = parameters + length;
	parameters += strspn(parameters, " \t");
	if (parameters >= end)
		return 1000;
	if (*parameters != ';')
		return -1;
	parameters += 1 + strspn(parameters + 1, " \t");
	while (end > parameters && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (end - parameters < 2 || (parameters[0] | 0x20) != 'q' || parameters[1] != '=')
		return -1;
	return read_weight(parameters + 2, (size_t)(end - parameters - 2));
}

enum accept_coding accept_coding(const char *header)
{
	static const char *const names[] = { "gzip", "x-gzip", "identity", "*" };
	int weights[] = { -1, -1, -1, -1 };
	for (const char *at = header ? header : ""; *at;) {
		at += strspn(at, ", \t");
		size_t length = strcspn(at, ",");
		size_t name = strcspn(at, ",; \t");
		for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
			if (strlen(names[i]) == name && strncasecmp(at, names[i], name) == 0)
				weights[i] = weight_of(at + name, length - name);
		at += length;
	}
	int any = weights[3];
	int gzip = weights[0] > weights[1] ? weights[0] : weights[1];
	gzip = gzip < 0 ? any : gzip;
	/* The plain form is fine unless it is refused, by name or with everything else. */
	int plain = weights[2] < 0 && any == 0 ? 0 : weights[2];
	if (plain == 0)
		return gzip > 0 ? ACCEPT_GZIP_ONLY : ACCEPT_NO_CODING;
	return gzip > 0 && gzip >= plain ? ACCEPT_GZIP : ACCEPT_PLAIN;
}
