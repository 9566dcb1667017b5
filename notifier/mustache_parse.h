/* Turns the text of a Mustache template into a tree. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

#define MUSTACHE_DEPTH 32 /* sections within sections */

enum mustache_kind {
	MUSTACHE_TEXT,
	MUSTACHE_VARIABLE,
	MUSTACHE_RAW, /* a variable that is never escaped */
	MUSTACHE_SECTION,
	MUSTACHE_INVERTED,
	MUSTACHE_PARTIAL
};

struct mustache_node {
	enum mustache_kind kind;
	const char *text;   /* the literal (not ended by NUL), or the name */
	size_t length;      /* of the literal */
	const char *indent; /* of a partial that stands alone on its line */
	struct mustache_node *children;
	struct mustache_node *next;
};

/* The tree and *error live in the arena; literals point into the template. */
bool mustache_parse(struct arena *arena, const char *template, struct mustache_node **first,
	const char **error) MUSTCHECK;
