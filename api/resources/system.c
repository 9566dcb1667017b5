/* What operations and integrators ask of the program itself: is it up, what does it offer. */
#include <string.h>

#include "api/engine.h"
#include "api/handlers.h"
#include "api/schema_version.h"
#include "api_queries.h"
#include "openapi_json.h"

static struct reply say(int status, const char *word)
{
	const char *text =
		strcmp(word, "ready") == 0 ? "{\"status\":\"ready\"}" : "{\"status\":\"live\"}";
	return reply_text(status, "application/json", text, strlen(text));
}

struct reply system_live(struct request *req)
{
	(void)req;
	return say(200, "live");
}

struct reply system_openapi(struct request *req)
{
	(void)req;
	return reply_text(200, "application/json", openapi_json[0].bytes, openapi_json[0].length);
}

struct reply system_ready(struct request *req)
{
	struct db_rows rows;
	if (req->draining)
		return reply_problem(503, "stopping", "The program is about to stop");
	if (engine_run(req->arena, Q_SYSTEM_READY, NULL, true, &rows) != DB_DONE)
		return reply_problem(503, "unavailable", "The database is away");
	const char *newest = db_field(&rows, 0, "newest");
	if (!newest || strcmp(newest, schema_version()) != 0)
		return reply_problem(503, "schema_mismatch",
			arena_printf(req->arena, "The database is at %s; this program needs %s",
				newest ? newest : "no migration", schema_version()));
	return say(200, "ready");
}
