/* Turns rows, refusals and faults into answers (RFC 9110, RFC 9457). */
#include "api/reply.h"

#include <stdlib.h>
#include <string.h>

#include "api/errors.h"
#include "api/etag.h"
#include "common/log.h"
#include "common/text.h"

struct reply reply_query(struct request *req, enum reply_kind kind, int status, size_t query,
	const char *const *params, size_t count)
{
	const char **copy = arena_alloc(req->arena, count * sizeof(*copy));
	memcpy(copy, params, count * sizeof(*copy));
	copy[0] = req->digest;
	return (struct reply){ .kind = kind, .status = status, .query = query, .params = copy };
}

struct reply reply_file(struct request *req, size_t query, reply_build_fn build, const char *type,
	const char *suffix)
{
	const char *const params[] = { NULL, req->path[0] };
	struct reply reply = reply_query(req, REPLY_FILE, 200, query, params, 2);
	reply.build = build;
	reply.type = type;
	reply.suffix = suffix;
	return reply;
}

struct reply reply_text(int status, const char *type, const char *text, size_t length)
{
	return (struct reply){
		.kind = REPLY_TEXT, .status = status, .type = type, .text = text, .length = length
	};
}

struct reply reply_page(const char *html, size_t length, const char *policy)
{
	struct reply reply = reply_text(200, "text/html; charset=utf-8", html, length);
	reply.policy = policy;
	return reply;
}

struct reply reply_problem(int status, const char *code, const char *detail)
{
	return (struct reply){
		.kind = REPLY_PROBLEM, .status = status, .code = code, .detail = detail
	};
}

struct reply reply_faults(struct request *req)
{
	bool in_query = false;
	for (size_t i = 0; i < req->faults.count; i++)
		in_query = in_query || req->faults.list[i].pointer[0] == '?';
	return in_query ? reply_problem(400, "bad_parameter", "A parameter cannot be used")
			: reply_problem(422, "invalid", "Some of the fields cannot be used");
}

static const char *title_of(const char *code)
{
	const struct error *error = errors_find(code);
	if (!error)
		log_error("the code %s is not in the catalogue of errors", code);
	return error ? error->title : "Error";
}

static void add_member(struct text *text, const char *name, const char *value)
{
	text_addf(text, "%s\"%s\":", text->length > 1 ? "," : "", name);
	text_add_json(text, value);
}

static void add_faults(struct text *text, const struct faults *faults)
{
	text_add(text, ",\"errors\":[");
	for (size_t i = 0; i < faults->count; i++) {
		struct text one;
		text_init(&one, faults->arena);
		text_add(&one, "{");
		add_member(&one, "pointer", faults->list[i].pointer);
		add_member(&one, "code", faults->list[i].code);
		add_member(&one, "detail", faults->list[i].detail);
		text_addf(text, "%s%s}", i ? "," : "", one.bytes);
	}
	text_add(text, "]");
}

void reply_render_problem(
	struct request *req, const struct reply *reply, struct http_answer *answer)
{
	struct text text;
	text_init(&text, req->arena);
	text_add(&text, "{");
	add_member(&text, "type",
		arena_printf(req->arena, "%s/errors/%s", req->public_url, reply->code));
	add_member(&text, "title", title_of(reply->code));
	text_addf(&text, ",\"status\":%d", reply->status);
	add_member(&text, "detail", reply->detail);
	if (req->target)
		add_member(&text, "instance", req->target);
	add_member(&text, "code", reply->code);
	add_member(&text, "request_id", req->id);
	if (req->faults.count)
		add_faults(&text, &req->faults);
	text_add(&text, "}");

	answer->status = reply->status;
	answer->body = text.bytes;
	answer->body_length = text.length;
	http_answer_header(answer, "Content-Type", "application/problem+json");
	if (reply->status == 401)
		http_answer_header(answer, "WWW-Authenticate", "Bearer");
	if (reply->status == 503 || strcmp(reply->code, "still_running") == 0)
		http_answer_header(answer, "Retry-After", "2");
	if (reply->status == 415 && strcmp(req->http->method, "PATCH") == 0)
		http_answer_header(
			answer, "Accept-Patch", "application/merge-patch+json, application/json");
}

/* The request's own address with the cursor replaced (RFC 8288); NULL on the last page. */
static const char *next_link(
	struct request *req, const struct reply *reply, const struct db_rows *rows)
{
	struct text link;
	const char *value = db_field(rows, 0, "next_cursor");
	const char *name = reply->cursor ? reply->cursor : "cursor";
	size_t name_length = strlen(name);
	if (!value)
		return NULL;
	text_init(&link, req->arena);
	text_addf(&link, "<%s%s?", req->public_url, req->target);
	for (const char *at = req->raw_query ? req->raw_query : ""; *at;) {
		size_t length = strcspn(at, "&");
		bool old = strncmp(at, name, name_length) == 0 && at[name_length] == '=';
		if (length && !old) {
			text_add_bytes(&link, at, length);
			text_add(&link, "&");
		}
		at += length;
		at += *at == '&';
	}
	text_addf(&link, "%s=%s>; rel=\"next\"", name, value);
	return link.bytes;
}

/* True when the client has this tag, and the tag says all: what has aged since its version was made
 * is sent again. */
static bool is_known_tag(const struct request *req, const struct db_rows *rows, const char *etag)
{
	const char *known = http_header(req->http, "If-None-Match");
	const char *aged = db_field(rows, 0, "aged");
	return known && etag && !(aged && *aged == 't') && etag_is_listed(known, etag);
}

/* Secrets that are shown once never pass through the database. */
void reply_join_secret(struct request *req, const struct reply *reply, struct http_answer *answer)
{
	if (!reply->add_name || answer->status >= 300 || !answer->body_length)
		return;
	struct text text;
	text_init(&text, req->arena);
	text_add(&text, "{");
	add_member(&text, reply->add_name, reply->add_value);
	/* the body is an object that PostgreSQL built: it begins with "{" and has members */
	text_addf(&text, ",%s", answer->body + 1);
	answer->body = text.bytes;
	answer->body_length = text.length;
}

/* The tag names the program's version too: another one may write the same rows as other bytes. */
static void render_file(struct request *req, const struct reply *reply, const struct db_rows *rows,
	struct http_answer *answer)
{
	const char *etag =
		arena_printf(req->arena, "\"%s-%s\"", db_field(rows, 0, "etag"), GT_VERSION);
	bool text = strncmp(reply->type, "text/", 5) == 0 || strstr(reply->type, "json");
	answer->status = reply->status;
	answer->packing = text ? HTTP_PACK_ALWAYS : HTTP_PACK_NEVER;
	http_answer_header(answer, "ETag", etag);
	if (is_known_tag(req, rows, etag)) {
		answer->status = 304;
		return;
	}
	struct text file;
	text_init(&file, req->arena);
	if (!reply->build(rows, &file)) {
		struct reply failed = reply_problem(
			500, "internal_error", "Something failed here; it is in the log");
		reply_render_problem(req, &failed, answer);
		return;
	}
	answer->body = file.bytes;
	answer->body_length = file.length;
	http_answer_header(answer, "Content-Type", reply->type);
	http_answer_header(answer, "Content-Disposition",
		arena_printf(req->arena, "attachment; filename=\"%s.%s\"",
			db_field(rows, 0, "slug"), reply->suffix));
}

void reply_render_rows(struct request *req, const struct reply *reply, const struct db_rows *rows,
	struct http_answer *answer)
{
	if (reply->kind == REPLY_FILE) {
		render_file(req, reply, rows, answer);
		return;
	}
	const char *version = db_field(rows, 0, "etag");
	const char *etag = version ? arena_printf(req->arena, "\"%s\"", version) : NULL;
	answer->status = reply->status;
	http_answer_header(answer, "ETag", etag);
	if (reply->kind == REPLY_EMPTY)
		return;
	bool read = strcmp(req->http->method, "GET") == 0 || strcmp(req->http->method, "HEAD") == 0;
	answer->body = db_field(rows, 0, "body");
	answer->body_length = strlen(answer->body);
	if (read && is_known_tag(req, rows, etag)) {
		answer->status = 304;
		return;
	}
	if (reply->kind == REPLY_LIST)
		http_answer_header(answer, "Link", next_link(req, reply, rows));
	if (reply->status == 201)
		http_answer_header(answer, "Location", db_field(rows, 0, "location"));
	http_answer_header(answer, "Content-Type", "application/json");
}

void reply_render_text(const struct reply *reply, struct http_answer *answer)
{
	answer->status = reply->status;
	answer->body = reply->text;
	answer->body_length = reply->length;
	http_answer_header(answer, "Content-Type", reply->type);
	http_answer_header(answer, "Content-Security-Policy", reply->policy);
	http_answer_header(answer, "Referrer-Policy", reply->policy ? "no-referrer" : NULL);
}

/* Constraints that a caller can meet, in the caller's words. The rest have a general sentence. */
static const struct {
	const char *constraint;
	int status;
	const char *code;
	const char *pointer;
	const char *detail;
} constraints[] = {
	{ "action_reference", 409, "reference_taken", "/reference",
		"Another action of the plan has this reference" },
	{ "lead_away_both", 422, "invalid", "/away_until",
		"Give both days of an absence, or neither" },
	{ "lead_away_in_order", 422, "invalid", "/away_until", "Must not be before away_from" },
	{ "lead_not_its_own_deputy", 422, "invalid", "/deputy", "A lead cannot be its own deputy" },
	{ "lead_not_its_own_manager", 422, "invalid", "/manager",
		"A lead cannot be its own manager" },
	{ "lead_post_key_key", 409, "lead_exists", "/name",
		"There is a lead of this name, perhaps written another way" },
	{ "ladder_stage_pkey", 422, "invalid", "/stages",
		"Each offset and audience may come once" },
	{ "ladder_stage_repeats_overdue", 422, "invalid", "/stages",
		"Only a stage after the deadline can repeat" },
	{ "plan_send_at_check", 422, "invalid", "/send_at", "Must be from 08:00 to before 18:00" },
	{ "plan_slug_key", 409, "slug_taken", "/slug", "Another plan has this slug" },
	{ "recommendation_number", 409, "number_taken", "/number",
		"Another recommendation of the plan has this number" },
	{ "snapshot_name", 409, "name_taken", "/name",
		"Another snapshot of the plan has this name" },
	{ "update_says_something", 422, "invalid", "/note",
		"Give at least one of note, status, rag, percent, evidence" },
};

struct reply reply_refused(struct request *req, const struct db_rows *rows)
{
	if (strncmp(rows->sqlstate, "GT", 2) == 0) {
		if (rows->pointer && *rows->pointer)
			faults_add(&req->faults, rows->pointer, rows->code, rows->detail);
		return reply_problem(atoi(rows->sqlstate + 2), rows->code, rows->detail);
	}
	for (size_t i = 0; i < sizeof(constraints) / sizeof(*constraints); i++) {
		if (strcmp(constraints[i].constraint, rows->code) != 0)
			continue;
		faults_add(&req->faults, constraints[i].pointer, constraints[i].code,
			constraints[i].detail);
		return reply_problem(
			constraints[i].status, constraints[i].code, constraints[i].detail);
	}
	log_warn("refused by the database: SQLSTATE %s, %s", rows->sqlstate, rows->code);
	if (strcmp(rows->sqlstate, "23505") == 0)
		return reply_problem(409, "conflict", "Something else already has this value");
	return reply_problem(422, "invalid", "The database does not take one of the values");
}

struct reply reply_outcome(struct request *req, enum db_outcome outcome, const struct db_rows *rows)
{
	if (outcome == DB_REFUSED)
		return reply_refused(req, rows);
	if (outcome == DB_SCHEMA)
		return reply_problem(503, "schema_mismatch", rows->detail);
	if (outcome == DB_FAILED)
		return reply_problem(
			500, "internal_error", "Something failed here; it is in the log");
	return reply_problem(503, "unavailable", "The database is away or busy; try again shortly");
}
