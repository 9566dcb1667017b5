/* Delivers one claimed message: opens it, renders it once, hands it to the transport, records how
 * that ended. */
#include "notifier/courier.h"

#include <stdlib.h>

#include "common/log.h"
#include "notifier/file_name.h"
#include "notifier/grace.h"
#include "notifier_queries.h"

#define RECORD_PAUSE_MS 1000

struct courier {
	const struct setup *setup;
	struct channel *channel;
	struct held *held;
	struct db *db;
	struct arena *arena; /* of the message in hand */
	struct transport_session *session;
};

/* One message being delivered. */
struct delivery {
	struct courier *courier;
	const struct claim *claim;
	const char *id;
	const char *token;
	int uncertain; /* how often it was uncertain before */
	bool lease_lost;
	struct transport_result result;
};

struct courier *courier_create(
	const struct setup *setup, struct channel *channel, struct held *held)
{
	struct courier *courier = xcalloc(1, sizeof(*courier));
	courier->setup = setup;
	courier->channel = channel;
	courier->held = held;
	courier->db = db_create(&setup->db);
	courier->arena = arena_create();
	courier->session = setup->transport->session_create(&setup->mail);
	return courier;
}

void courier_destroy(struct courier *courier)
{
	if (!courier)
		return;
	courier->setup->transport->session_destroy(courier->session);
	arena_destroy(courier->arena);
	db_destroy(courier->db);
	free(courier);
}

int courier_claim(struct courier *courier, int limit, struct claim *claims)
{
	struct arena *arena = courier->arena;
	const char *const params[] = { arena_printf(arena, "%d", limit),
		arena_printf(arena, "%d", courier->setup->lease_s), courier->setup->at };
	struct db_rows rows;
	int count = -1;
	if (db_run(courier->db, arena, N_CLAIM, params, &rows) == DB_DONE)
		count = rows.count;
	for (int i = 0; i < count; i++) {
		claims[i] = (struct claim){ .id = db_int(&rows, i, 0),
			.token = db_int(&rows, i, 1),
			.attempt = (int)db_int(&rows, i, 2) };
		held_add(courier->held, claims[i].token);
	}
	arena_reset(arena);
	return count;
}

/* A statement that says whether the lease is still ours. */
static enum db_outcome run_under_lease(
	struct delivery *delivery, size_t query, const char *const *params)
{
	struct courier *courier = delivery->courier;
	struct db_rows rows;
	enum db_outcome outcome = db_run(courier->db, courier->arena, query, params, &rows);
	if (outcome == DB_DONE && !db_true(&rows, 0, 0))
		delivery->lease_lost = true;
	return outcome;
}

/* Troubles of the database that pass: gone, busy, or in the middle of an upgrade. */
static bool may_end(enum db_outcome outcome)
{
	return outcome == DB_AWAY || outcome == DB_BUSY || outcome == DB_SCHEMA;
}

/* A known result is never given up while there is time: nobody else can ever know it. */
static void record(struct delivery *delivery, int wait_s)
{
	struct arena *arena = delivery->courier->arena;
	const struct transport_result *result = &delivery->result;
	const char *wait = wait_s == BACKOFF_GIVE_UP ? NULL : arena_printf(arena, "%d", wait_s);
	const char *const params[] = { delivery->id, delivery->token,
		transport_outcome_name(result->outcome), wait,
		arena_printf(arena, "%d", result->curl_code),
		arena_printf(arena, "%d", result->reply_code), result->detail };
	enum db_outcome outcome = run_under_lease(delivery, N_FINISH, params);
	while (may_end(outcome) && !grace_is_over()) {
		grace_wait_ms(RECORD_PAUSE_MS);
		outcome = run_under_lease(delivery, N_FINISH, params);
	}
	const char *problem = NULL;
	if (outcome != DB_DONE)
		problem = "not recorded: its lease runs out by itself";
	else if (delivery->lease_lost)
		problem = "its lease had been lost: not recorded again";
	log_event(problem || wait_s == BACKOFF_GIVE_UP ? LOG_WARN : LOG_INFO, "delivery", "outcome",
		params[2], "attempt", arena_printf(arena, "%d", delivery->claim->attempt), "curl",
		params[4], "reply", params[5], "wait_s", wait_s > 0 ? wait : NULL, "problem",
		problem, NULL);
}

static int wait_after(const struct delivery *delivery)
{
	const struct backoff_settings *settings = &delivery->courier->setup->backoff;
	unsigned long long seed = (unsigned long long)delivery->claim->id;
	int rest_s;
	switch (delivery->result.outcome) {
	case TRANSPORT_SENT:
		return 0;
	case TRANSPORT_REFUSED:
		return BACKOFF_GIVE_UP;
	case TRANSPORT_UNCERTAIN:
		return backoff_uncertain(settings, delivery->uncertain + 1, seed);
	case TRANSPORT_CHANNEL: /* not the message's fault: as often as it takes */
		rest_s = channel_rest_s(delivery->courier->channel);
		return rest_s > 0 ? rest_s : backoff_channel(settings, 1);
	case TRANSPORT_RETRY:
		break;
	}
	return backoff_retry(settings, delivery->claim->attempt, seed);
}

static void conclude(struct delivery *delivery)
{
	channel_note(delivery->courier->channel, &delivery->result);
	record(delivery, wait_after(delivery));
}

/* Nothing was sent, for a reason on our side of the transport. */
static void put_back(struct delivery *delivery, const char *reason)
{
	transport_say(&delivery->result, TRANSPORT_RETRY, "%s", reason);
	record(delivery, wait_after(delivery));
}

/* Silence after this means "unknown", so the database must know before the body leaves. */
static bool may_send_body(void *context)
{
	struct delivery *delivery = context;
	const char *const params[] = { delivery->id, delivery->token };
	return run_under_lease(delivery, N_BODY, params) == DB_DONE && !delivery->lease_lost;
}

static bool must_stop(void *context)
{
	(void)context;
	return grace_is_over();
}

static void send_message(struct delivery *delivery, const struct transport_mail *mail)
{
	struct courier *courier = delivery->courier;
	struct transport_gate gate = { may_send_body, must_stop, delivery };
	courier->setup->transport->send(courier->session, mail, &gate, &delivery->result);
	if (delivery->lease_lost)
		log_warn("delivery: the lease was lost before the body left: nothing was sent");
	else
		conclude(delivery);
}

/* Fills mail from what was frozen at an earlier attempt. */
static void take_frozen(
	struct courier *courier, const struct db_rows *rows, struct transport_mail *mail)
{
	mail->to = db_field(rows, 0, "address");
	mail->bytes = db_bytes(courier->arena, db_field(rows, 0, "mime"), &mail->length);
}

/* Renders, and freezes the bytes so that every later attempt sends the same. */
static bool render_and_freeze(
	struct delivery *delivery, const struct db_rows *rows, struct transport_mail *mail)
{
	struct courier *courier = delivery->courier;
	struct composed composed;
	const char *error;
	time_t now = (time_t)strtoll(db_field(rows, 0, "now"), NULL, 10);
	enum compose_outcome outcome = compose_reminder(courier->arena, &courier->setup->compose,
		db_field(rows, 0, "content"), now, &composed, &error);
	if (outcome == COMPOSE_BAD_ADDRESS) {
		transport_say(&delivery->result, TRANSPORT_REFUSED, "%s", error);
		conclude(delivery);
		return false;
	}
	if (outcome == COMPOSE_FAILED) {
		log_error("delivery: cannot be rendered: %s", error);
		put_back(delivery, error);
		return false;
	}
	const char *const params[] = { delivery->id, delivery->token, composed.message_id,
		composed.via, composed.to_name, composed.to_address, composed.subject,
		db_bytea(courier->arena, composed.mime, composed.mime_length) };
	if (run_under_lease(delivery, N_FREEZE, params) != DB_DONE) {
		put_back(delivery, "the rendered message could not be kept");
		return false;
	}
	mail->to = composed.to_address;
	mail->bytes = (const unsigned char *)composed.mime;
	mail->length = composed.mime_length;
	return !delivery->lease_lost;
}

static void deliver_opened(struct delivery *delivery, const struct db_rows *rows)
{
	struct courier *courier = delivery->courier;
	struct transport_mail mail = {
		.from = courier->setup->compose.from.mailbox,
		.file_name = file_name_of(courier->arena, db_field(rows, 0, "day"),
			db_field(rows, 0, "lead_name"), delivery->claim->id),
	};
	delivery->uncertain = (int)strtol(db_field(rows, 0, "uncertain"), NULL, 10);
	if (db_field(rows, 0, "mime"))
		take_frozen(courier, rows, &mail);
	else if (!render_and_freeze(delivery, rows, &mail))
		return;
	send_message(delivery, &mail);
}

static void deliver(struct delivery *delivery)
{
	struct courier *courier = delivery->courier;
	const char *const params[] = { delivery->id, delivery->token };
	struct db_rows rows;
	enum db_outcome outcome = db_run(courier->db, courier->arena, N_OPEN, params, &rows);
	if (outcome != DB_DONE)
		put_back(delivery, "the message could not be opened");
	else if (rows.count == 0)
		log_event(LOG_INFO, "delivery", "outcome", "nothing to send", NULL);
	else
		deliver_opened(delivery, &rows);
}

void courier_deliver(struct courier *courier, const struct claim *claim)
{
	struct delivery delivery = { .courier = courier,
		.claim = claim,
		.id = arena_printf(courier->arena, "%lld", claim->id),
		.token = arena_printf(courier->arena, "%lld", claim->token) };
	log_context("mail", delivery.id);
	deliver(&delivery);
	held_remove(courier->held, claim->token);
	log_context("mail", NULL);
	arena_reset(courier->arena);
}

void courier_release(struct courier *courier, const struct claim *claim, int wait_s)
{
	struct arena *arena = courier->arena;
	const char *const params[] = { arena_printf(arena, "%lld", claim->id),
		arena_printf(arena, "%lld", claim->token), "released",
		arena_printf(arena, "%d", wait_s), NULL, NULL, NULL };
	struct db_rows rows;
	/* A lease that cannot be given back runs out by itself. */
	enum db_outcome outcome = db_run(courier->db, arena, N_FINISH, params, &rows);
	if (outcome != DB_DONE)
		log_warn("delivery: a lease could not be given back");
	held_remove(courier->held, claim->token);
	arena_reset(arena);
}
