/* Input in the one form in which it is kept. Pure. */
#include "api/canonical.h"

#include <string.h>

#include "api/field.h"

/* Programs on Windows end lines with CR LF. */
static const char *unix_lines(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, text);
	size_t used = 0;
	for (const char *at = text; *at; at++) {
		if (*at == '\r' && at[1] == '\n')
			continue;
		out[used] = *at;
		if (*at == '\r')
			out[used] = '\n';
		used++;
	}
	out[used] = '\0';
	return out;
}

static const char *kept_form(struct arena *arena, const struct field *field, const char *text)
{
	if (field->kind == FIELD_PROSE)
		return unix_lines(arena, text);
	if (field->kind == FIELD_EMAIL)
		return field_email(arena, text);
	return text;
}

bool canonical_body(struct arena *arena, const struct field *table, json_t *body)
{
	bool changed = false;
	for (const struct field *field = table; field->name; field++) {
		const char *text = json_string_value(json_object_get(body, field->name));
		const char *kept = text ? kept_form(arena, field, text) : NULL;
		if (!kept || strcmp(kept, text) == 0)
			continue;
		json_object_set_new(body, field->name, json_string(kept));
		changed = true;
	}
	return changed;
}
