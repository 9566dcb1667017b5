/* A message's stable identity as the name of a file. Pure. */
#include "notifier/file_name.h"

#include <ctype.h>

#define POST_BYTES 80

const char *file_name_of(
	struct arena *arena, const char *day, const char *post, long long message_id)
{
	char words[POST_BYTES + 1];
	size_t length = 0;
	for (const char *at = post; *at && length < POST_BYTES; at++) {
		unsigned char c = (unsigned char)*at;
		if (c < 0x80 && isalnum(c))
			words[length++] = (char)tolower(c);
		else if (length > 0 && words[length - 1] != '-')
			words[length++] = '-';
	}
	while (length > 0 && words[length - 1] == '-')
		length--;
	words[length] = '\0';
	return arena_printf(arena, "%s-%s%s%lld", day, words, length ? "-" : "", message_id);
}
