/* The settings of goldenthread-api, from the environment. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "common/arena.h"
#include "common/db.h"
#include "common/destination.h"

struct settings {
	const char *database_url;
	const char *listen;
	const char *public_url;
	const char *log_format;
	const char *log_level;
	int threads;
	int connections;
	int idle_timeout_s;
	int statement_timeout_ms;
	int rate_limit;
	bool prepare;
	const char *webhook_allow_text;
	const char *receipt_token; /* NULL: none */
	const char *address;       /* from listen */
	int port;
	struct destination_allow webhook_allow; /* from webhook_allow_text */
};

/* Reads and checks everything; every mistake is named in the log. Strings live in the arena.
 * The log is set up as a side effect. */
bool settings_load(struct settings *settings, struct arena *arena) MUSTCHECK;

/* Only what a command of one connection needs: the database and the log. */
bool settings_load_database(struct settings *settings, struct arena *arena) MUSTCHECK;

/* Only where the server listens. */
bool settings_load_listen(struct settings *settings, struct arena *arena) MUSTCHECK;

void settings_help(FILE *out);

/* For db_create and the engine, with this program's statements. */
struct db_settings settings_database(const struct settings *settings);
