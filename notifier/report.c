/* The commands that only look: what would be sent, and whether the notifier is at work. */
#include "notifier/report.h"

#include <stdio.h>
#include <stdlib.h>

#include "notifier_queries.h"

#define HEALTHY_POLLS 3
#define HEALTHY_LEAST_S 90

/* Runs one statement on a connection of its own; prints from its rows. */
static bool ask(const struct setup *setup, size_t query, const char *const *params,
	bool (*print)(const struct setup *setup, const struct db_rows *rows))
{
	struct arena *arena = arena_create();
	struct db *db = db_create(&setup->db);
	struct db_rows rows;
	bool done = db_run(db, arena, query, params, &rows) == DB_DONE;
	if (done) /* else the log has said why not */
		done = print(setup, &rows);
	db_destroy(db);
	arena_destroy(arena);
	return done;
}

static bool print_forecast(const struct setup *setup, const struct db_rows *rows)
{
	(void)setup;
	for (int i = 0; i < rows->count; i++)
		printf("%s\n", db_text(rows, i, 0));
	return fflush(stdout) == 0 && !ferror(stdout);
}

bool report_forecast(const struct setup *setup)
{
	const char *const params[] = { setup->at };
	return ask(setup, N_FORECAST, params, print_forecast);
}

static bool print_health(const struct setup *setup, const struct db_rows *rows)
{
	long long limit_s = (long long)setup->poll_s * HEALTHY_POLLS;
	if (limit_s < HEALTHY_LEAST_S)
		limit_s = HEALTHY_LEAST_S;
	if (rows->count == 0)
		printf("no pass has ever finished\n");
	else if (db_int(rows, 0, 0) > limit_s)
		printf("the last pass finished %lld s ago, more than %lld s\n", db_int(rows, 0, 0),
			limit_s);
	return rows->count > 0 && db_int(rows, 0, 0) <= limit_s;
}

bool report_health(const struct setup *setup)
{
	return ask(setup, N_HEALTH, NULL, print_health);
}

static bool print_decision(const struct setup *setup, const struct db_rows *rows)
{
	(void)setup;
	if (rows->count == 0)
		fprintf(stderr, "goldenthread-notifier: no such day is held\n");
	for (int i = 0; i < rows->count; i++)
		printf("%s: %s reminders to %s people\n", db_text(rows, i, 0), db_text(rows, i, 1),
			db_text(rows, i, 2));
	return rows->count > 0;
}

static const char *who(const char *fallback)
{
	const char *by = getenv("SUDO_USER");
	if (!by)
		by = getenv("USER");
	return by ? by : fallback;
}

bool report_decide(const struct setup *setup, const char *day, const char *decision)
{
	const char *const params[] = { day, decision, who("goldenthread-notifier approve") };
	return ask(setup, N_DECIDE, params, print_decision);
}

static bool print_resumed(const struct setup *setup, const struct db_rows *rows)
{
	(void)setup;
	if (rows->count == 0)
		fprintf(stderr, "goldenthread-notifier: no restore holds anything\n");
	for (int i = 0; i < rows->count; i++)
		printf("resumed; taken as sent until %s: %s waiting messages, %s reminders\n",
			db_text(rows, i, 0), db_text(rows, i, 1), db_text(rows, i, 2));
	return rows->count > 0;
}

bool report_resume(const struct setup *setup, const char *sent_until)
{
	const char *const params[] = { sent_until, who("goldenthread-notifier resume") };
	return ask(setup, N_RESUME, params, print_resumed);
}
