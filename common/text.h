/* A string that grows inside an arena, for building anything longer than one printf. */
#pragma once

#include <stddef.h>

#include "common/arena.h"

struct text {
	struct arena *arena;
	char *bytes; /* always ends with NUL; NUL not counted in length */
	size_t length;
	size_t capacity;
};

void text_init(struct text *text, struct arena *arena);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
/* What it prints may be no part of the text itself. */
void text_addf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* Adds the string as a JSON string with its quotes; NULL becomes null. UTF-8 passes unchanged. */
void text_add_json(struct text *text, const char *string);
