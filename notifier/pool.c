/* The threads that send: each with its own courier, fed from one short queue of claimed messages.
 */
#include "notifier/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"
#include "common/stop.h"
#include "notifier/channel.h"
#include "notifier/courier.h"
#include "notifier/grace.h"

#define STOP_CHECK_MS 100
#define LAST_MARGIN_S 5 /* beside the grace: for aborted transfers to be recorded */

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* on any change of what follows */
	const struct setup *setup;
	struct held *held;
	struct channel *channel;
	struct claim *queue; /* claimed, not yet begun; room for one each thread */
	int queued;
	int busy;      /* threads with a message in hand */
	bool look;     /* something may be due */
	bool claiming; /* one thread at a time asks the database */
	bool away;     /* the database was, since the last drain */
	bool ending;
	int alive;
	int threads;
	pthread_t thread[];
};

/* Waits for a change; false when until has passed. */
static bool wait_change(struct pool *pool, long long until_ms)
{
	struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = (long)(until_ms % 1000) * 1000000 };
	return pthread_cond_timedwait(&pool->changed, &pool->lock, &until) != ETIMEDOUT;
}

/* Called with the lock held; gives it up while the database is asked. */
static void claim_more(struct pool *pool, struct courier *courier)
{
	pool->claiming = true;
	pthread_mutex_unlock(&pool->lock);
	bool rests = channel_rest_s(pool->channel) > 0 || stop_requested();
	int count = rests ? 0 : courier_claim(courier, pool->threads, pool->queue);
	pthread_mutex_lock(&pool->lock);
	pool->claiming = false;
	pool->queued = count > 0 ? count : 0;
	pool->look = count > 0;
	pool->away = pool->away || count < 0;
	pthread_cond_broadcast(&pool->changed);
}

/* Called with the lock held; gives it up while the message is delivered. */
static void deliver_next(struct pool *pool, struct courier *courier)
{
	struct claim claim = pool->queue[--pool->queued];
	bool ending = pool->ending || stop_requested();
	pool->busy++;
	pthread_mutex_unlock(&pool->lock);
	int rest_s = channel_rest_s(pool->channel);
	if (ending || rest_s > 0)
		courier_release(courier, &claim, ending ? 0 : rest_s);
	else
		courier_deliver(courier, &claim);
	pthread_mutex_lock(&pool->lock);
	pool->busy--;
	pthread_cond_broadcast(&pool->changed);
}

static void *work(void *context)
{
	struct pool *pool = context;
	struct courier *courier = courier_create(pool->setup, pool->channel, pool->held);
	pthread_mutex_lock(&pool->lock);
	while (!pool->ending || pool->queued > 0) {
		if (pool->queued > 0)
			deliver_next(pool, courier);
		else if (pool->look && !pool->claiming)
			claim_more(pool, courier);
		else
			pthread_cond_wait(&pool->changed, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	courier_destroy(courier);
	pthread_mutex_lock(&pool->lock);
	pool->alive--;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

struct pool *pool_create(const struct setup *setup, struct held *held)
{
	size_t threads = (size_t)setup->workers;
	struct pool *pool = xcalloc(1, sizeof(*pool) + threads * sizeof(pool->thread[0]));
	pthread_condattr_t attributes;
	pool->setup = setup;
	pool->held = held;
	pool->channel = channel_create(&setup->backoff);
	pool->queue = xcalloc(threads, sizeof(*pool->queue));
	pool->threads = pool->alive = setup->workers;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	for (int i = 0; i < pool->threads; i++)
		if (pthread_create(&pool->thread[i], NULL, work, pool) != 0)
			fatal("cannot start a thread");
	return pool;
}

void pool_wake(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->look = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

bool pool_drain(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (!stop_requested() && (pool->look || pool->claiming || pool->queued || pool->busy))
		wait_change(pool, grace_now_ms() + STOP_CHECK_MS);
	bool away = pool->away;
	pool->away = false;
	pthread_mutex_unlock(&pool->lock);
	return !away;
}

bool pool_destroy(struct pool *pool, int grace_s)
{
	long long until = grace_now_ms() + (long long)(grace_s + LAST_MARGIN_S) * 1000;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->changed);
	while (pool->alive > 0 && wait_change(pool, until))
		;
	int alive = pool->alive;
	pthread_mutex_unlock(&pool->lock);
	if (alive > 0) {
		log_warn("stop: %d messages did not end in time", alive);
		return false;
	}
	for (int i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	channel_destroy(pool->channel);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool->queue);
	free(pool);
	return true;
}
