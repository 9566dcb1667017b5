/* Content negotiation: does an Accept header allow a media type (RFC 9110 section 12.5.1)? Pure. */
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
