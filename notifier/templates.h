/* The texts of emails: compiled in, each of them replaceable by a file of the same name. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"
#include "notifier/mustache.h"

struct templates;

/* Reads every *.mustache file of the directory (NULL: none) beside and instead of those compiled
 * in, and checks that each can be parsed, so that a mistake stops the start, not an email. Lives in
 * the arena; any thread may read it then. NULL and *error: a file is broken or cannot be read. */
struct templates *templates_load(struct arena *arena, const char *directory, const char **error);

/* "reminder.txt" is the file reminder.txt.mustache. NULL: there is none. */
const struct mustache_template *templates_find(const struct templates *templates, const char *name);
