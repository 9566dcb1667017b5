/* Characters and words of UTF-8 text: what is white space, a capital, a word. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

#define WORDS_PLAIN_BYTES 400 /* what words_plain looks at */
#define WORDS_QUOTE 80        /* characters of a text that a message repeats */

/* The length of the longest valid start (RFC 3629); equal to length when all of it is valid. */
size_t words_valid_utf8(const char *bytes, size_t length);

/* How many bytes of white space start here: ASCII, control characters, no-break and wide spaces,
 * line separators. 0 = none. */
size_t words_space(const char *at);

bool words_blank(const char *text);
const char *words_skip_space(const char *at);

/* A copy whose runs of white space are single spaces, with none at the ends. */
char *words_tidy(struct arena *arena, const char *text, size_t length);

/* The same, but a line break stays one, and lines without a word go. */
char *words_tidy_lines(struct arena *arena, const char *text);

size_t words_characters(const char *text); /* code points */

/* The letter that starts here (Latin, with the accents of Welsh and French). */
bool words_lower(const char *at);
bool words_upper(const char *at);

/* The length of the word that starts here: everything up to white space. */
size_t words_length(const char *at);

/* Whether word[0..length) is in a sorted table; ASCII case counts. */
bool words_listed(const char *const *table, size_t count, const char *word, size_t length);

/* Lower case, letters and digits only, single spaces; footnote marks and brackets left out: the
 * form in which headings and short values are compared. */
char *words_plain(struct arena *arena, const char *text);

/* Ends the text after so many characters; tells whether it was longer. */
bool words_cut(char *text, size_t characters);

/* The text's beginning in quotation marks, for messages. */
char *words_quote(struct arena *arena, const char *text);

/* Whether plain text holds these plain words as whole words. */
bool words_contains(const char *text, const char *words);
