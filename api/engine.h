/* Runs the statements of requests: one connection to PostgreSQL a server thread. */
#pragma once

#include "common/db.h"

/* The settings must outlive the engine. Call before the server starts. */
void engine_init(const struct db_settings *settings);

/* Closes every connection. Call after the server's threads have ended. */
void engine_finish(void);

/* On the calling thread's connection. A statement that met a deadlock or a serialization failure
 * is tried once more, unless it is part of a transaction; so is a read (repeatable) whose
 * connection was lost. */
enum db_outcome engine_run(struct arena *arena, size_t query, const char *const *params,
	bool repeatable, struct db_rows *rows) MUSTCHECK;

/* A read of what was there at the end of a day (YYYY-MM-DD), by the same statement. */
enum db_outcome engine_run_past(struct arena *arena, const char *day, size_t query,
	const char *const *params, struct db_rows *rows) MUSTCHECK;

/* From here to engine_commit or engine_rollback the thread's statements are one transaction. */
enum db_outcome engine_begin(struct arena *arena) MUSTCHECK;
enum db_outcome engine_commit(struct arena *arena) MUSTCHECK;
void engine_rollback(void);
