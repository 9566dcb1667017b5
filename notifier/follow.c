/* Asks the provider what became of messages that it took and of which no receipt came. */
#include "notifier/follow.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/stop.h"
#include "notifier/grace.h"
#include "notifier_queries.h"

#define EVERY_S 60
#define AT_ONCE "100"

struct follow {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	const struct setup *setup;
	struct db *db;
	struct transport_session *session;
	bool looked; /* at least once */
	bool ending;
	pthread_t thread;
};

static bool must_stop(void *context)
{
	struct follow *follow = context;
	pthread_mutex_lock(&follow->lock);
	bool ending = follow->ending;
	pthread_mutex_unlock(&follow->lock);
	return ending || stop_requested() || grace_is_over();
}

/* "permanent-failure" is permanent_failure in SQL. */
static void use_words_of_sql(char *state)
{
	for (char *at = state; (at = strchr(at, '-'));)
		*at = '_';
}

static void note(
	struct follow *follow, struct arena *arena, const char *id, struct transport_delivery *told)
{
	struct db_rows rows;
	use_words_of_sql(told->state);
	const char *const params[] = { id, told->state, *told->at ? told->at : NULL };
	if (db_run(follow->db, arena, N_DELIVERY, params, &rows) != DB_DONE)
		log_warn("what became of a message could not be noted: it is asked again");
	else if (db_true(&rows, 0, 0))
		log_event(strstr(told->state, "failure") ? LOG_WARN : LOG_INFO, "delivery_told",
			"provider_id", id, "delivery", told->state, NULL);
}

/* Asks for one message after another; a provider that does not answer is left alone until the next
 * hour. */
static void ask(struct follow *follow, struct arena *arena, const struct db_rows *rows)
{
	const struct transport_gate gate = { .must_stop = must_stop, .context = follow };
	for (int i = 0; i < rows->count && !must_stop(follow); i++) {
		struct transport_delivery told = { 0 };
		const char *id = db_text(rows, i, 0);
		if (!follow->setup->transport->follow(follow->session, id, &gate, &told)) {
			log_warn("what became of messages is not known: asked again in an hour");
			return;
		}
		note(follow, arena, id, &told);
	}
}

static void look(struct follow *follow)
{
	struct arena *arena = arena_create();
	const char *const params[] = { AT_ONCE };
	struct db_rows rows;
	if (db_run(follow->db, arena, N_FOLLOW, params, &rows) == DB_DONE)
		ask(follow, arena, &rows);
	arena_destroy(arena);
}

/* Called with the lock held. */
static void wait_a_while(struct follow *follow)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += EVERY_S;
	while (!follow->ending &&
		pthread_cond_timedwait(&follow->changed, &follow->lock, &until) == 0)
		;
}

static void *work(void *context)
{
	struct follow *follow = context;
	pthread_mutex_lock(&follow->lock);
	while (!follow->ending) {
		pthread_mutex_unlock(&follow->lock);
		look(follow);
		pthread_mutex_lock(&follow->lock);
		follow->looked = true;
		pthread_cond_broadcast(&follow->changed);
		wait_a_while(follow);
	}
	pthread_mutex_unlock(&follow->lock);
	return NULL;
}

struct follow *follow_create(const struct setup *setup)
{
	if (!setup->transport->follow)
		return NULL;
	struct follow *follow = xcalloc(1, sizeof(*follow));
	pthread_condattr_t attributes;
	follow->setup = setup;
	follow->db = db_create(&setup->db);
	follow->session = setup->transport->session_create(&setup->mail);
	pthread_mutex_init(&follow->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&follow->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	if (pthread_create(&follow->thread, NULL, work, follow) != 0)
		fatal("cannot start a thread");
	return follow;
}

void follow_wait(struct follow *follow)
{
	if (!follow)
		return;
	pthread_mutex_lock(&follow->lock);
	while (!follow->looked)
		pthread_cond_wait(&follow->changed, &follow->lock);
	pthread_mutex_unlock(&follow->lock);
}

void follow_destroy(struct follow *follow)
{
	if (!follow)
		return;
	pthread_mutex_lock(&follow->lock);
	follow->ending = true;
	pthread_cond_broadcast(&follow->changed);
	pthread_mutex_unlock(&follow->lock);
	pthread_join(follow->thread, NULL);
	follow->setup->transport->session_destroy(follow->session);
	db_destroy(follow->db);
	pthread_cond_destroy(&follow->changed);
	pthread_mutex_destroy(&follow->lock);
	free(follow);
}
