/* What the files of common/db.h share: the connection itself. Nobody else includes this. */
#pragma once

#include <libpq-fe.h>

#include "common/db.h"

struct db {
	const struct db_settings *settings;
	char *session; /* the statement that sets what every other one runs under */
	PGconn *connection;
	long long tried_at_ms; /* monotonic; 0 = never */
	long long asked_at_ms; /* the same, of its last use */
	bool lost_said;
	bool *prepared; /* which statements this connection knows */
	bool in_transaction;
	bool in_doubt;      /* committed on one node alone, said the server */
	char mismatch[200]; /* why the schema is not ours; empty when it is */
};

long long db_connection_now_ms(void); /* monotonic */

void db_connection_close(struct db *db);

/* Said once an outage, not once a try. */
void db_connection_log_lost(struct db *db, const char *what);

/* libpq's messages end with a newline and may hold several lines. */
const char *db_connection_one_line(struct arena *arena, const char *message);

/* What an answer means; DB_AWAY too when there is none. */
enum db_outcome db_connection_outcome(const struct db *db, const PGresult *result);

/* False: the other end has closed it. Never waits, asks the server nothing. */
bool db_exchange_open(struct db *db) MUSTCHECK;

/* Parameters as libpq wants them: texts alone need only values. */
struct db_exchange_params {
	int count;
	const char *const *values;
	const int *lengths;
	const int *formats;
};

/* One command and its answer. NULL, with a reason in *late or in the connection: it was not sent,
 * or no answer came in the time that a statement may take; then the connection is of no use any
 * more. */

/* SQL text without parameters; of several statements the last one's answer. */
PGresult *db_exchange_text(struct db *db, const char *sql);
/* Several statements of any length: waited for as long as it takes. */
PGresult *db_exchange_script(struct db *db, const char *sql);
PGresult *db_exchange_prepare(struct db *db, const char *name, const char *sql);
PGresult *db_exchange_prepared(
	struct db *db, const char *name, const struct db_exchange_params *params);
PGresult *db_exchange_params(
	struct db *db, const char *sql, const struct db_exchange_params *params);
