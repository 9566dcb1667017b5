/* Connecting to PostgreSQL: where to, what every statement runs under, and whether the schema is
 * ours. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/db_connection.h"
#include "common/log.h"

#define RETRY_AFTER_MS 1000
#define IDLE_MS 1000 /* after which it may have died unnoticed */

long long db_connection_now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the session keeps holds for as long as the connection. A pooler lends a session for one
 * transaction only: there, each transaction begins with this. No jit: it compiles for a second what
 * then runs for a millisecond. */
static char *session_statement(const struct db_settings *s)
{
	static const char form[] =
		"SELECT set_config(name, value, %s), pg_backend_pid() FROM (VALUES"
		" ('statement_timeout', '%d'), ('lock_timeout', '%d'), ('timezone', 'UTC'), ('jit', 'off'),"
		" ('idle_in_transaction_session_timeout', '10000')) AS setting (name, value)";
	char *sql = xcalloc(1, sizeof(form) + 32);
	snprintf(sql, sizeof(form) + 32, form, s->prepare ? "false" : "true",
		s->statement_timeout_ms, s->statement_timeout_ms / 2 + 1);
	return sql;
}

struct db *db_create(const struct db_settings *settings)
{
	struct db *db = xcalloc(1, sizeof(*db));
	db->settings = settings;
	db->session = session_statement(settings);
	db->prepared = xcalloc(settings->query_count, sizeof(*db->prepared));
	return db;
}

void db_connection_close(struct db *db)
{
	PQfinish(db->connection);
	db->connection = NULL;
	db->in_doubt = false;
}

void db_destroy(struct db *db)
{
	if (!db)
		return;
	db_connection_close(db);
	free(db->prepared);
	free(db->session);
	free(db);
}

const char *db_connection_one_line(struct arena *arena, const char *message)
{
	char *copy = arena_strdup(arena, message ? message : "");
	for (char *at = copy; *at; at++)
		if (*at == '\n')
			*at = at[1] ? ' ' : '\0';
	return copy;
}

void db_connection_log_lost(struct db *db, const char *what)
{
	struct arena *arena = arena_create();
	if (!db->lost_said)
		log_error("database: %s: %s", what,
			db_connection_one_line(arena, PQerrorMessage(db->connection)));
	db->lost_said = true;
	arena_destroy(arena);
}

/* Whoever cancels a commit that waits for its standby makes PostgreSQL say that it is done, with a
 * warning that it may be lost. The text is translated; where it comes from is not. */
static void take_notice(void *context, const PGresult *result)
{
	struct db *db = context;
	const char *from = PQresultErrorField(result, PG_DIAG_SOURCE_FUNCTION);
	log_debug("database notice: %s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	if (from && strcmp(from, "SyncRepWaitForLSN") == 0)
		db->in_doubt = true;
}

/* The URL may say otherwise of all that stands before it. A server that vanished without a goodbye
 * is given up after some ten seconds, whether or not there was something on its way to it. */
static PGconn *dial(const struct db_settings *s)
{
	char timeout[16];
	snprintf(timeout, sizeof(timeout), "%d", s->connect_timeout_s);
	const struct {
		const char *key;
		const char *value;
	} table[] = {
		{ "connect_timeout", timeout },
		{ "keepalives_idle", "5" },
		{ "keepalives_interval", "2" },
		{ "keepalives_count", "3" },
		{ "tcp_user_timeout", "10000" },
		{ "target_session_attrs", "read-write" },
		{ "dbname", s->url },
		{ "application_name", s->application_name },
		{ "client_encoding", "UTF8" },
	};
	enum { COUNT = sizeof(table) / sizeof(*table) };
	const char *keys[COUNT + 1] = { 0 };
	const char *values[COUNT + 1] = { 0 };
	for (size_t i = 0; i < COUNT; i++) {
		keys[i] = table[i].key;
		values[i] = table[i].value;
	}
	return PQconnectdbParams(keys, values, 1);
}

/* A pooler makes up the number by which its client may cancel. Said once: it is a mistake, not an
 * event. */
static void warn_of_pooler(const struct db *db, const PGresult *result)
{
	static atomic_flag said = ATOMIC_FLAG_INIT;
	long server = strtol(PQgetvalue(result, 0, 1), NULL, 10);
	if (server != PQbackendPID(db->connection) && !atomic_flag_test_and_set(&said))
		log_warn("database: behind a pooler; if it lends connections by the transaction, "
			 "set GT_DATABASE_PREPARED=off");
}

static bool keep_session(struct db *db)
{
	PGresult *result = db_exchange_text(db, db->session);
	bool fine = PQresultStatus(result) == PGRES_TUPLES_OK;
	if (fine)
		warn_of_pooler(db, result);
	PQclear(result);
	if (!fine)
		db_connection_log_lost(db, "cannot set the session up");
	return fine;
}

static bool connect_once(struct db *db)
{
	db->connection = dial(db->settings);
	if (!db->connection)
		fatal("out of memory connecting to the database");
	if (PQstatus(db->connection) != CONNECTION_OK || PQsetnonblocking(db->connection, 1) != 0) {
		db_connection_log_lost(db, "cannot connect");
		return false;
	}
	PQsetNoticeReceiver(db->connection, take_notice, db);
	return !db->settings->prepare || keep_session(db);
}

/* The schema is migrated first, then the programs are exchanged: a newer schema says itself which
 * older programs it still serves. */
static bool newer_serves(struct db *db, const char *wanted)
{
	const struct db_exchange_params params = { .count = 1, .values = &wanted };
	PGresult *result = db_exchange_params(db, "SELECT schema_serves_since() <= $1", &params);
	bool serves = PQresultStatus(result) == PGRES_TUPLES_OK &&
		      strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	return serves;
}

static void compare_schema(struct db *db, const PGresult *result)
{
	const char *wanted = db->settings->schema_version;
	bool rows = PQresultStatus(result) == PGRES_TUPLES_OK && !PQgetisnull(result, 0, 0);
	const char *found = rows ? PQgetvalue(result, 0, 0) : "no schema";
	int newer = rows ? strcmp(found, wanted) : -1;
	if (newer < 0 || (newer > 0 && !newer_serves(db, wanted)))
		snprintf(db->mismatch, sizeof(db->mismatch),
			"the database is at schema %s; this program needs %s", found, wanted);
}

/* A program and a schema that were not made for each other refuse: better no answer than a wrong
 * one. */
static bool check_schema(struct db *db)
{
	static const struct db_exchange_params none = { 0 };
	db->mismatch[0] = '\0';
	if (!db->settings->schema_version)
		return true;
	PGresult *result = db_exchange_params(db, "SELECT max(name) FROM migration", &none);
	bool away = db_connection_outcome(db, result) == DB_AWAY;
	if (away)
		db_connection_log_lost(db, "cannot be asked for its schema");
	else
		compare_schema(db, result);
	PQclear(result);
	if (away)
		return false;
	if (db->mismatch[0] && !db->lost_said)
		log_error("database: %s", db->mismatch);
	db->lost_said = db->lost_said || db->mismatch[0];
	db->tried_at_ms = 0; /* a migration may end the mismatch at any moment */
	return !db->mismatch[0];
}

/* A write that is sent into a dead connection is in doubt; one that was not sent yet can go over
 * another. */
static bool still_connected(struct db *db, long long now)
{
	if (!db->connection || PQstatus(db->connection) != CONNECTION_OK)
		return false;
	bool idled = !db->in_transaction && now - db->asked_at_ms > IDLE_MS;
	db->asked_at_ms = now;
	if (!idled || db_exchange_open(db))
		return true;
	db_connection_log_lost(db, "connection lost while idle");
	return false;
}

bool db_ready(struct db *db)
{
	long long now = db_connection_now_ms();
	if (still_connected(db, now))
		return true;
	if (db->in_transaction)
		return false;
	if (db->tried_at_ms && now - db->tried_at_ms < RETRY_AFTER_MS)
		return false;
	db->tried_at_ms = now;
	db_connection_close(db);
	memset(db->prepared, 0, db->settings->query_count * sizeof(*db->prepared));
	if (!connect_once(db) || !check_schema(db)) {
		db_connection_close(db);
		return false;
	}
	if (db->lost_said)
		log_info("database: connected again");
	db->lost_said = false;
	db->tried_at_ms = 0;
	return true;
}
