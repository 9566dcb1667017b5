/* Mustache templates over JSON (https://mustache.github.io, the specification without lambdas). */
#include "notifier/mustache.h"

#include <stdlib.h>
#include <string.h>

#include "notifier/markdown.h"
#include "notifier/mustache_parse.h"

#define CONTEXT_DEPTH 64 /* sections and partials within each other */

struct renderer {
	struct arena *arena;
	enum mustache_escape escape;
	const struct mustache_partials *partials;
	struct text *out;
	const json_t *contexts[CONTEXT_DEPTH]; /* what names are looked up in, innermost last */
	int depth;
	int partial_depth;
	const char *error;
};

static bool render_nodes(struct renderer *renderer, const struct mustache_node *node);

static const json_t *member(const json_t *object, const char *name, size_t length)
{
	return json_is_object(object) ? json_object_getn(object, name, length) : NULL;
}

/* Only the first part of a dotted name is looked for in outer contexts. */
static const json_t *look_up(const struct renderer *renderer, const char *name)
{
	if (strcmp(name, ".") == 0)
		return renderer->contexts[renderer->depth - 1];
	size_t length = strcspn(name, ".");
	const json_t *found = NULL;
	for (int i = renderer->depth - 1; i >= 0 && !found; i--)
		found = member(renderer->contexts[i], name, length);
	while (found && name[length]) {
		name += length + 1;
		length = strcspn(name, ".");
		found = member(found, name, length);
	}
	return found;
}

static const char *number_text(struct arena *arena, const json_t *value)
{
	if (json_is_integer(value))
		return arena_printf(arena, "%lld", (long long)json_integer_value(value));
	return arena_printf(arena, "%.15g", json_real_value(value));
}

static const char *value_text(struct arena *arena, const json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_number(value))
		return number_text(arena, value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	return "";
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

static void add_escaped(struct text *out, const char *value)
{
	for (;;) {
		size_t plain = strcspn(value, "&<>\"'");
		text_add_bytes(out, value, plain);
		if (!value[plain])
			return;
		text_add(out, html_entity(value[plain]));
		value += plain + 1;
	}
}

static void add_value(const struct renderer *renderer, const char *value)
{
	if (renderer->escape == MUSTACHE_HTML)
		add_escaped(renderer->out, value);
	else if (renderer->escape == MUSTACHE_MARKDOWN)
		markdown_add_words(renderer->out, value);
	else
		text_add(renderer->out, value);
}

static bool is_false(const json_t *value)
{
	return !value || json_is_false(value) || json_is_null(value) ||
	       (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_string(value) && json_string_length(value) == 0);
}

static bool fail(struct renderer *renderer, const char *what, const char *name)
{
	renderer->error = arena_printf(renderer->arena, "%s %s", what, name);
	return false;
}

static bool render_within(
	struct renderer *renderer, const struct mustache_node *section, const json_t *context)
{
	if (renderer->depth == CONTEXT_DEPTH)
		return fail(renderer, "sections nest too deep at", section->text);
	renderer->contexts[renderer->depth++] = context;
	bool rendered = render_nodes(renderer, section->children);
	renderer->depth--;
	return rendered;
}

static bool render_section(struct renderer *renderer, const struct mustache_node *section)
{
	const json_t *value = look_up(renderer, section->text);
	if (is_false(value))
		return true;
	if (!json_is_array(value))
		return render_within(renderer, section, value);
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!render_within(renderer, section, json_array_get(value, i)))
			return false;
	return true;
}

/* A partial alone on its line passes its indentation to each of its own lines. */
static const char *indented(struct arena *arena, const char *template, const char *indent)
{
	struct text out;
	text_init(&out, arena);
	while (*template) {
		const char *newline = strchr(template, '\n');
		size_t length = newline ? (size_t)(newline - template) + 1 : strlen(template);
		text_add(&out, indent);
		text_add_bytes(&out, template, length);
		template += length;
	}
	return out.bytes;
}

static bool render_indented(struct renderer *renderer, const char *template, const char *indent)
{
	struct mustache_template lines;
	return mustache_read(renderer->arena, indented(renderer->arena, template, indent), &lines,
		       &renderer->error) &&
	       render_nodes(renderer, lines.first);
}

static bool render_partial(struct renderer *renderer, const struct mustache_node *node)
{
	const struct mustache_partials *partials = renderer->partials;
	const struct mustache_template *template =
		partials ? partials->find(partials->context, node->text) : NULL;
	if (!template)
		return true;
	if (renderer->partial_depth == MUSTACHE_DEPTH)
		return fail(renderer, "partials nest too deep at", node->text);
	renderer->partial_depth++;
	bool rendered = node->indent && *node->indent
				? render_indented(renderer, template->text, node->indent)
				: render_nodes(renderer, template->first);
	renderer->partial_depth--;
	return rendered;
}

static bool render_node(struct renderer *renderer, const struct mustache_node *node)
{
	const json_t *value;
	switch (node->kind) {
	case MUSTACHE_TEXT:
		text_add_bytes(renderer->out, node->text, node->length);
		return true;
	case MUSTACHE_VARIABLE:
		value = look_up(renderer, node->text);
		add_value(renderer, value_text(renderer->arena, value));
		return true;
	case MUSTACHE_RAW:
		text_add(renderer->out, value_text(renderer->arena, look_up(renderer, node->text)));
		return true;
	case MUSTACHE_SECTION:
		return render_section(renderer, node);
	case MUSTACHE_INVERTED:
		if (is_false(look_up(renderer, node->text)))
			return render_nodes(renderer, node->children);
		return true;
	case MUSTACHE_PARTIAL:
		return render_partial(renderer, node);
	}
	return fail(renderer, "impossible node", node->text);
}

static bool render_nodes(struct renderer *renderer, const struct mustache_node *node)
{
	for (; node; node = node->next) {
		if (!render_node(renderer, node))
			return false;
		if (renderer->out->length > MUSTACHE_OUTPUT_BYTES)
			return fail(renderer, "the output is too long at",
				node->kind == MUSTACHE_TEXT ? "a text" : node->text);
	}
	return true;
}

bool mustache_read(struct arena *arena, const char *text, struct mustache_template *template,
	const char **error)
{
	struct mustache_node *first;
	bool whole = mustache_parse(arena, text, &first, error);
	*template = (struct mustache_template){ .text = text, .first = first };
	return whole;
}

bool mustache_render(struct arena *arena, const struct mustache_template *template,
	enum mustache_escape escape, const json_t *data, const struct mustache_partials *partials,
	struct text *out, const char **error)
{
	struct renderer renderer = {
		.arena = arena, .escape = escape, .partials = partials, .out = out
	};
	renderer.contexts[renderer.depth++] = data;
	bool rendered = render_nodes(&renderer, template->first);
	*error = renderer.error;
	return rendered;
}
