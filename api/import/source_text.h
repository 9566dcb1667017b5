/* The bytes of a text file as UTF-8 text. */
#pragma once

#include "api/import/finding.h"

/* A copy that ends with NUL, without a byte order mark. What is not UTF-8 is taken for Windows-1252
 * (WHATWG Encoding), which is a doubt. NULL: it is no text, or too big; errors says why. */
char *source_text_decode(struct arena *arena, const char *bytes, size_t length,
	struct findings *doubts, struct findings *errors) MUSTCHECK;

/* The line, from 1, in which this byte stands. */
int source_text_line(const char *bytes, size_t offset);
