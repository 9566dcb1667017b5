/* The characters of a spreadsheet's texts that are written as numbers. Pure. */
#include "api/import/xlsx_text.h"

#include <stdlib.h>
#include <string.h>

#define CODE_BYTES 7 /* "_x000D_" */

/* 0: no such code stands here, or it names no character by itself. */
static unsigned long read_code(const char *at)
{
	char digits[5] = { 0 };
	if (strncmp(at, "_x", 2) != 0 || strspn(at + 2, "0123456789abcdefABCDEF") < 4 ||
		at[6] != '_')
		return 0;
	memcpy(digits, at + 2, 4);
	unsigned long code = strtoul(digits, NULL, 16);
	return code >= 0xd800 && code <= 0xdfff ? 0 : code;
}

/* UTF-8 of a character below U+10000 (RFC 3629). */
static char *put(char *out, unsigned long code)
{
	if (code < 0x80) {
		*out++ = (char)code;
		return out;
	}
	if (code < 0x800) {
		*out++ = (char)(0xc0 | code >> 6);
	} else {
		*out++ = (char)(0xe0 | code >> 12);
		*out++ = (char)(0x80 | (code >> 6 & 0x3f));
	}
	*out++ = (char)(0x80 | (code & 0x3f));
	return out;
}

const char *xlsx_text_decode(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_strndup(arena, text, length);
	char *out = strstr(copy, "_x");
	if (!out)
		return copy;
	for (const char *at = out; *at;) {
		unsigned long code = read_code(at);
		if (code)
			out = put(out, code);
		else
			*out++ = *at;
		at += code ? CODE_BYTES : 1;
	}
	*out = '\0';
	return copy;
}
