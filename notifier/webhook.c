/* Delivers events to webhooks: one thread with many posts at once, beside one that tells the
 * database what has ended and claims what comes next, so that neither waits for the other. */
#include "notifier/webhook.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"
#include "common/stop.h"
#include "common/text.h"
#include "notifier/grace.h"
#include "notifier/transport_webhook.h"
#include "notifier/webhook_queue.h"
#include "notifier/webhook_turn.h"

#define LOOK_MS 1000    /* between looks for what is due, while nothing happens */
#define LAST_MARGIN_S 5 /* beside the grace: for what has ended to be recorded */
#define STOP_CHECK_MS 100
/* What ends soon after the first is told with it. */
#define GATHER_MS 4
#define GATHER_COUNT 64

/* What is to be told, as JSON objects with commas between. */
struct results {
	struct arena *arena;
	struct text text;
	int count;
};

struct webhook {
	pthread_t thread;
	const struct setup *setup;
	struct transport_webhook *transport;
	struct webhook_queue *queue;
	struct webhook_turn *turn;
	struct arena *arena;    /* of what is asked in a turn */
	struct results results; /* not yet told */
	struct results telling; /* by the turn under way */
	long long gathered_ms;  /* when the first of the results is to be told */
	long long next_look_ms;
	long long began_ms;
	bool once;
	bool in_turn;
	bool wanted; /* the turn under way asks for deliveries */
	bool idle;   /* the last turn found nothing that is due */
	bool apart;  /* the database did not take the last turn */
	bool joined;
	atomic_bool ending;
	atomic_bool away; /* the database was, at any time */
};

static void results_reset(struct results *results)
{
	arena_reset(results->arena);
	text_init(&results->text, results->arena);
	results->count = 0;
}

/* ---- what ended ---- */

static void note_result(struct webhook *hub)
{
	if (hub->results.count++ == 0)
		hub->gathered_ms = grace_now_ms() + GATHER_MS;
}

static void conclude(struct webhook *hub, struct webhook_parcel *parcel,
	const struct transport_webhook_done *done)
{
	bool sent = transport_webhook_outcome(&done->ending) == TRANSPORT_SENT;
	webhook_parcel_tell(parcel, done, &hub->results.text);
	webhook_queue_ended(hub->queue, parcel, sent);
	webhook_parcel_destroy(parcel);
	note_result(hub);
}

static void collect(struct webhook *hub)
{
	struct transport_webhook_done done;
	while (transport_webhook_next(hub->transport, &done))
		conclude(hub, done.context, &done);
}

/* ---- what leaves ---- */

/* The URL was good when it was given, but the operator may have thought better of it. */
static void post(struct webhook *hub, struct webhook_parcel *parcel)
{
	struct transport_webhook_done refused = { 0 };
	const char *fault = destination_read(
		parcel->arena, &hub->setup->webhook.allow, parcel->post.url, &parcel->post.to);
	parcel->posted_ms = grace_now_ms();
	if (!fault) {
		webhook_parcel_sign(parcel);
		transport_webhook_start(hub->transport, &parcel->post, parcel);
		return;
	}
	struct transport_result said;
	transport_say(&said, TRANSPORT_RETRY, "not posted: the address %s", fault);
	memcpy(refused.detail, said.detail, sizeof(refused.detail));
	conclude(hub, parcel, &refused);
}

static void give_back(struct webhook *hub, bool all)
{
	struct webhook_parcel *parcel;
	while ((parcel = webhook_queue_release(hub->queue, grace_now_ms(), all))) {
		webhook_parcel_tell_released(parcel, &hub->results.text);
		webhook_parcel_destroy(parcel);
		note_result(hub);
	}
}

static void post_waiting(struct webhook *hub, bool stopping)
{
	struct webhook_parcel *parcel;
	give_back(hub, stopping);
	while (transport_webhook_room(hub->transport) > 0 &&
		(parcel = webhook_queue_next(hub->queue)))
		post(hub, parcel);
}

/* ---- turns ---- */

static bool may_end(enum db_outcome outcome)
{
	return outcome == DB_AWAY || outcome == DB_BUSY || outcome == DB_SCHEMA;
}

/* A single pass takes what was due when it began; what becomes due meanwhile is for the next one.
 */
static double ago_s(const struct webhook *hub)
{
	return hub->once ? (double)(grace_now_ms() - hub->began_ms) / 1000 : 0;
}

static void begin_turn(struct webhook *hub, bool stopping)
{
	struct text webhooks;
	struct text ahead;
	struct results told = hub->telling;
	hub->telling = hub->results;
	hub->results = told;
	arena_reset(hub->arena);
	text_init(&webhooks, hub->arena);
	text_init(&ahead, hub->arena);
	int room = transport_webhook_room(hub->transport) - webhook_queue_waiting(hub->queue) +
		   webhook_queue_tell(hub->queue, grace_now_ms(), &webhooks, &ahead);
	hub->wanted = !stopping && room > 0;
	const struct webhook_turn_ask ask = { .results = hub->telling.text.bytes,
		.webhooks = webhooks.bytes,
		.ahead = ahead.bytes,
		.limit = hub->wanted ? room : 0,
		.ago_s = ago_s(hub) };
	webhook_turn_begin(hub->turn, &ask);
	hub->in_turn = true;
}

/* What cannot be told now is kept: nobody else can ever know it. */
static void keep_telling(struct webhook *hub)
{
	struct results later = hub->results;
	hub->results = hub->telling;
	if (later.count > 0 && hub->results.count > 0)
		text_add(&hub->results.text, ",");
	text_add(&hub->results.text, later.text.bytes);
	hub->results.count += later.count;
	hub->telling = later;
}

static void take_row(struct webhook *hub, const struct db_rows *rows, int row)
{
	if (db_text(rows, row, 0))
		webhook_queue_add(hub->queue, webhook_parcel_create(rows, row, grace_now_ms()));
	else
		webhook_queue_halt(hub->queue, db_int(rows, row, 6));
}

static void end_turn(struct webhook *hub)
{
	enum db_outcome outcome;
	struct db_rows rows;
	if (!hub->in_turn || !webhook_turn_end(hub->turn, &outcome, &rows))
		return;
	hub->in_turn = false;
	hub->next_look_ms = grace_now_ms() + LOOK_MS;
	hub->apart = may_end(outcome);
	hub->idle = outcome == DB_DONE && hub->wanted && rows.count == 0;
	if (outcome != DB_DONE)
		atomic_store(&hub->away, true);
	if (hub->apart)
		keep_telling(hub);
	results_reset(&hub->telling);
	webhook_queue_heard(hub->queue, !hub->apart);
	for (int i = 0; outcome == DB_DONE && i < rows.count; i++)
		take_row(hub, &rows, i);
}

/* When the next turn begins: soon after there is news, and every so often when there may be. */
static long long turn_due_ms(const struct webhook *hub)
{
	if (hub->results.count == 0 || hub->apart)
		return hub->next_look_ms;
	return hub->results.count >= GATHER_COUNT ? 0 : hub->gathered_ms;
}

static void turn_if_due(struct webhook *hub, bool stopping)
{
	if (hub->in_turn || grace_now_ms() < turn_due_ms(hub))
		return;
	if (hub->results.count > 0 || !stopping)
		begin_turn(hub, stopping);
	else
		hub->next_look_ms = grace_now_ms() + LOOK_MS;
}

static bool has_ended(const struct webhook *hub, bool stopping)
{
	if (hub->in_turn || webhook_queue_waiting(hub->queue) > 0 ||
		transport_webhook_room(hub->transport) < hub->setup->webhook.connections)
		return false;
	if (hub->results.count > 0)
		return stopping && grace_is_over();
	return stopping || (hub->once && (hub->idle || hub->apart));
}

static int wait_ms(const struct webhook *hub)
{
	long long wait_ms = hub->in_turn ? LOOK_MS : turn_due_ms(hub) - grace_now_ms();
	return wait_ms < 0 ? 0 : (int)wait_ms;
}

static void *work(void *context)
{
	struct webhook *hub = context;
	for (;;) {
		bool stopping = stop_requested() || atomic_load(&hub->ending);
		end_turn(hub);
		post_waiting(hub, stopping);
		turn_if_due(hub, stopping);
		if (has_ended(hub, stopping))
			return NULL;
		transport_webhook_wait(hub->transport, wait_ms(hub), stopping ? -1 : stop_fd());
		collect(hub);
	}
}

/* ---- its life ---- */

static void wake(void *context)
{
	transport_webhook_wake(context);
}

static void results_init(struct results *results)
{
	results->arena = arena_create();
	results_reset(results);
}

struct webhook *webhook_create(const struct setup *setup, bool once)
{
	struct webhook *hub = xcalloc(1, sizeof(*hub));
	hub->setup = setup;
	hub->once = once;
	hub->began_ms = grace_now_ms();
	hub->transport = transport_webhook_create(&setup->webhook);
	hub->queue = webhook_queue_create();
	hub->turn = webhook_turn_create(&setup->db, wake, hub->transport);
	hub->arena = arena_create();
	results_init(&hub->results);
	results_init(&hub->telling);
	if (pthread_create(&hub->thread, NULL, work, hub) != 0)
		fatal("cannot start a thread");
	return hub;
}

static bool join(struct webhook *hub, int timeout_ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	hub->joined = hub->joined ||
		      pthread_clockjoin_np(hub->thread, NULL, CLOCK_MONOTONIC, &until) == 0;
	return hub->joined;
}

bool webhook_drain(struct webhook *hub)
{
	while (!stop_requested() && !join(hub, STOP_CHECK_MS))
		;
	return !atomic_load(&hub->away);
}

bool webhook_destroy(struct webhook *hub, int grace_s)
{
	if (!hub)
		return true;
	atomic_store(&hub->ending, true);
	if (!join(hub, (grace_s + LAST_MARGIN_S) * 1000)) {
		log_warn("stop: posts to webhooks did not end in time");
		return false;
	}
	webhook_turn_destroy(hub->turn);
	webhook_queue_destroy(hub->queue);
	transport_webhook_destroy(hub->transport);
	arena_destroy(hub->telling.arena);
	arena_destroy(hub->results.arena);
	arena_destroy(hub->arena);
	free(hub);
	return true;
}
