/* What both cell readers need of a published cell's bytes: plain punctuation and valid UTF-8. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

/* Writes length bytes to out: the same text with every dash as "-", every space and control as " ",
 * every line break and bullet as "\n", curly quotes straight, U+2044 as "/". A character of several
 * bytes is followed by spaces, so that offsets stay those of the original. Nothing is lower-cased.
 */
void cell_text_clean(const char *text, size_t length, char *out);

/* The same plain text without the padding spaces, for showing. */
char *cell_text_plain(struct arena *arena, const char *text);

/* The text itself where it is valid UTF-8, otherwise a copy with U+FFFD for each bad byte. */
const char *cell_text_utf8(struct arena *arena, const char *text);

/* A copy of text[0..length) with each run of white space as one space and none at the ends. */
const char *cell_text_squeeze(struct arena *arena, const char *text, size_t length);
