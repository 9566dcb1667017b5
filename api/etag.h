/* Entity tags in If-Match and If-None-Match (RFC 9110 section 8.8.3). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What a tag of ours ends with, inside of its quotes, when it is that of the gzip form. */
#define ETAG_GZIP "-gzip"

struct etag {
	const char *opaque; /* what stands between the quotes, in either form without ETAG_GZIP */
	size_t length;
	bool weak;
};

/* Reads the next tag of a list and moves *list behind it and its comma, to NULL after the last one.
 * False when there is none there. */
bool etag_next(const char **list, struct etag *tag);

/* True when the list of an If-None-Match names this tag, given with its quotes and in its plain
 * form; by the weak comparison. A list that is broken names what stands before the break. */
bool etag_is_listed(const char *list, const char *etag);
