/* Delivers events to webhooks: one thread, many posts at once, and one short transaction for what
 * has ended and what comes next. */
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
#include "notifier/webhook_sign.h"
#include "notifier_queries.h"

#define LOOK_MS 1000     /* between looks for what is due, while nothing happens */
#define LEASE_S "60"     /* well over the ten seconds that a post can take */
#define FAILING_DAYS "5" /* without a success, then a webhook is disabled */
#define LAST_MARGIN_S 5  /* beside the grace: for what has ended to be recorded */
#define STOP_CHECK_MS 100

struct webhook {
	pthread_t thread;
	const struct setup *setup;
	struct db *db;
	struct transport_webhook *transport;
	struct arena *arena; /* of one turn */
	struct arena *results_arena;
	struct text results; /* JSON objects with commas between, not yet recorded */
	long long began_ms;
	long long next_look_ms;
	bool once;
	bool idle;  /* the last turn found nothing that is due */
	bool apart; /* the database did not take the last turn */
	bool joined;
	atomic_bool ending;
	atomic_bool away; /* the database was, at any time */
};

/* One delivery on its way. */
struct parcel {
	struct arena *arena;
	struct transport_webhook_post post;
	const char *headers[6];
	const char *id;
	const char *token;
	const char *event;
	const char *webhook;
	const char *attempt;
	int round;
};

/* ---- what ended ---- */

/* As in a C string: what an endpoint says may hold any bytes. */
static const char *escaped(struct arena *arena, const char *bytes, size_t length)
{
	struct text out;
	text_init(&out, arena);
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		if (byte == '\n')
			text_add(&out, "\\n");
		else if (byte == '\\')
			text_add(&out, "\\\\");
		else if (byte < 0x20 || byte > 0x7e)
			text_addf(&out, "\\x%02x", byte);
		else
			text_add_bytes(&out, bytes + i, 1);
	}
	return out.bytes;
}

static void add_result(struct webhook *hub, const struct parcel *parcel,
	const struct transport_webhook_done *done, int wait_s)
{
	const struct webhook_ending *ending = &done->ending;
	struct text *out = &hub->results;
	const char *outcome = transport_outcome_name(transport_webhook_outcome(ending));
	int rest_s = transport_webhook_rest_s(ending);
	text_addf(out, "%s{\"id\":%s,\"token\":%s,\"outcome\":\"%s\",\"gone\":%s,",
		out->length ? "," : "", parcel->id, parcel->token, outcome,
		transport_webhook_is_gone(ending) ? "true" : "false");
	if (rest_s)
		text_addf(out, "\"rest_s\":%d,", rest_s);
	if (wait_s != BACKOFF_GIVE_UP)
		text_addf(out, "\"wait_s\":%d,", wait_s);
	if (ending->reply_code)
		text_addf(out, "\"reply_code\":%d,", ending->reply_code);
	text_addf(out, "\"duration_ms\":%d,\"curl_code\":%d,\"detail\":", done->duration_ms,
		ending->curl_code);
	text_add_json(out, done->detail);
	text_add(out, ",\"answer\":");
	text_add_json(out, done->answer_length
				   ? escaped(hub->results_arena, done->answer, done->answer_length)
				   : NULL);
	text_add(out, "}");
}

static void conclude(
	struct webhook *hub, struct parcel *parcel, const struct transport_webhook_done *done)
{
	const struct webhook_ending *ending = &done->ending;
	struct arena *arena = parcel->arena;
	enum transport_outcome outcome = transport_webhook_outcome(ending);
	int rest_s = transport_webhook_rest_s(ending);
	int asked_s = rest_s > ending->retry_after_s ? rest_s : ending->retry_after_s;
	int wait_s = transport_webhook_is_gone(ending) ? BACKOFF_GIVE_UP
						       : backoff_delivery(parcel->round, asked_s,
								 strtoull(parcel->id, NULL, 10));
	add_result(hub, parcel, done, wait_s);
	bool sent = outcome == TRANSPORT_SENT;
	log_event(sent ? LOG_INFO : LOG_WARN, "webhook", "webhook", parcel->webhook, "id",
		parcel->event, "outcome", transport_outcome_name(outcome), "attempt",
		parcel->attempt, "reply", arena_printf(arena, "%d", ending->reply_code), "curl",
		arena_printf(arena, "%d", ending->curl_code), "duration_ms",
		arena_printf(arena, "%d", done->duration_ms), "wait_s",
		sent || wait_s < 0 ? NULL : arena_printf(arena, "%d", wait_s), NULL);
	arena_destroy(arena);
}

static void collect(struct webhook *hub)
{
	struct transport_webhook_done done;
	while (transport_webhook_next(hub->transport, &done))
		conclude(hub, done.context, &done);
}

/* ---- what comes next ---- */

static struct webhook_secret read_secret(struct arena *arena, const char *text)
{
	struct webhook_secret secret = { 0 };
	if (text)
		secret.bytes = db_bytes(arena, text, &secret.length);
	return secret;
}

static void write_headers(struct parcel *parcel, const struct db_rows *rows, int row)
{
	struct arena *arena = parcel->arena;
	const struct webhook_secret secrets[2] = {
		read_secret(arena, db_text(rows, row, 8)),
		read_secret(arena, db_text(rows, row, 9)),
	};
	parcel->headers[0] = "Content-Type: application/json";
	parcel->headers[1] = "Expect:";
	parcel->post.headers = parcel->headers;
	if (!secrets[0].bytes) /* a channel of Teams or Slack */
		return;
	const char *timestamp = arena_printf(arena, "%lld", (long long)time(NULL));
	const char *signature =
		webhook_sign(arena, secrets, parcel->event, timestamp, parcel->post.body);
	parcel->headers[2] = arena_printf(arena, "webhook-id: %s", parcel->event);
	parcel->headers[3] = arena_printf(arena, "webhook-timestamp: %s", timestamp);
	parcel->headers[4] = arena_printf(arena, "webhook-signature: %s", signature);
}

static struct parcel *make_parcel(const struct db_rows *rows, int row)
{
	struct arena *arena = arena_create();
	struct parcel *parcel = arena_alloc(arena, sizeof(*parcel));
	parcel->arena = arena;
	parcel->id = arena_strdup(arena, db_text(rows, row, 0));
	parcel->token = arena_strdup(arena, db_text(rows, row, 1));
	parcel->attempt = arena_strdup(arena, db_text(rows, row, 2));
	parcel->round = (int)db_int(rows, row, 3);
	parcel->event = arena_strdup(arena, db_text(rows, row, 4));
	parcel->post.body = arena_strdup(arena, db_text(rows, row, 5));
	parcel->webhook = arena_strdup(arena, db_text(rows, row, 6));
	parcel->post.url = arena_strdup(arena, db_text(rows, row, 7));
	write_headers(parcel, rows, row);
	return parcel;
}

/* The URL was good when it was given, but the operator may have thought better of it. */
static void start_parcel(struct webhook *hub, struct parcel *parcel)
{
	struct transport_webhook_done refused = { 0 };
	const char *fault = destination_read(
		parcel->arena, &hub->setup->webhook.allow, parcel->post.url, &parcel->post.to);
	if (!fault) {
		transport_webhook_start(hub->transport, &parcel->post, parcel);
		return;
	}
	struct transport_result said;
	transport_say(&said, TRANSPORT_RETRY, "not posted: the address %s", fault);
	memcpy(refused.detail, said.detail, sizeof(refused.detail));
	conclude(hub, parcel, &refused);
}

static bool may_end(enum db_outcome outcome)
{
	return outcome == DB_AWAY || outcome == DB_BUSY || outcome == DB_SCHEMA;
}

static void forget_results(struct webhook *hub)
{
	arena_reset(hub->results_arena);
	text_init(&hub->results, hub->results_arena);
}

/* A single pass takes what was due when it began; what becomes due meanwhile is for the next one.
 */
static double ago_s(const struct webhook *hub)
{
	return hub->once ? (double)(grace_now_ms() - hub->began_ms) / 1000 : 0;
}

/* Says what has ended and asks for more. What cannot be said now is kept: nobody else can ever know
 * it. */
static void turn(struct webhook *hub, int room)
{
	struct arena *arena = hub->arena;
	const char *const params[] = { arena_printf(arena, "[%s]", hub->results.bytes),
		FAILING_DAYS, arena_printf(arena, "%d", room), LEASE_S,
		arena_printf(arena, "%.3f", ago_s(hub)) };
	struct db_rows rows;
	enum db_outcome outcome = db_run(hub->db, arena, N_DELIVER, params, &rows);
	hub->next_look_ms = grace_now_ms() + LOOK_MS;
	hub->apart = may_end(outcome);
	hub->idle = outcome == DB_DONE && room > 0 && rows.count == 0;
	if (outcome != DB_DONE)
		atomic_store(&hub->away, true);
	if (!hub->apart)
		forget_results(hub);
	for (int i = 0; outcome == DB_DONE && i < rows.count; i++)
		start_parcel(hub, make_parcel(&rows, i));
	arena_reset(arena);
}

/* At once when there is news, and every so often when there may be. */
static void turn_if_due(struct webhook *hub, bool stopping)
{
	bool news = hub->results.length > 0;
	int room = stopping ? 0 : transport_webhook_room(hub->transport);
	bool due = grace_now_ms() >= hub->next_look_ms;
	if ((news && !hub->apart) || (due && (news || room > 0)))
		turn(hub, room);
}

static bool has_ended(const struct webhook *hub, bool stopping)
{
	if (transport_webhook_room(hub->transport) < hub->setup->webhook.connections)
		return false;
	if (hub->results.length > 0)
		return stopping && grace_is_over();
	return stopping || (hub->once && (hub->idle || hub->apart));
}

static void *work(void *context)
{
	struct webhook *hub = context;
	for (;;) {
		bool stopping = stop_requested() || atomic_load(&hub->ending);
		turn_if_due(hub, stopping);
		if (has_ended(hub, stopping))
			return NULL;
		long long wait_ms = hub->next_look_ms - grace_now_ms();
		bool news = hub->results.length > 0 && !hub->apart;
		transport_webhook_wait(hub->transport, news || wait_ms < 0 ? 0 : (int)wait_ms,
			stopping ? -1 : stop_fd());
		collect(hub);
	}
}

/* ---- its life ---- */

struct webhook *webhook_create(const struct setup *setup, bool once)
{
	struct webhook *hub = xcalloc(1, sizeof(*hub));
	hub->setup = setup;
	hub->once = once;
	hub->began_ms = grace_now_ms();
	hub->db = db_create(&setup->db);
	hub->transport = transport_webhook_create(&setup->webhook);
	hub->arena = arena_create();
	hub->results_arena = arena_create();
	forget_results(hub);
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
	transport_webhook_destroy(hub->transport);
	db_destroy(hub->db);
	arena_destroy(hub->results_arena);
	arena_destroy(hub->arena);
	free(hub);
	return true;
}
