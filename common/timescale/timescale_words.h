/* The single words that timescales are written in, and how they are found. */
#pragma once

#include <stddef.h>

struct timescale_word {
	const char *text;    /* lower case */
	unsigned char tag;   /* enum tag */
	unsigned char opens; /* 1 = a phrase may begin with it */
	short value;
};

/* NULL when the word has no meaning here. text is lower case and not ended by NUL. */
const struct timescale_word *timescale_words_find(const char *text, size_t length);

/* The month, 1 to 12, whose long name was written with one slip of the pen; 0 = none. */
int timescale_words_misspelt_month(const char *text, size_t length);
