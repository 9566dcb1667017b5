/* A string that grows inside an arena, for building anything longer than one printf. */
#include "common/text.h"

#include <string.h>

void text_init(struct text *text, struct arena *arena)
{
	*text = (struct text){ .arena = arena, .capacity = 256 };
	text->bytes = arena_alloc(arena, text->capacity);
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (length >= text->capacity - text->length) {
		size_t capacity = (text->length + length + 1) * 2;
		char *grown = arena_alloc(text->arena, capacity);
		memcpy(grown, text->bytes, text->length);
		text->bytes = grown;
		text->capacity = capacity;
	}
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	text_add(text, arena_vprintf(text->arena, format, args));
	va_end(args);
}

static const char *json_escape(unsigned char byte)
{
	switch (byte) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\r':
		return "\\r";
	case '\t':
		return "\\t";
	default:
		return NULL;
	}
}

void text_add_json(struct text *text, const char *string)
{
	if (!string) {
		text_add(text, "null");
		return;
	}
	text_add_bytes(text, "\"", 1);
	const char *start = string;
	for (const char *at = string; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		const char *escape = json_escape(byte);
		if (!escape && byte >= 0x20)
			continue;
		text_add_bytes(text, start, (size_t)(at - start));
		start = at + 1;
		if (escape)
			text_add(text, escape);
		else
			text_addf(text, "\\u%04x", byte);
	}
	text_add(text, start);
	text_add_bytes(text, "\"", 1);
}
