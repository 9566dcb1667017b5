/* Refuses requests whose shape two parsers could read differently, before anything reads them. */
#pragma once

#include "api/http.h"

#define GUARD_TARGET_BYTES 4096

/* NULL when the request is sound; otherwise what is wrong, and the connection must be closed:
 * another request may be hidden behind this one (RFC 9112 sections 5, 6.3 and 11.2). */
const char *guard_fault(const struct http_request *request);
