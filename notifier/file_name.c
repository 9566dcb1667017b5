/* A message's stable identity as the name of a file. Pure. */
#include "notifier/file_name.h"

#include <stdbool.h>

#define POST_BYTES 80

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const char *file_name_of(
	struct arena *arena, const char *day, const char *post, long long message_id)
{
	char words[POST_BYTES + 1];
	size_t length = 0;
	for (const char *at = post; *at && length < POST_BYTES; at++) {
		if (is_word(*at))
			words[length++] = *at;
		else if (length > 0 && words[length - 1] != '-')
			words[length++] = '-';
	}
	while (length > 0 && words[length - 1] == '-')
		length--;
	words[length] = '\0';
	for (size_t i = 0; i < length; i++)
		if (words[i] >= 'A' && words[i] <= 'Z')
			words[i] |= 0x20; /* ASCII lower case, whatever the locale */
	return arena_printf(arena, "%s-%s%s%lld", day, words, length ? "-" : "", message_id);
}
