/* One connection to PostgreSQL: prepared statements only, text in, text out. The only file with
 * libpq. A connection belongs to one thread. */
#include "common/db.h"

#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"

#define RETRY_AFTER_MS 1000

struct db {
	const struct db_settings *settings;
	PGconn *connection;
	long long tried_at_ms; /* monotonic; 0 = never */
	bool lost_said;
	bool *prepared; /* which statements this connection knows */
	bool in_transaction;
	char mismatch[200]; /* why the schema is not ours; empty when it is */
};

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct db *db_create(const struct db_settings *settings)
{
	struct db *db = xcalloc(1, sizeof(*db));
	db->settings = settings;
	db->prepared = xcalloc(settings->query_count, sizeof(*db->prepared));
	return db;
}

static void disconnect(struct db *db)
{
	PQfinish(db->connection);
	db->connection = NULL;
}

void db_destroy(struct db *db)
{
	if (!db)
		return;
	disconnect(db);
	free(db->prepared);
	free(db);
}

/* libpq's messages end with a newline and may hold several lines. */
static const char *one_line(struct arena *arena, const char *message)
{
	char *copy = arena_strdup(arena, message ? message : "");
	for (char *at = copy; *at; at++)
		if (*at == '\n')
			*at = at[1] ? ' ' : '\0';
	return copy;
}

static void log_lost(struct db *db, const char *what)
{
	struct arena *arena = arena_create();
	/* Said once an outage, not once a try. */
	if (!db->lost_said)
		log_error(
			"database: %s: %s", what, one_line(arena, PQerrorMessage(db->connection)));
	db->lost_said = true;
	arena_destroy(arena);
}

static void ignore_notice(void *context, const PGresult *result)
{
	(void)context;
	log_debug("database notice: %s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

static bool connect_once(struct db *db)
{
	const struct db_settings *s = db->settings;
	char timeout[16];
	char options[160];
	snprintf(timeout, sizeof(timeout), "%d", s->connect_timeout_s);
	const char *const keys[] = { "dbname", "application_name", "connect_timeout",
		"client_encoding", "target_session_attrs", NULL };
	const char *const values[] = { s->url, s->application_name, timeout, "UTF8", "read-write",
		NULL };
	db->connection = PQconnectdbParams(keys, values, 1);
	if (!db->connection)
		fatal("out of memory connecting to the database");
	if (PQstatus(db->connection) != CONNECTION_OK) {
		log_lost(db, "cannot connect");
		return false;
	}
	PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
	/* No jit: it compiles for a second what then runs for a millisecond. */
	snprintf(options, sizeof(options),
		"SET statement_timeout=%d; SET lock_timeout=%d; SET timezone='UTC'; SET jit=off;"
		"SET idle_in_transaction_session_timeout=10000",
		s->statement_timeout_ms, s->statement_timeout_ms / 2 + 1);
	PGresult *result = PQexec(db->connection, options);
	bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	if (!fine)
		log_lost(db, "cannot set the session up");
	return fine;
}

/* The schema is migrated first, then the programs are exchanged: a newer schema says itself which
 * older programs it still serves. */
static bool newer_serves(struct db *db, const char *wanted)
{
	PGresult *result = PQexecParams(db->connection, "SELECT schema_serves_since() <= $1", 1,
		NULL, &wanted, NULL, NULL, 0);
	bool serves = PQresultStatus(result) == PGRES_TUPLES_OK &&
		      strcmp(PQgetvalue(result, 0, 0), "t") == 0;
	PQclear(result);
	return serves;
}

/* A program and a schema that were not made for each other refuse: better no answer than a wrong
 * one. */
static bool check_schema(struct db *db)
{
	const char *wanted = db->settings->schema_version;
	db->mismatch[0] = '\0';
	if (!wanted)
		return true;
	PGresult *result = PQexec(db->connection, "SELECT max(name) FROM migration");
	bool rows = PQresultStatus(result) == PGRES_TUPLES_OK && !PQgetisnull(result, 0, 0);
	const char *found = rows ? PQgetvalue(result, 0, 0) : "no schema";
	int newer = rows ? strcmp(found, wanted) : -1;
	if (newer < 0 || (newer > 0 && !newer_serves(db, wanted)))
		snprintf(db->mismatch, sizeof(db->mismatch),
			"the database is at schema %s; this program needs %s", found, wanted);
	PQclear(result);
	if (db->mismatch[0] && !db->lost_said)
		log_error("database: %s", db->mismatch);
	db->lost_said = db->lost_said || db->mismatch[0];
	db->tried_at_ms = 0; /* a migration may end the mismatch at any moment */
	return !db->mismatch[0];
}

/* Preparing all of them on every connection would keep the first callers of each waiting. */
static PGresult *prepare_one(struct db *db, size_t query)
{
	const struct db_query *q = &db->settings->queries[query];
	PGresult *result = PQprepare(db->connection, q->name, q->sql, 0, NULL);
	db->prepared[query] = PQresultStatus(result) == PGRES_COMMAND_OK;
	return result;
}

bool db_check(struct db *db)
{
	const struct db_settings *s = db->settings;
	if (!db_ready(db))
		return false;
	for (size_t i = 0; s->prepare && i < s->query_count; i++) {
		PQclear(prepare_one(db, i));
		if (db->prepared[i])
			continue;
		db->lost_said = false;
		log_lost(db, s->queries[i].name);
		return false;
	}
	return true;
}

bool db_ready(struct db *db)
{
	if (db->connection && PQstatus(db->connection) == CONNECTION_OK)
		return true;
	if (db->in_transaction)
		return false;
	long long now = now_ms();
	if (db->tried_at_ms && now - db->tried_at_ms < RETRY_AFTER_MS)
		return false;
	db->tried_at_ms = now;
	disconnect(db);
	memset(db->prepared, 0, db->settings->query_count * sizeof(*db->prepared));
	if (!connect_once(db) || !check_schema(db)) {
		disconnect(db);
		return false;
	}
	if (db->lost_said)
		log_info("database: connected again");
	db->lost_said = false;
	db->tried_at_ms = 0;
	return true;
}

static void clear_result(void *result)
{
	PQclear(result);
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Classes: https://www.postgresql.org/docs/15/errcodes-appendix.html */
static enum db_outcome classify(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum db_outcome outcome;
	} table[] = {
		{ "GT", DB_REFUSED }, /* refuse() of sql/functions */
		{ "23", DB_REFUSED }, /* a constraint */
		{ "22", DB_REFUSED }, /* a value that the column's type does not take */
		{ "40001", DB_BUSY }, /* serialization failure */
		{ "40P01", DB_BUSY }, /* deadlock */
		{ "55P03", DB_BUSY }, /* lock timeout */
		{ "57014", DB_BUSY }, /* statement timeout */
		{ "53", DB_BUSY },    /* out of disk, memory or connections */
		{ "08", DB_AWAY },    /* connection */
		{ "57P", DB_AWAY },   /* shutting down, starting up */
		{ "25006", DB_AWAY }, /* read-only: a standby, during a switch of the primary */
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (starts_with(sqlstate, table[i].prefix))
			return table[i].outcome;
	return DB_FAILED;
}

static enum db_outcome read_error(struct db *db, struct arena *arena, const char *name,
	PGresult *result, struct db_rows *rows)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (!state || PQstatus(db->connection) != CONNECTION_OK) {
		log_lost(db, "connection lost");
		disconnect(db);
		return DB_AWAY;
	}
	enum db_outcome outcome = classify(state);
	rows->sqlstate = arena_strdup(arena, state);
	bool ours = starts_with(state, "GT");
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const char *message = one_line(arena, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	rows->code = ours ? message : arena_strdup(arena, constraint ? constraint : "");
	rows->detail =
		one_line(arena, ours ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : "");
	rows->pointer =
		one_line(arena, ours ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : "");
	if (outcome == DB_FAILED || outcome == DB_BUSY)
		log_error("query %s: SQLSTATE %s: %s", name, state, message);
	if (outcome == DB_AWAY)
		disconnect(db);
	return outcome;
}

static enum db_outcome take_result(struct db *db, struct arena *arena, const char *name,
	PGresult *result, struct db_rows *rows)
{
	/* No result: the command could not even be sent. It is read as a lost connection. */
	arena_defer(arena, clear_result, result);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		return read_error(db, arena, name, result, rows);
	rows->result = result;
	rows->count = PQntuples(result);
	return DB_DONE;
}

static enum db_outcome not_ready(struct db *db, struct arena *arena, struct db_rows *rows)
{
	rows->detail = arena_strdup(arena, db->mismatch);
	return db->mismatch[0] ? DB_SCHEMA : DB_AWAY;
}

/* Parameters as libpq wants them: texts alone need only values. */
struct params {
	const char *const *values;
	const int *lengths;
	const int *formats;
};

static enum db_outcome run_anew(struct db *db, struct arena *arena, size_t query,
	struct params params, struct db_rows *rows)
{
	const struct db_query *q = &db->settings->queries[query];
	*rows = (struct db_rows){ 0 };
	if (!db_ready(db))
		return not_ready(db, arena, rows);
	PGresult *result = PQexecParams(db->connection, q->sql, q->params, NULL, params.values,
		params.lengths, params.formats, 0);
	return take_result(db, arena, q->name, result, rows);
}

static enum db_outcome run(struct db *db, struct arena *arena, size_t query, struct params params,
	struct db_rows *rows)
{
	const struct db_query *q = &db->settings->queries[query];
	if (!db->settings->prepare)
		return run_anew(db, arena, query, params, rows);
	*rows = (struct db_rows){ 0 };
	if (!db_ready(db))
		return not_ready(db, arena, rows);
	if (!db->prepared[query]) {
		PGresult *preparing = prepare_one(db, query);
		if (!db->prepared[query]) {
			arena_defer(arena, clear_result, preparing);
			return read_error(db, arena, q->name, preparing, rows);
		}
		PQclear(preparing);
	}
	PGresult *result = PQexecPrepared(db->connection, q->name, q->params, params.values,
		params.lengths, params.formats, 0);
	return take_result(db, arena, q->name, result, rows);
}

enum db_outcome db_run_anew(struct db *db, struct arena *arena, size_t query,
	const char *const *params, struct db_rows *rows)
{
	return run_anew(db, arena, query, (struct params){ .values = params }, rows);
}

enum db_outcome db_run(struct db *db, struct arena *arena, size_t query, const char *const *params,
	struct db_rows *rows)
{
	return run(db, arena, query, (struct params){ .values = params }, rows);
}

enum db_outcome db_run_params(struct db *db, struct arena *arena, size_t query,
	const struct db_param *params, struct db_rows *rows)
{
	const char *values[DB_PARAMS_MOST];
	int lengths[DB_PARAMS_MOST];
	int formats[DB_PARAMS_MOST];
	int count = db->settings->queries[query].params;
	if (count > DB_PARAMS_MOST)
		fatal("query %s has too many parameters", db->settings->queries[query].name);
	for (int i = 0; i < count; i++) {
		values[i] = params[i].bytes;
		lengths[i] = params[i].length;
		formats[i] = params[i].length > 0;
	}
	return run(db, arena, query, (struct params){ values, lengths, formats }, rows);
}

static enum db_outcome run_command(struct db *db, struct arena *arena, const char *sql)
{
	struct db_rows rows = { 0 };
	if (!db_ready(db))
		return not_ready(db, arena, &rows);
	return take_result(db, arena, sql, PQexec(db->connection, sql), &rows);
}

enum db_outcome db_begin(struct db *db, struct arena *arena)
{
	enum db_outcome outcome = run_command(db, arena, "BEGIN");
	db->in_transaction = outcome == DB_DONE;
	return outcome;
}

enum db_outcome db_commit(struct db *db, struct arena *arena)
{
	enum db_outcome outcome = run_command(db, arena, "COMMIT");
	db->in_transaction = false;
	return outcome;
}

void db_rollback(struct db *db)
{
	if (db->in_transaction && PQstatus(db->connection) == CONNECTION_OK)
		PQclear(PQexec(db->connection, "ROLLBACK"));
	db->in_transaction = false;
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

bool db_script(struct db *db, struct arena *arena, const char *sql, const char **error)
{
	if (!db_ready(db)) {
		*error = "the database cannot be reached";
		return false;
	}
	PGresult *result = PQexec(db->connection, sql);
	ExecStatusType status = PQresultStatus(result);
	bool fine = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
	if (!fine)
		*error = one_line(arena, PQerrorMessage(db->connection));
	PQclear(result);
	return fine;
}

bool db_query(struct db *db, struct arena *arena, const char *sql, struct db_rows *rows)
{
	*rows = (struct db_rows){ 0 };
	if (!db_ready(db))
		return false;
	PGresult *result = PQexec(db->connection, sql);
	arena_defer(arena, clear_result, result);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		return read_error(db, arena, sql, result, rows) == DB_DONE;
	rows->result = result;
	rows->count = PQntuples(result);
	return true;
}

const char *db_text(const struct db_rows *rows, int row, int column)
{
	const PGresult *result = rows->result;
	if (column < 0 || column >= PQnfields(result) || row < 0 || row >= rows->count)
		return NULL;
	return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

const char *db_field(const struct db_rows *rows, int row, const char *column)
{
	return db_text(rows, row, PQfnumber(rows->result, column));
}

long long db_int(const struct db_rows *rows, int row, int column)
{
	const char *text = db_text(rows, row, column);
	return text ? strtoll(text, NULL, 10) : 0;
}

bool db_true(const struct db_rows *rows, int row, int column)
{
	const char *text = db_text(rows, row, column);
	return text && *text == 't';
}

const char *db_bytea(struct arena *arena, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(arena, length * 2 + 3);
	const unsigned char *from = bytes;
	text[0] = '\\';
	text[1] = 'x';
	for (size_t i = 0; i < length; i++) {
		text[2 + i * 2] = digits[from[i] >> 4];
		text[3 + i * 2] = digits[from[i] & 15];
	}
	return text;
}

static void free_bytes(void *bytes)
{
	PQfreemem(bytes);
}

const unsigned char *db_bytes(struct arena *arena, const char *text, size_t *length)
{
	unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, length);
	if (!bytes)
		fatal("out of memory reading bytes of the database");
	arena_defer(arena, free_bytes, bytes);
	return bytes;
}
