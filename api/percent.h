/* Percent escapes of URLs (RFC 3986 section 2.1). Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

/* The byte that the escape at "%" stands for, or -1 when it is broken. */
int percent_byte(const char *at);

/* Decodes text whose escapes are whole and hold no NUL, as guard_fault has seen to. In queries "+"
 * is a space (WHATWG URL section 5.1). */
char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus_is_space);
