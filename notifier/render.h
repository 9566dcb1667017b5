/* From a view to the three texts of an email. Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/arena.h"
#include "notifier/templates.h"

struct rendering {
	const char *subject; /* one line */
	const char *text;
	const char *html;
};

/* What GOV.UK Notify's template is filled with. */
struct rendering_notify {
	const char *subject; /* one line */
	const char *body;    /* in Notify's Markdown */
};

/* Fills KIND.subject, KIND.txt and KIND.html. False and *error: a template is missing or broken. */
bool render_view(struct arena *arena, const struct templates *templates, const char *kind,
	const json_t *view, struct rendering *out, const char **error) MUSTCHECK;

/* The same for KIND.subject and KIND.notify. */
bool render_notify(struct arena *arena, const struct templates *templates, const char *kind,
	const json_t *view, struct rendering_notify *out, const char **error) MUSTCHECK;
