/* Timescales: reading any text, the revisions of an action's, and agreeing a new one. */
#include "common/timescale.h"

#include <string.h>

#include "api/handlers.h"
#include "api/reading.h"
#include "api_queries.h"
#include "common/date.h"

/* What a plan would read from these words: needs no database. */
struct reply timescale_preview(struct request *req)
{
	struct timescale timescale;
	struct timescale_settings settings = { 0 };
	const char *quarters = request_query(req, "quarter_basis");
	const char *anchor = request_query(req, "relative_to");
	const char *text = request_query(req, "text");
	if (quarters && strcmp(quarters, "calendar") == 0)
		settings.quarters = TIMESCALE_CALENDAR;
	if (anchor && !date_parse_iso(anchor, &settings.relative_to))
		return reply_problem(400, "bad_parameter", "relative_to is not a day");
	timescale_read(req->arena, text ? text : "", &settings, &timescale);
	const char *json = timescale_json(req->arena, &timescale);
	return reply_text(200, "application/json", json, strlen(json));
}

struct reply timescale_list(struct request *req)
{
	return reply_list(req, Q_TIMESCALE_LIST, request_query(req, "limit"),
		request_query(req, "cursor"), req->path[0]);
}

static struct reply revise(struct request *req, const struct db_rows *rows)
{
	struct timescale timescale;
	struct timescale_settings settings = reading_settings(rows);
	timescale_read(req->arena, request_text(req, "text"), &settings, &timescale);
	return reply_row(req, 201, Q_TIMESCALE_REVISE, req->id, req->path[0], req->body_text,
		timescale_json(req->arena, &timescale));
}

struct reply timescale_revise(struct request *req)
{
	return reading_ask(req, NULL, NULL, req->path[0], revise);
}
