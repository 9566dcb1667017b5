/* Words for a text in GOV.UK Notify's Markdown. Pure. */
#pragma once

#include "common/text.h"

/* Adds the words so that they are shown as they are, in one line: nobody's words become a heading,
 * a bullet or a link. An address of the web loses its "://" to ": //". */
void markdown_add_words(struct text *out, const char *words);
