/* Entity tags in If-Match and If-None-Match (RFC 9110 section 8.8.3). Pure. */
#include "api/etag.h"

#include <string.h>

#define SUFFIX_LENGTH (sizeof(ETAG_GZIP) - 1)

static bool is_gzip_form(const struct etag *tag)
{
	return tag->length > SUFFIX_LENGTH &&
	       memcmp(tag->opaque + tag->length - SUFFIX_LENGTH, ETAG_GZIP, SUFFIX_LENGTH) == 0;
}

bool etag_next(const char **list, struct etag *tag)
{
	const char *at = *list;
	tag->weak = strncmp(at, "W/", 2) == 0;
	at += tag->weak ? 2 : 0;
	const char *close = *at == '"' ? strchr(at + 1, '"') : NULL;
	if (!close)
		return false;
	tag->opaque = at + 1;
	tag->length = (size_t)(close - tag->opaque);
	if (is_gzip_form(tag))
		tag->length -= SUFFIX_LENGTH;
	at = close + 1;
	at += strspn(at, " \t");
	if (*at && *at != ',')
		return false;
	*list = *at ? at + 1 + strspn(at + 1, " \t") : NULL;
	return true;
}

bool etag_is_listed(const char *list, const char *etag)
{
	struct etag known;
	struct etag wanted;
	if (strcmp(list, "*") == 0)
		return true;
	if (!etag_next(&etag, &wanted))
		return false;
	while (list && etag_next(&list, &known))
		if (known.length == wanted.length &&
			memcmp(known.opaque, wanted.opaque, known.length) == 0)
			return true;
	return false;
}
