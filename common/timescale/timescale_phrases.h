/* The phrases that timescales are written in, and how they are found. */
#pragma once

#include <stddef.h>

#include "common/timescale/timescale_words.h"

/* The longest phrase that begins at text (cleaned, any case), or NULL. *length is what is left of
 * the text and becomes what the phrase takes. A space in a phrase stands for spaces, dashes,
 * slashes, full stops and line breaks. */
const struct timescale_word *timescale_phrases_find(const char *text, size_t *length);

/* Sorted by first word; among equal first words the longest comes first. */
extern const struct timescale_word timescale_phrase_table[];
extern const size_t timescale_phrase_count;
