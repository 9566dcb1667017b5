/* Percent escapes of URLs (RFC 3986 section 2.1). Pure. */
#include "api/percent.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

int percent_byte(const char *at)
{
	int high = hex_digit(at[1]);
	int low = high < 0 ? -1 : hex_digit(at[2]);
	return low < 0 ? -1 : high * 16 + low;
}

char *percent_decode(struct arena *arena, const char *text, size_t length, bool plus_is_space)
{
	char *out = arena_alloc(arena, length + 1);
	size_t used = 0;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		if (c == '+' && plus_is_space)
			c = ' ';
		if (c == '%') {
			c = (char)percent_byte(text + i);
			i += 2;
		}
		out[used++] = c;
	}
	return out;
}
