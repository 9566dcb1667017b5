/* Runs the statements of requests: one connection to PostgreSQL a server thread. */
#pragma once

#include "common/db.h"

/* The settings must outlive the engine. Call before the server starts. */
void engine_init(const struct db_settings *settings);

/* Closes every connection. Call after the server's threads have ended. */
void engine_finish(void);

/* On the calling thread's connection. A statement that met a deadlock or a serialization failure
 * is tried once more; so is a read (repeatable) whose connection was lost. */
enum db_outcome engine_run(struct arena *arena, size_t query, const char *const *params,
	bool repeatable, struct db_rows *rows) MUSTCHECK;
