/* Runs the statements of requests: one connection to PostgreSQL a server thread. */
#include "api/engine.h"

#include <pthread.h>
#include <stdlib.h>

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
	return again ? db_run(db, arena, query, params, rows) : outcome;
}
