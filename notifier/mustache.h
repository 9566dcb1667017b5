/* Mustache templates over JSON (https://mustache.github.io, the specification without lambdas). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/arena.h"
#include "common/text.h"

#define MUSTACHE_OUTPUT_BYTES ((size_t)2 * 1024 * 1024)

/* What {{name}} does to a value; {{{name}}} and {{&name}} never change it. */
enum mustache_escape { MUSTACHE_HTML, MUSTACHE_PLAIN, MUSTACHE_MARKDOWN };

/* A template, read once and rendered as often as needed, by any thread. */
struct mustache_template {
	const char *text;
	const struct mustache_node *first;
};

/* False: it is broken; *error then says what and where. Both live in the arena, and so must the
 * text. */
bool mustache_read(struct arena *arena, const char *text, struct mustache_template *template,
	const char **error) MUSTCHECK;

/* Finds the template that {{>name}} stands for; NULL when there is none, which renders nothing. */
struct mustache_partials {
	const struct mustache_template *(*find)(void *context, const char *name);
	void *context;
};

/* Adds the rendered template to out. False: it nests too deep or grows beyond
 * MUSTACHE_OUTPUT_BYTES; *error then says where. partials may be NULL.
 * False in a section: false, null, "", [] and names that are not there. Zero is true: it is an
 * amount that somebody may want to read. */
bool mustache_render(struct arena *arena, const struct mustache_template *template,
	enum mustache_escape escape, const json_t *data, const struct mustache_partials *partials,
	struct text *out, const char **error) MUSTCHECK;
