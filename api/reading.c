/* How the plan that a request is about reads its timescales: asked of the database beforehand. */
#include "api/reading.h"

#include <string.h>

#include "api_queries.h"
#include "common/log.h"

struct reply reading_ask(struct request *req, const char *plan, const char *recommendation,
	const char *action, struct reply (*then)(struct request *req, const struct db_rows *rows))
{
	struct reply reply =
		reply_row(req, 200, Q_PLAN_READING, req->id, plan, recommendation, action);
	reply.then = then;
	return reply;
}

struct timescale_settings reading_settings(const struct db_rows *rows)
{
	struct timescale_settings settings = { 0 };
	const char *basis = db_field(rows, 0, "quarter_basis");
	const char *relative_to = db_field(rows, 0, "relative_to");
	if (basis && strcmp(basis, "calendar") == 0)
		settings.quarters = TIMESCALE_CALENDAR;
	if (relative_to && !date_parse_iso(relative_to, &settings.relative_to))
		log_error("the plan's reference date %s cannot be read", relative_to);
	return settings;
}
