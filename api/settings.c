/* The settings of goldenthread-api, from the environment. */
#include "api/settings.h"

#include <stdlib.h>
#include <string.h>

#include "api_queries.h"
#include "common/config.h"
#include "common/log.h"

#define CONNECT_TIMEOUT_S 5
#define COMMAND_TIMEOUT_MS 600000
#define RECEIPT_TOKEN_MIN 16
/* RFC 6750 section 2.1. */
#define BEARER "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/="

/* One table for --help, for reading and for checking. Targets are filled into this. */
static struct settings loaded;

static const struct setting table[] = {
	SETTING_DATABASE_URL(&loaded.database_url),
	SETTING_LOG_FORMAT(&loaded.log_format),
	SETTING_LOG_LEVEL(&loaded.log_level),
	{ "GT_LISTEN", SETTING_TEXT, &loaded.listen, .fallback = "127.0.0.1:8080",
		.help = "address and port to serve on" },
	{ "GT_PUBLIC_URL", SETTING_TEXT, &loaded.public_url, .fallback = "http://127.0.0.1:8080",
		.help = "how people and programs reach this service" },
	{ "GT_THREADS", SETTING_INTEGER, &loaded.threads, .fallback = "8", .min = 1, .max = 256,
		.help = "server threads, each with one database connection" },
	{ "GT_CONNECTIONS", SETTING_INTEGER, &loaded.connections, .fallback = "1024", .min = 1,
		.max = 100000, .help = "HTTP connections at the most" },
	{ "GT_IDLE_TIMEOUT_SECONDS", SETTING_INTEGER, &loaded.idle_timeout_s, .fallback = "15",
		.min = 1, .max = 3600, .help = "a silent HTTP connection is closed after this" },
	{ "GT_STATEMENT_TIMEOUT_MS", SETTING_INTEGER, &loaded.statement_timeout_ms,
		.fallback = "5000", .min = 100, .max = 600000,
		.help = "one SQL statement at the most" },
	{ "GT_RATE_LIMIT", SETTING_INTEGER, &loaded.rate_limit, .fallback = "6000", .min = 0,
		.max = 1000000, .help = "calls a minute of one key to this process; 0: no limit" },
	{ "GT_DATABASE_PREPARED", SETTING_SWITCH, &loaded.prepare, .fallback = "on",
		.help = "off behind a pooler that lends connections by the transaction (on, off)" },
	{ "GT_NOTIFY_RECEIPT_TOKEN", SETTING_TEXT, &loaded.receipt_token, .optional = true,
		.secret = true,
		.help = "what GOV.UK Notify shows with its receipts, 16 characters or more" },
	SETTING_WEBHOOK_ALLOW(&loaded.webhook_allow_text),
};
#define TABLE_COUNT (sizeof(table) / sizeof(*table))
#define DATABASE_COUNT 3 /* the first three: what a command of one connection needs */
#define LISTEN_AT 3      /* the one after them */

/* "127.0.0.1:8080" or "[::1]:8080" */
static bool split_listen(struct settings *settings, struct arena *arena)
{
	const char *colon = strrchr(settings->listen, ':');
	char *end;
	long port = colon ? strtol(colon + 1, &end, 10) : 0;
	if (!colon || colon == settings->listen || *end || port < 1 || port > 65535) {
		log_error("setting GT_LISTEN must be ADDRESS:PORT, not \"%s\"", settings->listen);
		return false;
	}
	const char *from = settings->listen;
	size_t length = (size_t)(colon - from);
	if (from[0] == '[' && from[length - 1] == ']') {
		from++;
		length -= 2;
	}
	settings->address = arena_strndup(arena, from, length);
	settings->port = (int)port;
	return true;
}

static bool check_public_url(struct settings *settings)
{
	const char *url = settings->public_url;
	size_t length = strlen(url);
	bool http = strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
	if (http && url[length - 1] != '/' && !strpbrk(url, " ?#\"\\<>"))
		return true;
	log_error(
		"setting GT_PUBLIC_URL must be http(s)://host without a slash at its end, not \"%s\"",
		url);
	return false;
}

static bool read_webhook_allow(struct settings *settings, struct arena *arena)
{
	const char *error;
	if (destination_read_allow(
		    arena, settings->webhook_allow_text, &settings->webhook_allow, &error))
		return true;
	log_error("setting GT_WEBHOOK_ALLOW %s", error);
	return false;
}

static bool check_receipt_token(const struct settings *settings)
{
	const char *token = settings->receipt_token;
	if (!token || (strlen(token) >= RECEIPT_TOKEN_MIN && !token[strspn(token, BEARER)]))
		return true;
	log_error("setting GT_NOTIFY_RECEIPT_TOKEN must have at least %d characters, "
		  "letters, digits and -._~+/= only",
		RECEIPT_TOKEN_MIN);
	return false;
}

static bool load(struct settings *settings, size_t count, struct arena *arena)
{
	bool fine = config_load(table, count, arena);
	*settings = loaded;
	if (fine)
		config_log("goldenthread-api", settings->log_format, settings->log_level);
	return fine;
}

bool settings_load(struct settings *settings, struct arena *arena)
{
	if (!load(settings, TABLE_COUNT, arena))
		return false;
	bool fine = split_listen(settings, arena);
	fine = read_webhook_allow(settings, arena) && fine;
	fine = check_receipt_token(settings) && fine;
	return check_public_url(settings) && fine;
}

bool settings_load_database(struct settings *settings, struct arena *arena)
{
	if (!load(settings, DATABASE_COUNT, arena))
		return false;
	/* A command runs each statement once: preparing all of them would only cost. */
	settings->prepare = false;
	settings->statement_timeout_ms = COMMAND_TIMEOUT_MS;
	return true;
}

bool settings_load_listen(struct settings *settings, struct arena *arena)
{
	bool fine = config_load(&table[LISTEN_AT], 1, arena);
	*settings = loaded;
	return fine && split_listen(settings, arena);
}

void settings_help(FILE *out)
{
	config_help(table, TABLE_COUNT, out);
}

struct db_settings settings_database(const struct settings *settings)
{
	return (struct db_settings){
		.url = settings->database_url,
		.application_name = "goldenthread-api",
		.connect_timeout_s = CONNECT_TIMEOUT_S,
		.statement_timeout_ms = settings->statement_timeout_ms,
		.queries = api_queries,
		.query_count = Q_COUNT,
		.prepare = settings->prepare,
		.schema_version = GT_SCHEMA_VERSION,
	};
}
