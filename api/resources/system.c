/* What operations and integrators ask of the program itself: is it up, what does it offer. */
#include <string.h>

#include "api/engine.h"
#include "api/handlers.h"
#include "api_queries.h"
#include "docs_files.h"
#include "openapi_json.h"

static struct reply say(int status, const char *word)
{
	const char *text =
		strcmp(word, "ready") == 0 ? "{\"status\":\"ready\"}" : "{\"status\":\"live\"}";
	return reply_text(status, "application/json", text, strlen(text));
}

/* The build puts the page's policy first, then the page. */
struct reply system_docs(struct request *req)
{
	(void)req;
	return reply_page(docs_files[1].bytes, docs_files[1].length, docs_files[0].bytes);
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

static struct reply mismatch(const char *detail)
{
	return reply_problem(503, "schema_mismatch", detail);
}

struct reply system_ready(struct request *req)
{
	struct db_rows rows;
	if (req->draining)
		return reply_problem(503, "stopping", "The program is about to stop");
	const char *params[] = { GT_SCHEMA_VERSION };
	enum db_outcome outcome = engine_run(req->arena, Q_SYSTEM_READY, params, true, &rows);
	if (outcome == DB_SCHEMA)
		return mismatch(rows.detail);
	if (outcome != DB_DONE)
		return reply_problem(503, "unavailable", "The database is away");
	/* The connection may be older than a migration. */
	if (db_true(&rows, 0, 2))
		return say(200, "ready");
	const char *newest = db_field(&rows, 0, "newest");
	return mismatch(
		arena_printf(req->arena, "the database is at schema %s; this program needs %s",
			newest ? newest : "none", GT_SCHEMA_VERSION));
}
