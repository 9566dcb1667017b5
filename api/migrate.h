/* Brings a database to this program's schema: forward only, safe to run twice and from anywhere. */
#pragma once

#include <stdbool.h>

#include "common/arena.h"
#include "common/db.h"

/* In one transaction under a lock: new migrations in order, then functions, views and grants. A
 * schema that is as it should be is left alone, unless again is said. Programs may work meanwhile:
 * they wait for the moment that it takes, and when they do not let it in, it tries for half a
 * minute. A recorded migration whose text has changed is refused, and so is a database that knows
 * migrations which this program does not. False with the reason in *error; *applied counts the new
 * ones. */
bool migrate_run(
	struct db *db, struct arena *arena, bool again, int *applied, const char **error) MUSTCHECK;
