/* Words for a text in GOV.UK Notify's Markdown. Pure. */
#include "notifier/markdown.h"

#include <string.h>

/* All of them are characters that a backslash protects in every Markdown. */
#define ANYWHERE "\\`*_[]~|"
#define AT_THE_START "#-+>"

/* What begins a line may make it a heading or an item of a list, as "1." does. */
static size_t add_start(struct text *out, const char *words)
{
	if (out->length > 0 && out->bytes[out->length - 1] != '\n')
		return 0;
	size_t digits = strspn(words, "0123456789");
	if (digits > 0 && words[digits] == '.') {
		text_add_bytes(out, words, digits);
		text_add(out, "\\.");
		return digits + 1;
	}
	if (*words && strchr(AT_THE_START, *words)) {
		text_add(out, "\\");
		text_add_bytes(out, words, 1);
		return 1;
	}
	return 0;
}

void markdown_add_words(struct text *out, const char *words)
{
	const char *at = words + add_start(out, words);
	while (*at) {
		size_t plain = strcspn(at, ANYWHERE "\r\n\t:");
		text_add_bytes(out, at, plain);
		at += plain;
		if (!*at)
			return;
		size_t blank = strspn(at, "\r\n\t");
		if (blank > 0) {
			text_add(out, " ");
			at += blank;
			continue;
		}
		if (strncmp(at, "://", 3) == 0)
			text_add(out, ": ");
		else if (*at == ':')
			text_add(out, ":");
		else
			text_add_bytes(out, (const char[]){ '\\', *at }, 2);
		at++;
	}
}
