/* Content negotiation: which media type and which coding a client takes (RFC 9110 section 12.5).
 * Pure. */
#pragma once

#include <stdbool.h>

/* accept NULL: no header, anything goes. type NULL: application/json. The most specific range
 * decides; q=0 forbids. */
bool accept_allows(const char *accept, const char *type);

enum accept_coding {
	ACCEPT_PLAIN,     /* as it is */
	ACCEPT_GZIP,      /* gzip, or as it is */
	ACCEPT_GZIP_ONLY, /* not as it is */
	ACCEPT_NO_CODING  /* neither */
};

/* What an Accept-Encoding header asks for; NULL: none. gzip when it is weighed no less than the
 * plain form; "x-gzip" is the same. A coding with a weight that is none is as good as not named. */
enum accept_coding accept_coding(const char *header);
