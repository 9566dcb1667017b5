/* Takes messages that are due out of the database, a batch at a time: locked, rendered, frozen and
 * leased in one transaction. */
#include "notifier/outbox.h"

#include <stdlib.h>

#include "common/db_array.h"
#include "common/log.h"
#include "notifier/file_name.h"
#include "notifier/grace.h"
#include "notifier_queries.h"

/* How long a body may leave without asking again, if half a lease is not less. */
#define BODY_TRUST_MS 5000

struct outbox {
	const struct setup *setup;
	struct held *held;
	struct db *db;
	struct arena *arena;   /* of the batch in hand */
	struct arena *scratch; /* of the rendering in hand */
	struct db_rows rows;   /* what the batch in hand says */
	long long begun_ms;    /* when it was locked */
};

/* What N_LEASE is told, beside the parcels. */
struct batch {
	struct db_array ids;
	struct db_array tokens;
	struct db_array identities;
	struct db_array vias;
	struct db_array names;
	struct db_array addresses;
	struct db_array subjects;
	struct db_array mimes;
	struct parcel_list parcels;
};

struct outbox *outbox_create(const struct setup *setup, struct held *held)
{
	struct outbox *outbox = xcalloc(1, sizeof(*outbox));
	outbox->setup = setup;
	outbox->held = held;
	outbox->db = db_create(&setup->db);
	outbox->arena = arena_create();
	outbox->scratch = arena_create();
	return outbox;
}

void outbox_destroy(struct outbox *outbox)
{
	if (!outbox)
		return;
	arena_destroy(outbox->scratch);
	arena_destroy(outbox->arena);
	db_destroy(outbox->db);
	free(outbox);
}

static void begin_batch(struct batch *batch, struct arena *arena)
{
	db_array_init(&batch->ids, arena, DB_ARRAY_INT8);
	db_array_init(&batch->tokens, arena, DB_ARRAY_INT8);
	db_array_init(&batch->identities, arena, DB_ARRAY_TEXT);
	db_array_init(&batch->vias, arena, DB_ARRAY_INT8);
	db_array_init(&batch->names, arena, DB_ARRAY_TEXT);
	db_array_init(&batch->addresses, arena, DB_ARRAY_TEXT);
	db_array_init(&batch->subjects, arena, DB_ARRAY_TEXT);
	db_array_init(&batch->mimes, arena, DB_ARRAY_BYTEA);
	batch->parcels = (struct parcel_list){ 0 };
}

/* NULLs leave what the database has. */
static void add_nothing_new(struct batch *batch)
{
	db_array_add_null(&batch->identities);
	db_array_add_null(&batch->vias);
	db_array_add_null(&batch->names);
	db_array_add_null(&batch->addresses);
	db_array_add_null(&batch->subjects);
	db_array_add_null(&batch->mimes);
}

static void add_composed(struct batch *batch, const struct composed *composed)
{
	db_array_add_text(&batch->identities, composed->message_id);
	db_array_add_int(&batch->vias, composed->via);
	db_array_add_text(&batch->names, composed->to_name);
	db_array_add_text(&batch->addresses, composed->to_address);
	db_array_add_text(&batch->subjects, composed->subject);
	db_array_add_bytes(&batch->mimes, composed->mime, composed->mime_length);
}

/* What was frozen at an earlier attempt. */
static void take_frozen(
	struct batch *batch, struct parcel *parcel, const struct db_rows *rows, int row)
{
	parcel->mail.to = arena_strdup(parcel->arena, db_field(rows, row, "address"));
	parcel->mail.identity = arena_strdup(parcel->arena, db_field(rows, row, "identity"));
	parcel->mail.bytes =
		db_bytes(parcel->arena, db_field(rows, row, "mime"), &parcel->mail.length);
	add_nothing_new(batch);
}

/* Nothing can be sent, for a reason on our side of the transport. */
static void give_up_rendering(
	struct batch *batch, struct parcel *parcel, enum compose_outcome outcome, const char *error)
{
	if (outcome == COMPOSE_FAILED)
		log_error("message %s cannot be rendered: %s", parcel->name, error);
	parcel->unsendable = true;
	transport_say(&parcel->result,
		outcome == COMPOSE_FAILED ? TRANSPORT_RETRY : TRANSPORT_REFUSED, "%s", error);
	add_nothing_new(batch);
}

/* Renders; what is kept with the lease is what every later attempt sends. */
static void render(struct outbox *outbox, struct batch *batch, struct parcel *parcel,
	const struct db_rows *rows, int row)
{
	struct composed composed;
	const char *error;
	time_t now = (time_t)strtoll(db_field(rows, row, "now"), NULL, 10);
	enum compose_outcome outcome = compose_message(outbox->scratch, &outbox->setup->compose,
		db_field(rows, row, "content"), now, &composed, &error);
	if (outcome != COMPOSE_DONE) {
		give_up_rendering(batch, parcel, outcome, error);
	} else {
		parcel->mail.to = arena_strdup(parcel->arena, composed.to_address);
		parcel->mail.identity = arena_strdup(parcel->arena, composed.message_id);
		parcel->mail.bytes = (const unsigned char *)arena_strndup(
			parcel->arena, composed.mime, composed.mime_length);
		parcel->mail.length = composed.mime_length;
		add_composed(batch, &composed);
	}
	arena_reset(outbox->scratch);
}

static void add_row(struct outbox *outbox, struct batch *batch, const struct db_rows *rows, int row)
{
	struct parcel *parcel = parcel_create(db_int(rows, row, 0), db_int(rows, row, 1));
	parcel->attempt = (int)db_int(rows, row, 2);
	parcel->uncertain = (int)db_int(rows, row, 3);
	parcel->mail.id = parcel->id;
	parcel->mail.uncertain = parcel->uncertain;
	parcel->mail.refused = (int)strtol(db_field(rows, row, "refused"), NULL, 10);
	parcel->mail.others_refused = *db_field(rows, row, "others_refused") == 't';
	parcel->mail.from = outbox->setup->compose.from.mailbox;
	parcel->mail.file_name = file_name_of(parcel->arena, db_field(rows, row, "day"),
		db_field(rows, row, "lead_name"), parcel->id);
	parcel_add(&batch->parcels, parcel);
	db_array_add_int(&batch->ids, parcel->id);
	db_array_add_int(&batch->tokens, parcel->token);
	if (db_field(rows, row, "mime"))
		take_frozen(batch, parcel, rows, row);
	else
		render(outbox, batch, parcel, rows, row);
}

static bool lease(struct outbox *outbox, struct batch *batch, bool bodies)
{
	struct db_rows rows;
	const struct db_param params[] = {
		{ arena_printf(outbox->arena, "%d", outbox->setup->lease_s), 0 },
		{ bodies ? "true" : "false", 0 },
		db_array_param(&batch->ids),
		db_array_param(&batch->tokens),
		db_array_param(&batch->identities),
		db_array_param(&batch->vias),
		db_array_param(&batch->names),
		db_array_param(&batch->addresses),
		db_array_param(&batch->subjects),
		db_array_param(&batch->mimes),
	};
	if (db_run_params(outbox->db, outbox->arena, N_LEASE, params, &rows) != DB_DONE)
		return false;
	if (db_int(&rows, 0, 0) == batch->parcels.count)
		return true;
	log_error("of %d messages only %s could be leased", batch->parcels.count,
		db_text(&rows, 0, 0));
	return false;
}

static void drop(struct parcel_list *list)
{
	struct parcel *parcel;
	while ((parcel = parcel_take(list)))
		parcel_destroy(parcel);
}

static long long body_trust_ms(const struct setup *setup)
{
	long long half_ms = (long long)setup->lease_s * 500;
	return half_ms < BODY_TRUST_MS ? half_ms : BODY_TRUST_MS;
}

/* After a commit without an answer they may be leased: that runs out by itself. */
static void let_go(struct outbox *outbox, struct batch *batch)
{
	db_rollback(outbox->db);
	drop(&batch->parcels);
	arena_reset(outbox->arena);
}

int outbox_claim(struct outbox *outbox, int limit)
{
	struct batch none = { 0 };
	outbox->begun_ms = grace_now_ms();
	const char *const params[] = { arena_printf(outbox->arena, "%d", limit), outbox->setup->at,
		outbox->setup->transport->form };
	bool done = db_begin(outbox->db, outbox->arena) == DB_DONE &&
		    db_run(outbox->db, outbox->arena, N_CLAIM, params, &outbox->rows) == DB_DONE;
	if (done && outbox->rows.count > 0)
		return outbox->rows.count;
	/* It may have closed some, of which nothing was left to say. */
	done = done && db_commit(outbox->db, outbox->arena) == DB_DONE;
	let_go(outbox, &none);
	return done ? 0 : -1;
}

bool outbox_lease(struct outbox *outbox, bool bodies, struct parcel_list *list)
{
	struct batch batch;
	begin_batch(&batch, outbox->arena);
	for (int i = 0; i < outbox->rows.count; i++)
		add_row(outbox, &batch, &outbox->rows, i);
	if (!lease(outbox, &batch, bodies) || db_commit(outbox->db, outbox->arena) != DB_DONE) {
		let_go(outbox, &batch);
		return false;
	}
	for (struct parcel *parcel = batch.parcels.first; parcel; parcel = parcel->next) {
		parcel->body_until_ms =
			bodies ? outbox->begun_ms + body_trust_ms(outbox->setup) : 0;
		held_add(outbox->held, parcel->token);
	}
	parcel_move(list, &batch.parcels);
	arena_reset(outbox->arena);
	return true;
}
