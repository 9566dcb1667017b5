/* The lines of a text, for readers that go by lines. */
#include "api/import/text_lines.h"

#include <string.h>

#include "api/import/grow.h"
#include "api/import/words.h"

void text_lines_split(struct arena *arena, const char *text, struct text_lines *out)
{
	*out = (struct text_lines){ 0 };
	for (const char *at = text; *at;) {
		size_t length = 0;
		while (at[length] && !strchr("\r\n\f", at[length]))
			length++;
		if (out->count == TEXT_LINES) {
			out->too_many = true;
			return;
		}
		out->items = grow_array(
			arena, out->items, out->count, &out->capacity, sizeof(*out->items));
		struct text_line *line = &out->items[out->count];
		line->text = arena_strndup(arena, at, length);
		line->number = ++out->count;
		line->blank = words_blank(line->text);
		at += length;
		at += at[0] == '\r' && at[1] == '\n' ? 2 : *at != '\0';
	}
}
