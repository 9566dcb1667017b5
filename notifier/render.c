/* From a view to the three texts of an email. Pure. */
#include "notifier/render.h"

#include <string.h>

#include "notifier/mustache.h"

static const struct mustache_template *find_partial(void *context, const char *name)
{
	const struct templates *const *templates = context;
	return templates_find(*templates, name);
}

static const char *render_one(struct arena *arena, const struct templates *templates,
	const char *name, enum mustache_escape escape, const json_t *view, const char **error)
{
	struct mustache_partials partials = { find_partial, &templates };
	const struct mustache_template *template = templates_find(templates, name);
	const char *fault;
	struct text out;
	if (!template) {
		*error = arena_printf(arena, "there is no template %s", name);
		return NULL;
	}
	text_init(&out, arena);
	if (mustache_render(arena, template, escape, view, &partials, &out, &fault))
		return out.bytes;
	*error = arena_printf(arena, "template %s: %s", name, fault);
	return NULL;
}

/* A template file ends with a line end; a subject must not. */
static const char *first_line(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strcspn(text, "\r\n"));
}

struct part {
	const char *suffix;
	enum mustache_escape escape;
	const char **target;
};

static bool render_parts(struct arena *arena, const struct templates *templates, const char *kind,
	const json_t *view, const struct part *parts, size_t count, const char **error)
{
	for (size_t i = 0; i < count; i++) {
		const char *name = arena_printf(arena, "%s.%s", kind, parts[i].suffix);
		*parts[i].target = render_one(arena, templates, name, parts[i].escape, view, error);
		if (!*parts[i].target)
			return false;
	}
	return true;
}

bool render_view(struct arena *arena, const struct templates *templates, const char *kind,
	const json_t *view, struct rendering *out, const char **error)
{
	const struct part parts[] = { { "subject", MUSTACHE_PLAIN, &out->subject },
		{ "txt", MUSTACHE_PLAIN, &out->text }, { "html", MUSTACHE_HTML, &out->html } };
	*out = (struct rendering){ 0 };
	if (!render_parts(
		    arena, templates, kind, view, parts, sizeof(parts) / sizeof(*parts), error))
		return false;
	out->subject = first_line(arena, out->subject);
	return true;
}

bool render_notify(struct arena *arena, const struct templates *templates, const char *kind,
	const json_t *view, struct rendering_notify *out, const char **error)
{
	const struct part parts[] = { { "subject", MUSTACHE_PLAIN, &out->subject },
		{ "notify", MUSTACHE_MARKDOWN, &out->body } };
	*out = (struct rendering_notify){ 0 };
	if (!render_parts(
		    arena, templates, kind, view, parts, sizeof(parts) / sizeof(*parts), error))
		return false;
	out->subject = first_line(arena, out->subject);
	return true;
}
