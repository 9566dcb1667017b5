/* The encodings of RFC 2045 and RFC 2047 for UTF-8. Pure. */
#pragma once

#include <stdbool.h>

#include "common/text.h"

/* May stand in a header: UTF-8 without control characters. */
bool mime_text_is_clean(const char *value);

/* Without the characters that change the direction of writing, which can make a name read as
 * another (U+202A to 202E, U+2066 to 2069). */
const char *mime_text_undirected(struct arena *arena, const char *value);

/* Adds "Name: value" and CRLF: folded at spaces, as encoded words where it is not plain ASCII. No
 * line is longer than 76 and no character is split between two encoded words. */
void mime_text_header(struct text *out, const char *name, const char *value);

/* Adds a display name as encoded words, quoted string or atoms. column: how long the line is so
 * far. Returns how long the last line is then. */
size_t mime_text_phrase(struct text *out, const char *name, size_t column);

/* Adds a text in quoted-printable: lines of at most 76, ended by CRLF. */
void mime_text_body(struct text *out, const char *body);
