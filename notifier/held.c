/* The leases this process holds, kept alive while their messages wait or are being sent. */
#include "notifier/held.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"
#include "common/text.h"
#include "notifier_queries.h"

struct held {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	const struct db_settings *settings;
	int lease_s;
	bool ending;
	long long *tokens;
	size_t count;
	size_t capacity;
};

void held_add(struct held *held, long long token)
{
	pthread_mutex_lock(&held->lock);
	if (held->count == held->capacity) {
		held->capacity = held->capacity ? held->capacity * 2 : 16;
		held->tokens = realloc(held->tokens, held->capacity * sizeof(*held->tokens));
		if (!held->tokens)
			fatal("out of memory keeping leases");
	}
	held->tokens[held->count++] = token;
	pthread_mutex_unlock(&held->lock);
}

void held_remove(struct held *held, long long token)
{
	pthread_mutex_lock(&held->lock);
	for (size_t i = 0; i < held->count; i++) {
		if (held->tokens[i] != token)
			continue;
		held->tokens[i] = held->tokens[--held->count];
		break;
	}
	pthread_mutex_unlock(&held->lock);
}

/* The tokens as a PostgreSQL array; NULL when nothing is held. */
static const char *token_array(struct held *held, struct arena *arena)
{
	struct text out;
	text_init(&out, arena);
	pthread_mutex_lock(&held->lock);
	for (size_t i = 0; i < held->count; i++)
		text_addf(&out, "%c%lld", i ? ',' : '{', held->tokens[i]);
	bool any = held->count > 0;
	pthread_mutex_unlock(&held->lock);
	text_add(&out, "}");
	return any ? out.bytes : NULL;
}

void held_extend(struct held *held, struct db *db)
{
	struct arena *arena = arena_create();
	const char *tokens = token_array(held, arena);
	const char *const params[] = { tokens, arena_printf(arena, "%d", held->lease_s) };
	struct db_rows rows;
	/* A lease that cannot be extended now is tried again soon; the database says what it lacks.
	 */
	if (tokens && db_run(db, arena, N_HOLD, params, &rows) == DB_DONE)
		log_debug("leases: %lld extended", db_int(&rows, 0, 0));
	arena_destroy(arena);
}

/* True when the thread is to end. */
static bool wait_seconds(struct held *held, int seconds)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += seconds;
	pthread_mutex_lock(&held->lock);
	while (!held->ending && pthread_cond_timedwait(&held->changed, &held->lock, &until) == 0)
		;
	bool ending = held->ending;
	pthread_mutex_unlock(&held->lock);
	return ending;
}

static void *keep_alive(void *context)
{
	struct held *held = context;
	pthread_setname_np(pthread_self(), "held");
	struct db *db = db_create(held->settings);
	int every_s = held->lease_s / 3 > 0 ? held->lease_s / 3 : 1;
	while (!wait_seconds(held, every_s))
		held_extend(held, db);
	db_destroy(db);
	return NULL;
}

struct held *held_create(const struct db_settings *settings, int lease_s)
{
	struct held *held = xcalloc(1, sizeof(*held));
	pthread_condattr_t attributes;
	held->settings = settings;
	held->lease_s = lease_s;
	pthread_mutex_init(&held->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&held->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&held->thread, NULL, keep_alive, held) != 0)
		fatal("cannot start a thread");
	return held;
}

void held_destroy(struct held *held)
{
	if (!held)
		return;
	pthread_mutex_lock(&held->lock);
	held->ending = true;
	pthread_cond_signal(&held->changed);
	pthread_mutex_unlock(&held->lock);
	pthread_join(held->thread, NULL);
	pthread_cond_destroy(&held->changed);
	pthread_mutex_destroy(&held->lock);
	free(held->tokens);
	free(held);
}
