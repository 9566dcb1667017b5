/* goldenthread-api serve: the REST API, until SIGTERM or SIGINT. */
#include <stdio.h>
#include <string.h>

#include "api/commands/commands.h"
#include "api/dispatch.h"
#include "api/engine.h"
#include "api/keyring.h"
#include "api/server.h"
#include "api/settings.h"
#include "common/log.h"
#include "common/stop.h"

int command_check_config(int argc, char **argv)
{
	(void)argv;
	struct settings settings;
	struct arena *arena = arena_create();
	bool fine = argc == 1 && settings_load(&settings, arena);
	if (fine)
		puts("The settings are fine.");
	arena_destroy(arena);
	return fine ? 0 : 1;
}

/* False: a statement does not fit the schema. A database that is away, or at another schema, is no
 * reason to stop: it may come back, and until then the answers are 503. */
static bool statements_fit(const struct db_settings *settings)
{
	struct db *db = db_create(settings);
	bool fine = !db_ready(db) || db_check(db);
	db_destroy(db);
	return fine;
}

/* The order matters: the last thing made is the first to go. */
static int serve(const struct settings *settings)
{
	struct db_settings database = settings_database(settings);
	struct server_settings server_settings = {
		.address = settings->address,
		.port = settings->port,
		.threads = settings->threads,
		.connections = settings->connections,
		.idle_timeout_s = settings->idle_timeout_s,
	};
	stop_init();
	if (!statements_fit(&database))
		return 1;
	engine_init(&database);
	keyring_init(settings->rate_limit);
	dispatch_init(settings);
	struct server *server = server_start(&server_settings);
	if (!server)
		return 1;
	log_info("serving on %s, schema %s", settings->listen, GT_SCHEMA_VERSION);
	while (!stop_wait_ms(-1))
		;
	log_info("stopping");
	dispatch_drain();
	server_stop(server);
	engine_finish();
	return 0;
}

int command_serve(int argc, char **argv)
{
	struct settings settings;
	(void)argv;
	if (argc != 1) {
		fputs("usage: goldenthread-api serve\n", stderr);
		return 2;
	}
	struct arena *arena = arena_create();
	int status = settings_load(&settings, arena) ? serve(&settings) : 1;
	arena_destroy(arena);
	return status;
}
