/* Instants as RFC 3339 writes them. Pure. */
#pragma once

#include <stdbool.h>

/* Exactly 2022-03-24T09:00:00Z, with a fraction or an offset if wanted, and a day that exists. */
bool rfc3339_is_instant(const char *text);
