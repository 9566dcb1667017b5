/* One connection to PostgreSQL: statements of sql/queries, text in, text out. A connection belongs
 * to one thread. Whatever is asked, an answer or DB_AWAY comes a few seconds after the statement
 * timeout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/arena.h"

/* One statement of sql/queries, embedded by the build. */
struct db_query {
	const char *name; /* "action/read" */
	const char *sql;
	int params;
};

struct db_settings {
	const char *url; /* libpq URI or keyword string */
	const char *application_name;
	int connect_timeout_s;
	int statement_timeout_ms;
	const struct db_query *queries;
	size_t query_count;
	/* False: nothing is left to the session, neither statements nor settings, for a pooler that
	 * lends its connections by the transaction. */
	bool prepare;
	/* Newest migration that must be there; a newer schema may still serve it. NULL: any schema.
	 */
	const char *schema_version;
};

enum db_outcome {
	DB_DONE,    /* see rows */
	DB_REFUSED, /* a rule of ours, or a constraint, said no: see sqlstate, code, detail, pointer
		     */
	DB_BUSY,    /* worth another try: serialization, deadlock, lock or statement timeout */
	/* No connection, or lost before the answer came, or committed on one node alone: a write
	 * may or may not be done, and kept. */
	DB_AWAY,
	DB_SCHEMA, /* the database's schema does not serve this program: see detail */
	DB_FAILED  /* a fault of ours, already logged */
};

struct db_rows {
	const void *result; /* PGresult, tied to the arena */
	int count;
	/* After DB_REFUSED: */
	const char *sqlstate; /* five characters, "GT412" */
	const char *code;     /* the rule's stable code, or the constraint's name */
	const char *detail;
	const char *pointer; /* JSON pointer into the body, or "" */
};

struct db;

/* Does not connect yet. The settings and what they point to must outlive the connection. */
struct db *db_create(const struct db_settings *settings);
void db_destroy(struct db *db);

/* Connects if there is no live connection. False: not reachable, or the schema is not ours
 * (logged). At most one try a second; in between, false at once. Statements are prepared when a
 * connection first runs them. */
bool db_ready(struct db *db) MUSTCHECK;

/* Connects and has every statement understood by the server, so that one which does not fit the
 * schema stops the boot, not a user. False: away, or the log names the statement. */
bool db_check(struct db *db) MUSTCHECK;

/* Runs one prepared statement. params: as many texts as the statement has, NULL for SQL NULL.
 * Connects when needed. rows is filled for DB_DONE and DB_REFUSED and lives in the arena. */
enum db_outcome db_run(struct db *db, struct arena *arena, size_t query, const char *const *params,
	struct db_rows *rows) MUSTCHECK;

/* One parameter: a text, or an array as db_array makes it. */
struct db_param {
	const char *bytes; /* NULL for SQL NULL */
	int length;        /* 0: a text that ends with NUL; else PostgreSQL's binary form */
};

/* db_run with parameters of both forms; as many as the statement has, DB_PARAMS_MOST at most. */
#define DB_PARAMS_MOST 16
enum db_outcome db_run_params(struct db *db, struct arena *arena, size_t query,
	const struct db_param *params, struct db_rows *rows) MUSTCHECK;

/* db_run without preparing it: for a statement that is to be understood anew, under the search
 * path of the transaction it runs in. */
enum db_outcome db_run_anew(struct db *db, struct arena *arena, size_t query,
	const char *const *params, struct db_rows *rows) MUSTCHECK;

/* Several statements that happen together or not at all. A connection that is lost in between is
 * DB_AWAY for every statement up to the end: nothing runs outside the transaction. After DB_AWAY of
 * a commit it may or may not have happened. db_rollback never fails; without a transaction it does
 * nothing. */
enum db_outcome db_begin(struct db *db, struct arena *arena) MUSTCHECK;
enum db_outcome db_commit(struct db *db, struct arena *arena) MUSTCHECK;
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* Runs SQL text that is not in the table (migrations); several statements are one transaction. On
 * failure *error names it. */
bool db_script(struct db *db, struct arena *arena, const char *sql, const char **error) MUSTCHECK;

/* Runs one constant statement that is not in the table and gives its rows. */
bool db_query(struct db *db, struct arena *arena, const char *sql, struct db_rows *rows) MUSTCHECK;

/* Row and column from 0. NULL for SQL NULL or for a column that the result does not have. */
const char *db_text(const struct db_rows *rows, int row, int column);
const char *db_field(const struct db_rows *rows, int row, const char *column);
long long db_int(const struct db_rows *rows, int row, int column); /* 0 for NULL */
bool db_true(const struct db_rows *rows, int row, int column);

/* bytea, both ways: bytes to the text form that a parameter takes, and a result's text to bytes. */
const char *db_bytea(struct arena *arena, const void *bytes, size_t length);
const unsigned char *db_bytes(struct arena *arena, const char *text, size_t *length);
