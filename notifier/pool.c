/* The threads that send, each with its own courier; the two that feed them, a batch at a time:
 * while one renders, the other asks the database; and the ledger's, which writes down what becomes
 * of it. */
#include "notifier/pool.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"
#include "common/stop.h"
#include "notifier/channel.h"
#include "notifier/courier.h"
#include "notifier/domains.h"
#include "notifier/grace.h"
#include "notifier/ledger.h"
#include "notifier/outbox.h"

#define FEEDERS 2
#define STOP_CHECK_MS 100
#define LAST_MARGIN_S 5 /* beside the grace: for aborted transfers to be recorded */
/* A batch is what is sent in this time. Up to two and a half are in hand; if the process dies, all
 * of it is in doubt. */
#define BATCH_MS 100
#define BATCH_MOST 128
/* What waits for a slow domain is given back after a while: something else may be due, and what it
 * says may have changed. */
#define PARKED_MOST 128
#define PARKED_MS 60000
#define PARKED_AGAIN_S 60
#define LOOK_MS 1000

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* on any change of what follows, for who feeds and who waits */
	pthread_cond_t filled;  /* for who sends */
	const struct setup *setup;
	struct held *held;
	struct channel *channel;
	struct ledger *ledger;
	struct domains *domains;
	struct parcel_list queue; /* leased, not yet begun */
	int busy;                 /* threads with a message in hand */
	int batch;                /* how many to take at once */
	long long taken_ms;       /* when the last batch was */
	int taken;                /* how many it had */
	bool look;                /* something may be due */
	int feeding;              /* of those that feed, how many have a batch in hand */
	int coming;               /* messages in those batches */
	bool away;                /* the database was, since the last drain */
	bool ending;
	int started; /* threads that send and have begun to */
	int alive;
	int threads; /* that send; those that feed come after them */
	pthread_t thread[];
};

/* Waits for a change; false when until has passed. */
static bool wait_change(struct pool *pool, long long until_ms)
{
	struct timespec until = { .tv_sec = until_ms / 1000,
		.tv_nsec = (long)(until_ms % 1000) * 1000000 };
	return pthread_cond_timedwait(&pool->changed, &pool->lock, &until) != ETIMEDOUT;
}

/* Called with the lock held, like all up to work(). A batch is as much as was sent lately in
 * BATCH_MS, and never grows by more than twice. */
static void adapt(struct pool *pool)
{
	long long elapsed_ms = grace_now_ms() - pool->taken_ms;
	long long sendable = (long long)pool->taken * BATCH_MS / (elapsed_ms > 0 ? elapsed_ms : 1);
	if (sendable > (long long)pool->batch * 2)
		sendable = (long long)pool->batch * 2;
	if (sendable > BATCH_MOST)
		sendable = BATCH_MOST;
	pool->batch = sendable > pool->threads ? (int)sendable : pool->threads;
}

static bool is_parked(const struct pool *pool, const struct parcel *parcel)
{
	return parcel->domain && domains_is_held_up(pool->domains, parcel->domain);
}

/* How many of the queue could be sent, if there were threads. */
static int ready(const struct pool *pool)
{
	int count = 0;
	if (!domains_any_held_up(pool->domains))
		return pool->queue.count;
	for (const struct parcel *one = pool->queue.first; one; one = one->next)
		count += !is_parked(pool, one);
	return count;
}

/* How many to take now. While sending is slow, no more than threads are idle: a message that waits
 * here could be sent by another replica, or be closed meanwhile. */
static int wanted(const struct pool *pool)
{
	if (!pool->look || pool->ending)
		return 0;
	if (pool->batch > pool->threads)
		return ready(pool) + pool->coming <= pool->batch * 3 / 2 ? pool->batch : 0;
	return pool->feeding ? 0 : pool->threads - pool->busy - ready(pool);
}

static void enqueue(struct pool *pool, struct parcel_list *list)
{
	bool by_domain = pool->setup->transport->by_domain;
	for (struct parcel *one = list->first; one; one = one->next) {
		one->queued_ms = grace_now_ms();
		if (by_domain && !one->unsendable)
			one->domain = domains_of(pool->domains, one->mail.to);
	}
	parcel_move(&pool->queue, list);
}

/* Gives back what waits for slow domains for too long, or is too much. */
static void tend(struct pool *pool)
{
	struct parcel_list kept = { 0 };
	struct parcel *parcel;
	int parked = 0;
	long long now_ms = grace_now_ms();
	domains_look(pool->domains, now_ms);
	while ((parcel = parcel_take(&pool->queue))) {
		bool waits = is_parked(pool, parcel);
		parked += waits;
		if (waits && (parked > PARKED_MOST || now_ms - parcel->queued_ms > PARKED_MS))
			courier_release(pool->ledger, parcel, PARKED_AGAIN_S);
		else
			parcel_add(&kept, parcel);
	}
	pool->queue = kept;
}

/* What is locked now is no longer due: the other may ask for what comes after it. */
static void note_claimed(struct pool *pool, int count)
{
	pthread_mutex_lock(&pool->lock);
	pool->coming += count;
	pool->look = true;
	pthread_cond_broadcast(&pool->changed);
	pthread_mutex_unlock(&pool->lock);
}

/* Without the lock. How many; -1: the database is away. */
static int ask(struct pool *pool, struct outbox *outbox, int limit, struct parcel_list *list)
{
	if (channel_rest_s(pool->channel) > 0 || stop_requested())
		return 0;
	int count = outbox_claim(outbox, limit);
	if (count <= 0)
		return count;
	note_claimed(pool, count);
	bool leased = outbox_lease(outbox, limit > pool->threads, list);
	pthread_mutex_lock(&pool->lock);
	pool->coming -= count;
	pthread_mutex_unlock(&pool->lock);
	return leased ? count : -1;
}

/* Gives the lock up while the database is asked. */
static void take_more(struct pool *pool, struct outbox *outbox, int limit)
{
	struct parcel_list list = { 0 };
	pool->feeding++;
	pool->look = false;
	pthread_mutex_unlock(&pool->lock);
	int count = ask(pool, outbox, limit, &list);
	pthread_mutex_lock(&pool->lock);
	pool->feeding--;
	pool->taken = count > 0 ? count : 0;
	pool->taken_ms = grace_now_ms();
	if (count < 0) { /* until the next pass */
		pool->look = false;
		pool->away = true;
	}
	enqueue(pool, &list);
	pthread_cond_broadcast(&pool->filled);
	pthread_cond_broadcast(&pool->changed);
}

static bool may_begin(const struct parcel *parcel, const void *context)
{
	const struct pool *pool = context;
	return pool->ending || !parcel->domain || domains_may_begin(pool->domains, parcel->domain);
}

/* Called with the lock held; gives it up while the message is delivered. */
static void deliver(struct pool *pool, struct courier *courier, struct parcel *parcel, int thread)
{
	bool ending = pool->ending || stop_requested();
	bool answered = true;
	pool->busy++;
	if (parcel->domain)
		domains_begin(pool->domains, parcel->domain, thread, grace_now_ms());
	pthread_mutex_unlock(&pool->lock);
	int rest_s = channel_rest_s(pool->channel);
	if (ending || rest_s > 0)
		courier_release(pool->ledger, parcel, ending ? 0 : rest_s);
	else
		answered = courier_deliver(courier, parcel);
	pthread_mutex_lock(&pool->lock);
	pool->busy--;
	bool more = domains_end(pool->domains, thread, answered, grace_now_ms());
	if (more && pool->queue.count > 0)
		pthread_cond_signal(&pool->filled);
	if (wanted(pool) > 0 || pool->busy == 0)
		pthread_cond_broadcast(&pool->changed);
}

static void leave(struct pool *pool)
{
	pool->alive--;
	pthread_cond_broadcast(&pool->filled);
	pthread_cond_broadcast(&pool->changed);
}

static void await_want(struct pool *pool)
{
	if (pool->queue.count > 0 || pool->busy > 0) /* which may turn out to be slow */
		(void)wait_change(pool, grace_now_ms() + LOOK_MS);
	else
		pthread_cond_wait(&pool->changed, &pool->lock);
}

static void *feed(void *context)
{
	struct pool *pool = context;
	pthread_setname_np(pthread_self(), "feed");
	struct outbox *outbox = outbox_create(pool->setup, pool->held);
	pthread_mutex_lock(&pool->lock);
	while (!pool->ending) {
		tend(pool);
		if (wanted(pool) <= 0) {
			await_want(pool);
			continue;
		}
		adapt(pool);
		if (wanted(pool) > 0) /* still, if the batch is smaller now */
			take_more(pool, outbox, wanted(pool));
	}
	pthread_mutex_unlock(&pool->lock);
	outbox_destroy(outbox);
	pthread_mutex_lock(&pool->lock);
	leave(pool);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void *work(void *context)
{
	struct pool *pool = context;
	pthread_setname_np(pthread_self(), "send");
	struct courier *courier = courier_create(pool->setup, pool->channel, pool->ledger);
	pthread_mutex_lock(&pool->lock);
	int thread = pool->started++;
	while (!pool->ending || pool->feeding || pool->queue.count > 0) {
		struct parcel *parcel = parcel_take_where(&pool->queue, may_begin, pool);
		if (parcel)
			deliver(pool, courier, parcel, thread);
		else
			pthread_cond_wait(&pool->filled, &pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	courier_destroy(courier);
	pthread_mutex_lock(&pool->lock);
	leave(pool);
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

static void due_again(void *context)
{
	pool_wake(context);
}

struct pool *pool_create(const struct setup *setup, struct held *held)
{
	size_t threads = (size_t)setup->workers + FEEDERS;
	struct pool *pool = xcalloc(1, sizeof(*pool) + threads * sizeof(pool->thread[0]));
	pthread_condattr_t attributes;
	pool->setup = setup;
	pool->held = held;
	pool->channel = channel_create(&setup->backoff);
	pool->domains = domains_create(setup->workers);
	pool->threads = pool->batch = setup->workers;
	pool->alive = setup->workers + FEEDERS;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&pool->changed, &attributes);
	pthread_cond_init(&pool->filled, &attributes);
	pthread_condattr_destroy(&attributes);
	pool->ledger = ledger_create(&setup->db, held, due_again, pool);
	for (int i = 0; i < pool->alive; i++)
		if (pthread_create(&pool->thread[i], NULL, i < pool->threads ? work : feed, pool) !=
			0)
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

static bool has_work(const struct pool *pool)
{
	return !stop_requested() &&
	       (pool->look || pool->feeding || pool->queue.count > 0 || pool->busy > 0);
}

bool pool_drain(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	while (has_work(pool)) {
		while (has_work(pool))
			wait_change(pool, grace_now_ms() + STOP_CHECK_MS);
		pthread_mutex_unlock(&pool->lock);
		ledger_drain(pool->ledger); /* which may find more that is due */
		pthread_mutex_lock(&pool->lock);
	}
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
	pthread_cond_broadcast(&pool->filled);
	pthread_cond_broadcast(&pool->changed);
	while (pool->alive > 0 && wait_change(pool, until))
		;
	int alive = pool->alive;
	pthread_mutex_unlock(&pool->lock);
	if (alive > 0) {
		log_warn("stop: %d messages did not end in time", alive);
		return false;
	}
	for (int i = 0; i < pool->threads + FEEDERS; i++)
		pthread_join(pool->thread[i], NULL);
	ledger_destroy(pool->ledger);
	channel_destroy(pool->channel);
	domains_destroy(pool->domains);
	pthread_cond_destroy(&pool->filled);
	pthread_cond_destroy(&pool->changed);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
	return true;
}
