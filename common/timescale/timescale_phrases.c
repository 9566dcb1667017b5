/* How the phrases that timescales are written in are found. */
#include "common/timescale/timescale_phrases.h"

#include <stdbool.h>

static char lower(char byte)
{
	bool upper = byte >= 'A' && byte <= 'Z';
	return (char)(upper ? byte + 32 : byte);
}

static bool is_gap(char byte)
{
	return byte == ' ' || byte == '-' || byte == '/' || byte == '.' || byte == '\n';
}

static bool is_word_byte(char byte)
{
	return (lower(byte) >= 'a' && lower(byte) <= 'z') || (byte >= '0' && byte <= '9') ||
	       (unsigned char)byte >= 0x80;
}

/* Bytes of text that the phrase takes, or 0. */
static size_t match(const char *phrase, const char *text, size_t length)
{
	size_t at = 0;
	for (; *phrase; phrase++) {
		if (at == length)
			return 0;
		if (*phrase != ' ') {
			if (lower(text[at++]) != *phrase)
				return 0;
			continue;
		}
		size_t gap = at;
		while (at < length && is_gap(text[at]))
			at++;
		if (at == gap)
			return 0;
	}
	return at < length && is_word_byte(text[at]) ? 0 : at;
}

static int first_word_order(const char *text, size_t length, const char *phrase)
{
	size_t i = 0;
	for (; i < length && (is_word_byte(text[i]) || text[i] == '\''); i++) {
		if (phrase[i] == ' ' || phrase[i] == '\0')
			return 1;
		if (lower(text[i]) != phrase[i])
			return (unsigned char)lower(text[i]) - (unsigned char)phrase[i];
	}
	return phrase[i] == ' ' ? 0 : -1;
}

static size_t first_of(const char *text, size_t length)
{
	size_t low = 0;
	size_t high = timescale_phrase_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (first_word_order(text, length, timescale_phrase_table[middle].text) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct timescale_word *timescale_phrases_find(const char *text, size_t *length)
{
	for (size_t i = first_of(text, *length); i < timescale_phrase_count; i++) {
		if (first_word_order(text, *length, timescale_phrase_table[i].text) != 0)
			return NULL;
		size_t taken = match(timescale_phrase_table[i].text, text, *length);
		if (taken) {
			*length = taken;
			return &timescale_phrase_table[i];
		}
	}
	return NULL;
}
