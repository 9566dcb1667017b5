/* Runs the statements of requests: one connection to PostgreSQL a server thread. */
#include "api/engine.h"

#include <pthread.h>
#include <stdlib.h>

#include "api_queries.h"
#include "common/log.h"

#define CONNECTIONS_MAX 256

static const struct db_settings *db_settings;
static struct db *connections[CONNECTIONS_MAX];
static size_t connection_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local struct db *mine;

void engine_init(const struct db_settings *settings)
{
	db_settings = settings;
}

void engine_finish(void)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < connection_count; i++)
		db_destroy(connections[i]);
	connection_count = 0;
	pthread_mutex_unlock(&lock);
}

static struct db *my_connection(void)
{
	if (mine)
		return mine;
	pthread_mutex_lock(&lock);
	if (connection_count == CONNECTIONS_MAX)
		fatal("more than %d server threads", CONNECTIONS_MAX);
	mine = connections[connection_count++] = db_create(db_settings);
	pthread_mutex_unlock(&lock);
	return mine;
}

enum db_outcome engine_run(struct arena *arena, size_t query, const char *const *params,
	bool repeatable, struct db_rows *rows)
{
	struct db *db = my_connection();
	enum db_outcome outcome = db_run(db, arena, query, params, rows);
	bool again = outcome == DB_BUSY || (outcome == DB_AWAY && repeatable);
	return again && !db_in_transaction(db) ? db_run(db, arena, query, params, rows) : outcome;
}

enum db_outcome engine_run_past(struct arena *arena, const char *day, size_t query,
	const char *const *params, struct db_rows *rows)
{
	struct db *db = my_connection();
	*rows = (struct db_rows){ 0 };
	enum db_outcome outcome = db_begin(db, arena);
	if (outcome == DB_DONE)
		outcome = db_run(db, arena, Q_PAST_OPEN, &day, rows);
	if (outcome == DB_DONE)
		outcome = db_run_anew(db, arena, query, params, rows);
	db_rollback(db); /* nothing was written */
	return outcome;
}

enum db_outcome engine_begin(struct arena *arena)
{
	return db_begin(my_connection(), arena);
}

enum db_outcome engine_commit(struct arena *arena)
{
	return db_commit(my_connection(), arena);
}

void engine_rollback(void)
{
	db_rollback(my_connection());
}
