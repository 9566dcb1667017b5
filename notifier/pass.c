/* The notifier's work: take back what was abandoned, plan what is owed, send what is due. */
#include "notifier/pass.h"

#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/log.h"
#include "common/stop.h"
#include "notifier/follow.h"
#include "notifier/grace.h"
#include "notifier/held.h"
#include "notifier/pool.h"
#include "notifier/webhook.h"
#include "notifier_queries.h"

#define GRACE_S 30
#define FIRST_RETRY_S 1
#define DELIVERY_RETRY_S "5"

struct pass {
	const struct setup *setup;
	struct db *db;
	struct held *held;
	struct pool *pool;
	struct follow *follow;
	struct webhook *webhook;
};

static void start(struct pass *pass, const struct setup *setup)
{
	pass->setup = setup;
	pass->db = db_create(&setup->db);
	pass->held = held_create(&setup->db, setup->lease_s);
	pass->pool = pool_create(setup, pass->held);
	pass->follow = follow_create(setup);
}

static void finish(struct pass *pass)
{
	grace_begin(GRACE_S);
	follow_destroy(pass->follow);
	bool mail = pool_destroy(pass->pool, GRACE_S);
	if (!webhook_destroy(pass->webhook, GRACE_S) || !mail) {
		/* Threads still use what an orderly end would free. Their leases run out. */
		_exit(EXIT_SUCCESS);
	}
	held_destroy(pass->held);
	db_destroy(pass->db);
}

static bool reap(struct pass *pass, struct arena *arena)
{
	const struct backoff_settings *backoff = &pass->setup->backoff;
	const char *const params[] = { arena_printf(arena, "%d", backoff->retry_s),
		arena_printf(arena, "%d", backoff->uncertain_s) };
	struct db_rows rows;
	if (db_run(pass->db, arena, N_REAP, params, &rows) != DB_DONE)
		return false;
	for (int i = 0; i < rows.count; i++)
		log_event(LOG_WARN, "abandoned", "mail", db_text(&rows, i, 0), "outcome",
			db_text(&rows, i, 1), NULL);
	const char *const wait[] = { DELIVERY_RETRY_S };
	if (db_run(pass->db, arena, N_DELIVER_REAP, wait, &rows) != DB_DONE)
		return false;
	for (int i = 0; i < rows.count; i++)
		log_event(LOG_WARN, "abandoned", "delivery", db_text(&rows, i, 0), NULL);
	return true;
}

static bool plan(struct pass *pass, struct arena *arena)
{
	const char *const params[] = { pass->setup->at };
	struct db_rows rows;
	if (db_run(pass->db, arena, N_PLAN, params, &rows) != DB_DONE)
		return false;
	if (db_int(&rows, 0, 0) > 0)
		log_event(LOG_INFO, "planned", "reminders", db_text(&rows, 0, 0), NULL);
	return true;
}

/* Said at every pass, for as long as it is so. */
static bool tell_held(struct pass *pass, struct arena *arena)
{
	const char *const params[] = { pass->setup->at };
	struct db_rows rows;
	if (db_run(pass->db, arena, N_HELD, params, &rows) != DB_DONE)
		return false;
	for (int i = 0; i < rows.count; i++)
		log_event(LOG_ERROR, "held: goldenthread-notifier approve releases it", "day",
			db_text(&rows, i, 0), "reminders", db_text(&rows, i, 1), "people",
			db_text(&rows, i, 2), "usual", db_text(&rows, i, 3), "most",
			db_text(&rows, i, 4), NULL);
	return true;
}

/* Said at every pass too: nothing is planned or sent until a person knows what had left. */
static bool tell_restored(struct pass *pass, struct arena *arena)
{
	struct db_rows rows;
	if (db_run(pass->db, arena, N_RESTORED, NULL, &rows) != DB_DONE)
		return false;
	for (int i = 0; i < rows.count; i++)
		log_event(LOG_ERROR, "restored: goldenthread-notifier resume releases it", "backup",
			db_text(&rows, i, 0), NULL);
	return true;
}

/* The events of what is now due. Reminders do not wait for them: what fails here is tried at the
 * next pass. */
static void announce(struct pass *pass, struct arena *arena)
{
	const char *const params[] = { pass->setup->at };
	struct db_rows rows;
	if (db_run(pass->db, arena, N_EVENT, params, &rows) != DB_DONE)
		log_warn("the events of what is due could not be written");
	else if (db_int(&rows, 0, 0) > 0)
		log_event(LOG_INFO, "announced", "events", db_text(&rows, 0, 0), NULL);
}

/* Of no concern to reminders: what fails here is only logged. */
static void seal(struct pass *pass, struct arena *arena)
{
	struct db_rows rows;
	if (db_run(pass->db, arena, N_SEAL, NULL, &rows) != DB_DONE)
		log_warn("the change record could not be sealed");
}

static bool record(struct pass *pass, struct arena *arena)
{
	const char *const params[] = { pass->setup->at };
	struct db_rows rows;
	return db_run(pass->db, arena, N_PASS, params, &rows) == DB_DONE;
}

static bool reap_and_plan(struct pass *pass)
{
	struct arena *arena = arena_create();
	held_extend(pass->held, pass->db);
	bool done = reap(pass, arena) && plan(pass, arena) && tell_held(pass, arena) &&
		    tell_restored(pass, arena);
	if (done) {
		announce(pass, arena);
		seal(pass, arena);
		retention_turn(pass->db, &pass->setup->retention, pass->setup->at);
	}
	arena_destroy(arena);
	return done;
}

static bool record_pass(struct pass *pass)
{
	struct arena *arena = arena_create();
	bool done = record(pass, arena);
	arena_destroy(arena);
	return done;
}

bool pass_once(const struct setup *setup)
{
	struct pass pass = { 0 };
	start(&pass, setup);
	bool done = reap_and_plan(&pass);
	if (done) {
		pass.webhook = webhook_create(setup, true);
		pool_wake(pass.pool);
		done = pool_drain(pass.pool);
		follow_wait(pass.follow);
		done = webhook_drain(pass.webhook) && done;
		done = record_pass(&pass) && done;
	}
	finish(&pass);
	return done;
}

void pass_loop(const struct setup *setup)
{
	struct pass pass = { 0 };
	int wait_s = FIRST_RETRY_S;
	start(&pass, setup);
	pass.webhook = webhook_create(setup, false);
	log_info("started: %d workers, a pass every %d s", setup->workers, setup->poll_s);
	while (!stop_requested()) {
		malloc_trim(0); /* nearly always idle: what sending has needed goes back */
		/* Sending goes on beside the passes: one slow server must not stop the planner. */
		bool done = reap_and_plan(&pass) && record_pass(&pass);
		if (done)
			pool_wake(pass.pool);
		wait_s = done ? setup->poll_s : wait_s;
		stop_wait_ms(wait_s * 1000);
		wait_s = done ? FIRST_RETRY_S : wait_s * 2;
		if (wait_s > setup->poll_s)
			wait_s = setup->poll_s;
	}
	log_info("stopping");
	finish(&pass);
	log_info("stopped");
}
