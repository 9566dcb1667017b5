/* Runs statements on a connection to PostgreSQL and says what became of them. */
#include "common/db.h"

#include <string.h>

#include "common/db_connection.h"
#include "common/log.h"

/* Preparing all of them on every connection would keep the first callers of each waiting. */
static PGresult *prepare_one(struct db *db, size_t query)
{
	const struct db_query *q = &db->settings->queries[query];
	PGresult *result = db_exchange_prepare(db, q->name, q->sql);
	db->prepared[query] = PQresultStatus(result) == PGRES_COMMAND_OK;
	return result;
}

/* Behind a pooler none is kept: each takes the place of the one before, in one transaction. */
static bool fits(struct db *db, size_t query)
{
	const struct db_query *q = &db->settings->queries[query];
	PGresult *result = db->settings->prepare ? prepare_one(db, query)
						 : db_exchange_prepare(db, "", q->sql);
	bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	if (fine)
		return true;
	db->lost_said = false;
	db_connection_log_lost(db, q->name);
	return false;
}

bool db_check(struct db *db)
{
	struct arena *arena = arena_create();
	bool fine = db_begin(db, arena) == DB_DONE;
	for (size_t i = 0; fine && i < db->settings->query_count; i++)
		fine = fits(db, i);
	db_rollback(db);
	arena_destroy(arena);
	return fine;
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

enum db_outcome db_connection_outcome(const struct db *db, const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
		return db->in_doubt ? DB_AWAY : DB_DONE;
	/* No result: the command could not even be sent, or was never answered. */
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	bool lost = !state || PQstatus(db->connection) != CONNECTION_OK;
	return lost ? DB_AWAY : classify(state);
}

static enum db_outcome read_error(struct db *db, struct arena *arena, const char *name,
	PGresult *result, struct db_rows *rows)
{
	enum db_outcome outcome = db_connection_outcome(db, result);
	if (outcome == DB_AWAY) {
		db_connection_log_lost(
			db, db->in_doubt ? "not known to be on a standby" : "connection lost");
		db_connection_close(db);
		return DB_AWAY;
	}
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	rows->sqlstate = arena_strdup(arena, state);
	bool ours = starts_with(state, "GT");
	const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
	const char *message =
		db_connection_one_line(arena, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
	rows->code = ours ? message : arena_strdup(arena, constraint ? constraint : "");
	rows->detail = db_connection_one_line(
		arena, ours ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : "");
	rows->pointer = db_connection_one_line(
		arena, ours ? PQresultErrorField(result, PG_DIAG_MESSAGE_HINT) : "");
	if (outcome == DB_FAILED || outcome == DB_BUSY)
		log_error("query %s: SQLSTATE %s: %s", name, state, message);
	return outcome;
}

static enum db_outcome take_result(struct db *db, struct arena *arena, const char *name,
	PGresult *result, struct db_rows *rows)
{
	arena_defer(arena, clear_result, result);
	if (db_connection_outcome(db, result) != DB_DONE)
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

static enum db_outcome run_anew(struct db *db, struct arena *arena, size_t query,
	const struct db_exchange_params *params, struct db_rows *rows)
{
	const struct db_query *q = &db->settings->queries[query];
	*rows = (struct db_rows){ 0 };
	if (!db_ready(db))
		return not_ready(db, arena, rows);
	PGresult *result = db_exchange_params(db, q->sql, params);
	return take_result(db, arena, q->name, result, rows);
}

static enum db_outcome run(struct db *db, struct arena *arena, size_t query,
	const struct db_exchange_params *params, struct db_rows *rows)
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
	PGresult *result = db_exchange_prepared(db, q->name, params);
	return take_result(db, arena, q->name, result, rows);
}

static struct db_exchange_params text_params(
	const struct db *db, size_t query, const char *const *params)
{
	return (struct db_exchange_params){ .count = db->settings->queries[query].params,
		.values = params };
}

enum db_outcome db_run_anew(struct db *db, struct arena *arena, size_t query,
	const char *const *params, struct db_rows *rows)
{
	const struct db_exchange_params texts = text_params(db, query, params);
	return run_anew(db, arena, query, &texts, rows);
}

enum db_outcome db_run(struct db *db, struct arena *arena, size_t query, const char *const *params,
	struct db_rows *rows)
{
	const struct db_exchange_params texts = text_params(db, query, params);
	return run(db, arena, query, &texts, rows);
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
	const struct db_exchange_params both = { count, values, lengths, formats };
	return run(db, arena, query, &both, rows);
}

static enum db_outcome run_command(struct db *db, struct arena *arena, const char *sql)
{
	struct db_rows rows = { 0 };
	if (!db_ready(db))
		return not_ready(db, arena, &rows);
	return take_result(db, arena, sql, db_exchange_text(db, sql), &rows);
}

enum db_outcome db_begin(struct db *db, struct arena *arena)
{
	bool session = db->settings->prepare;
	enum db_outcome outcome = run_command(
		db, arena, session ? "BEGIN" : arena_printf(arena, "BEGIN;%s", db->session));
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
	if (db->in_transaction && PQstatus(db->connection) == CONNECTION_OK) {
		PGresult *result = db_exchange_text(db, "ROLLBACK");
		if (!result)
			db_connection_close(db);
		PQclear(result);
	}
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
	PGresult *result = db_exchange_script(db, sql);
	bool fine = db_connection_outcome(db, result) == DB_DONE;
	if (!fine)
		*error = db_connection_one_line(arena, PQerrorMessage(db->connection));
	PQclear(result);
	return fine;
}

bool db_query(struct db *db, struct arena *arena, const char *sql, struct db_rows *rows)
{
	static const struct db_exchange_params none = { 0 };
	*rows = (struct db_rows){ 0 };
	return db_ready(db) &&
	       take_result(db, arena, sql, db_exchange_params(db, sql, &none), rows) == DB_DONE;
}
