/* A thread that tells the database how posts have ended and asks it for what comes next, so that
 * posts go on meanwhile. One turn at a time. */
#include "notifier/webhook_turn.h"

#include <gnutls/crypto.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "notifier_queries.h"

#define LEASE_S "60"     /* well over the eleven seconds that a wait and a post can take */
#define FAILING_DAYS "5" /* without a success, then a webhook is disabled */

enum { PARAMS = 8 };

struct webhook_turn {
	pthread_mutex_t lock;
	pthread_cond_t begun;
	pthread_t thread;
	struct db *db;
	struct arena *arena; /* of the turn in hand */
	char holder[24];     /* this notifier, among all that share the database */
	void (*wake)(void *context);
	void *context;
	const char *params[PARAMS];
	struct db_rows rows;
	enum db_outcome outcome;
	bool asked;
	bool answered;
	bool ending;
};

static void *work(void *context)
{
	struct webhook_turn *turn = context;
	pthread_setname_np(pthread_self(), "webhook turn");
	pthread_mutex_lock(&turn->lock);
	for (;;) {
		while (!turn->asked && !turn->ending)
			pthread_cond_wait(&turn->begun, &turn->lock);
		if (!turn->asked)
			break;
		pthread_mutex_unlock(&turn->lock);
		enum db_outcome outcome =
			db_run(turn->db, turn->arena, N_DELIVER, turn->params, &turn->rows);
		pthread_mutex_lock(&turn->lock);
		turn->outcome = outcome;
		turn->asked = false;
		turn->answered = true;
		turn->wake(turn->context);
	}
	pthread_mutex_unlock(&turn->lock);
	return NULL;
}

static void name_holder(struct webhook_turn *turn)
{
	uint64_t random;
	if (gnutls_rnd(GNUTLS_RND_NONCE, &random, sizeof(random)) != 0)
		fatal("no random numbers");
	snprintf(turn->holder, sizeof(turn->holder), "%" PRIu64, random >> 1);
}

struct webhook_turn *webhook_turn_create(
	const struct db_settings *settings, void (*wake)(void *context), void *context)
{
	struct webhook_turn *turn = xcalloc(1, sizeof(*turn));
	turn->db = db_create(settings);
	turn->arena = arena_create();
	turn->wake = wake;
	turn->context = context;
	name_holder(turn);
	pthread_mutex_init(&turn->lock, NULL);
	pthread_cond_init(&turn->begun, NULL);
	if (pthread_create(&turn->thread, NULL, work, turn) != 0)
		fatal("cannot start a thread");
	return turn;
}

void webhook_turn_destroy(struct webhook_turn *turn)
{
	pthread_mutex_lock(&turn->lock);
	turn->ending = true;
	pthread_cond_signal(&turn->begun);
	pthread_mutex_unlock(&turn->lock);
	pthread_join(turn->thread, NULL);
	pthread_cond_destroy(&turn->begun);
	pthread_mutex_destroy(&turn->lock);
	arena_destroy(turn->arena);
	db_destroy(turn->db);
	free(turn);
}

void webhook_turn_begin(struct webhook_turn *turn, const struct webhook_turn_ask *ask)
{
	struct arena *arena = turn->arena;
	arena_reset(arena);
	pthread_mutex_lock(&turn->lock);
	turn->params[0] = arena_printf(arena, "[%s]", ask->results);
	turn->params[1] = FAILING_DAYS;
	turn->params[2] = arena_printf(arena, "%d", ask->limit);
	turn->params[3] = LEASE_S;
	turn->params[4] = arena_printf(arena, "%.3f", ask->ago_s);
	turn->params[5] = turn->holder;
	turn->params[6] = arena_strdup(arena, ask->webhooks);
	turn->params[7] = arena_strdup(arena, ask->ahead);
	turn->asked = true;
	pthread_cond_signal(&turn->begun);
	pthread_mutex_unlock(&turn->lock);
}

bool webhook_turn_end(struct webhook_turn *turn, enum db_outcome *outcome, struct db_rows *rows)
{
	pthread_mutex_lock(&turn->lock);
	bool answered = turn->answered;
	turn->answered = false;
	*outcome = turn->outcome;
	*rows = turn->rows;
	pthread_mutex_unlock(&turn->lock);
	return answered;
}
