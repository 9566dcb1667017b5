/* One command to PostgreSQL and its answer, waited for no longer than a statement may take. */
#include <errno.h>
#include <poll.h>

#include "common/db_connection.h"
#include "common/log.h"

/* The server ends a statement in its time; this much later, there is no server. Together they must
 * be less than the ten seconds that a client of the API waits at the most. */
#define MARGIN_MS 2000
#define FOR_EVER (-1)

static long long deadline(const struct db *db)
{
	return db_connection_now_ms() + db->settings->statement_timeout_ms + MARGIN_MS;
}

/* Whoever has waited this long shall not wait for a new connection too. */
static void give_up(struct db *db)
{
	db->tried_at_ms = db_connection_now_ms();
	if (!db->lost_said)
		log_error("database: no answer, given up");
	db->lost_said = true;
}

/* True when PQgetResult will not block: there is an answer, or the connection is lost. */
static bool wait_for_result(struct db *db, long long until_ms)
{
	for (;;) {
		int unsent = PQflush(db->connection);
		if (unsent < 0 || (!unsent && !PQisBusy(db->connection)))
			return true;
		bool limited = until_ms != FOR_EVER;
		long long left = limited ? until_ms - db_connection_now_ms() : FOR_EVER;
		struct pollfd wait = { PQsocket(db->connection),
			(short)(unsent ? POLLIN | POLLOUT : POLLIN), 0 };
		if (limited && left <= 0)
			return false;
		if (poll(&wait, 1, (int)left) < 0 && errno != EINTR)
			return false;
		if ((wait.revents & ~POLLOUT) && !PQconsumeInput(db->connection))
			return true;
	}
}

/* The last result of what was sent; of what an error left undone, the error. */
static PGresult *last_result(struct db *db, bool pipeline, long long until_ms)
{
	PGresult *last = NULL;
	while (wait_for_result(db, until_ms)) {
		PGresult *next = PQgetResult(db->connection);
		ExecStatusType status = PQresultStatus(next);
		bool ended = pipeline ? status == PGRES_PIPELINE_SYNC : !next;
		if (ended || (!next && PQstatus(db->connection) != CONNECTION_OK)) {
			PQclear(next);
			return last;
		}
		if (!next || status == PGRES_PIPELINE_ABORTED) {
			PQclear(next);
			continue;
		}
		PQclear(last);
		last = next;
	}
	give_up(db);
	PQclear(last);
	return NULL;
}

bool db_exchange_open(struct db *db)
{
	struct pollfd wait = { PQsocket(db->connection), POLLIN, 0 };
	/* A goodbye is read before the end behind it. */
	while (poll(&wait, 1, 0) > 0)
		if (!PQconsumeInput(db->connection))
			return false;
	return PQstatus(db->connection) == CONNECTION_OK;
}

PGresult *db_exchange_text(struct db *db, const char *sql)
{
	return PQsendQuery(db->connection, sql) ? last_result(db, false, deadline(db)) : NULL;
}

PGresult *db_exchange_script(struct db *db, const char *sql)
{
	return PQsendQuery(db->connection, sql) ? last_result(db, false, FOR_EVER) : NULL;
}

PGresult *db_exchange_prepare(struct db *db, const char *name, const char *sql)
{
	bool sent = PQsendPrepare(db->connection, name, sql, 0, NULL);
	return sent ? last_result(db, false, deadline(db)) : NULL;
}

PGresult *db_exchange_prepared(
	struct db *db, const char *name, const struct db_exchange_params *params)
{
	bool sent = PQsendQueryPrepared(db->connection, name, params->count, params->values,
		params->lengths, params->formats, 0);
	return sent ? last_result(db, false, deadline(db)) : NULL;
}

static bool send_params(struct db *db, const char *sql, const struct db_exchange_params *params)
{
	return PQsendQueryParams(db->connection, sql, params->count, NULL, params->values,
		params->lengths, params->formats, 0);
}

/* The settings and the statement go together and are one transaction, without a BEGIN. */
static PGresult *with_session(
	struct db *db, const char *sql, const struct db_exchange_params *params)
{
	static const struct db_exchange_params none = { 0 };
	bool sent = PQenterPipelineMode(db->connection) && send_params(db, db->session, &none) &&
		    send_params(db, sql, params) && PQpipelineSync(db->connection);
	PGresult *result = sent ? last_result(db, true, deadline(db)) : NULL;
	if (result && !PQexitPipelineMode(db->connection)) {
		PQclear(result);
		return NULL;
	}
	return result;
}

PGresult *db_exchange_params(
	struct db *db, const char *sql, const struct db_exchange_params *params)
{
	if (!db->settings->prepare && !db->in_transaction)
		return with_session(db, sql, params);
	return send_params(db, sql, params) ? last_result(db, false, deadline(db)) : NULL;
}
