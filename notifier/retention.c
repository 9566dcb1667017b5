/* How long personal data is kept: what is past its time is emptied or deleted, a batch at a time.
 */
#include "notifier/retention.h"

#include <stdio.h>

#include "common/log.h"
#include "common/stop.h"
#include "notifier_queries.h"

#define LEAST_DAYS 30
/* Of each class in one transaction: so long at most are its rows locked. */
#define BATCH "500"
/* Of a pass: a backlog of years must not keep reminders waiting. */
#define TURN_BATCHES 10

static const char *days_json(struct arena *arena, const struct retention_settings *settings)
{
	return arena_printf(arena, "{\"message\":%d,\"reply\":%d,\"event\":%d}",
		settings->message_days, settings->reply_days, settings->event_days);
}

const char *retention_check(int days)
{
	return days == 0 || days >= LEAST_DAYS ? NULL : "must be 0, for ever, or 30 at least";
}

static bool run(struct db *db, struct arena *arena, const struct retention_settings *settings,
	const char *at, bool again, struct db_rows *rows)
{
	const char *const params[] = { at, days_json(arena, settings), BATCH,
		again ? "true" : "false" };
	return db_run(db, arena, N_RETAIN, params, rows) == DB_DONE;
}

/* Whether anything is left to do. */
static bool tell(const struct db_rows *rows)
{
	bool more = false;
	for (int i = 0; i < rows->count; i++) {
		if (*db_field(rows, i, "done") != '0')
			log_event(LOG_INFO, "retention", "class", db_field(rows, i, "class"),
				"before", db_field(rows, i, "before"), "rows",
				db_field(rows, i, "done"), NULL);
		more = more || *db_field(rows, i, "more") == 't';
	}
	return more;
}

void retention_turn(struct db *db, const struct retention_settings *settings, const char *at)
{
	struct arena *arena = arena_create();
	struct db_rows rows;
	bool more = true;
	for (int n = 0; more && n < TURN_BATCHES && !stop_requested(); n++) {
		arena_reset(arena);
		if (!run(db, arena, settings, at, false, &rows)) {
			log_warn("what is past its time could not be emptied");
			break;
		}
		more = tell(&rows);
	}
	arena_destroy(arena);
}

/* What is over, one JSON object a class. */
static bool print_over(struct db *db, struct arena *arena,
	const struct retention_settings *settings, const char *at)
{
	struct db_rows rows;
	const char *const params[] = { at, days_json(arena, settings) };
	if (db_run(db, arena, N_RETAIN_PREVIEW, params, &rows) != DB_DONE)
		return false;
	for (int i = 0; i < rows.count; i++)
		puts(db_text(&rows, i, 0));
	return fflush(stdout) == 0 && !ferror(stdout);
}

static bool run_all(struct db *db, struct arena *arena, const struct retention_settings *settings,
	const char *at)
{
	struct db_rows rows;
	bool more = true;
	while (more) {
		arena_reset(arena);
		if (!run(db, arena, settings, at, true, &rows))
			return false;
		if (rows.count == 0) {
			fputs("goldenthread-notifier: another one is at it; run it again later\n",
				stderr);
			return false;
		}
		more = tell(&rows);
	}
	return true;
}

bool retention_command(const struct db_settings *database,
	const struct retention_settings *settings, const char *at, bool dry_run)
{
	struct arena *arena = arena_create();
	struct db *db = db_create(database);
	bool done = print_over(db, arena, settings, at) &&
		    (dry_run || run_all(db, arena, settings, at));
	db_destroy(db);
	arena_destroy(arena);
	return done;
}
