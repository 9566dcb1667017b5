/* A string that grows inside an arena, for building anything longer than one printf. */
#include "common/text.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"

void text_init(struct text *text, struct arena *arena)
{
	*text = (struct text){ .arena = arena, .capacity = 256 };
	text->bytes = arena_alloc(arena, text->capacity);
}

/* For so many more bytes and the NUL. */
static void make_room(struct text *text, size_t length)
{
	if (length < text->capacity - text->length)
		return;
	size_t capacity = (text->length + length + 1) * 2;
	text->bytes = arena_grow(text->arena, text->bytes, text->capacity, capacity);
	text->capacity = capacity;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	make_room(text, length);
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

/* What was printed, however much of it found room. */
static size_t print(struct text *text, const char *format, va_list args)
{
	size_t room = text->capacity - text->length;
	int length = vsnprintf(text->bytes + text->length, room, format, args);
	if (length < 0)
		fatal("a format string that cannot be printed: %s", format);
	return (size_t)length;
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	size_t length = print(text, format, args);
	va_end(args);
	if (length >= text->capacity - text->length) {
		make_room(text, length);
		va_start(args, format);
		print(text, format, args);
		va_end(args);
	}
	text->length += length;
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
