/* Content negotiation: does an Accept header allow a media type (RFC 9110 section 12.5.1)? Pure. */
#pragma once

#include <stdbool.h>

/* accept NULL: no header, anything goes. type NULL: application/json. The most specific range
 * decides; q=0 forbids. */
bool accept_allows(const char *accept, const char *type);
