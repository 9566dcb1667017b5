/* The form in which an answer leaves: as it is, or in gzip (RFC 9110 section 8.4). */
#pragma once

#include "api/http.h"
#include "common/arena.h"

/* The last touch to an answer, after every header but those that gzip brings: packs the body when
 * the request asks for it and it pays, and tells so in Content-Encoding, ETag and Vary. */
void gzip_finish(struct arena *arena, const struct http_request *http, struct http_answer *answer);
