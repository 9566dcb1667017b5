/* The number of a recommendation, in its own cell or stuck to the text. Pure. */
#include "api/import/number.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "api/import/words.h"

#define DIGITS "0123456789"
#define DIGITS_IN_A_NUMBER 3 /* four are a year */

const char *number_tidy(struct arena *arena, const char *cell)
{
	char *number = words_tidy(arena, cell, strlen(cell));
	size_t length = strlen(number);
	while (length && strchr(".:)", number[length - 1]))
		number[--length] = '\0';
	return length ? number : NULL;
}

static const char *skip_word(const char *at)
{
	static const char *const words[] = { "Recommendation", "Rec", "R" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t length = strlen(words[i]);
		if (!strncasecmp(at, words[i], length))
			return words_skip_space(at + length);
	}
	return at;
}

/* "3", "2.1", "4a"; the same place when there is none. */
static const char *skip_digits(const char *at)
{
	const char *end = at;
	for (;;) {
		size_t digits = strspn(end, DIGITS);
		if (!digits || digits > DIGITS_IN_A_NUMBER)
			return digits ? at : end;
		end += digits;
		if (*end != '.' || !strchr(DIGITS, end[1]) || !end[1])
			return end + (*end >= 'a' && *end <= 'z' && strchr(".:)", end[1]));
		end++;
	}
}

static bool is_lettered(const char *at)
{
	return ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z')) && at[1] == ')';
}

const char *number_take(struct arena *arena, const char **text)
{
	const char *start = words_skip_space(*text);
	const char *digits = skip_word(start);
	const char *end = is_lettered(start) ? start + 1 : skip_digits(digits);
	if (end == digits && !is_lettered(start))
		return NULL;
	if (!*end || !strchr(".:)", *end) || words_blank(end + 1))
		return NULL;
	*text = words_skip_space(end + 1);
	return words_tidy(arena, start, (size_t)(end - start));
}
