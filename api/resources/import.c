/* Imports: a published plan from a file, previewed or stored. */
#include "api/import/import.h"

#include <jansson.h>
#include <string.h>

#include "api/handlers.h"
#include "api/reading.h"
#include "api_queries.h"
#include "common/text.h"

/* Findings become faults: "/rows/12/Timescales" is a place in the file, "?slug" a parameter. */
static const char *pointer_to(struct arena *arena, int row, const char *column)
{
	if (!row)
		return column ? arena_printf(arena, "?%s", column) : "";
	struct text pointer;
	text_init(&pointer, arena);
	text_addf(&pointer, "/rows/%d", row);
	if (!column || !*column)
		return pointer.bytes;
	text_add(&pointer, "/");
	for (; *column; column++) {
		if (*column == '~' || *column == '/')
			text_add(&pointer, *column == '~' ? "~0" : "~1");
		else
			text_add_bytes(&pointer, column, 1);
	}
	return pointer.bytes;
}

static struct reply refused(void)
{
	return reply_problem(
		422, "invalid_import", "The file cannot be imported as it is; nothing is stored");
}

static struct reply refuse_findings(struct request *req, const struct findings *errors)
{
	for (int i = 0; i < errors->count; i++) {
		const struct finding *error = &errors->items[i];
		faults_add(&req->faults, pointer_to(req->arena, error->row, error->column),
			error->code, error->detail);
	}
	return refused();
}

/* What the database has against it: nothing was written then. */
static struct reply check_errors(struct request *req, const struct db_rows *rows)
{
	json_t *errors = json_loads(db_field(rows, 0, "errors"), 0, NULL);
	size_t i;
	json_t *error;
	json_array_foreach(errors, i, error)
	{
		json_int_t row = json_integer_value(json_object_get(error, "row"));
		const char *column = json_string_value(json_object_get(error, "column"));
		const char *code = json_string_value(json_object_get(error, "code"));
		const char *detail = json_string_value(json_object_get(error, "detail"));
		faults_add(&req->faults, pointer_to(req->arena, (int)row, column),
			arena_strdup(req->arena, code), arena_strdup(req->arena, detail));
	}
	json_decref(errors);
	return i ? refused() : reply_text(0, NULL, NULL, 0);
}

static struct reply read_file(struct request *req, const struct db_rows *rows)
{
	const struct http_request *http = req->http;
	const char *dry_run = request_query(req, "dry_run");
	bool stored = !dry_run || strcmp(dry_run, "false") == 0;
	struct import_options options = {
		.title = request_query(req, "title"),
		.organisation = request_query(req, "organisation"),
		.slug = request_query(req, "slug"),
		.source_url = request_query(req, "source_url"),
		.timescales = reading_settings(rows),
		.plan_decides = request_query(req, "plan") != NULL,
	};
	struct import_doc doc;
	if (!import_read(req->arena, http->body_length ? http->body : "", http->body_length,
		    http_header(http, "Content-Type"), &options, &doc))
		return refuse_findings(req, &doc.plan.errors);
	struct reply reply = reply_row(req, stored ? 201 : 200, Q_IMPORT_STORE, req->id, doc.json,
		request_query(req, "plan"), dry_run);
	reply.then = check_errors;
	return reply;
}

/* The plan is asked for first: it says how its timescales are read. It also keeps whoever may not
 * import from having files read. */
struct reply import_create(struct request *req)
{
	return reading_ask(req, request_query(req, "plan"), NULL, NULL, read_file);
}
