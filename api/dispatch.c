/* One request from its first byte to its answer: the steps, in order. */
#include "api/dispatch.h"

#include <gnutls/crypto.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/accept.h"
#include "api/auth.h"
#include "api/engine.h"
#include "api/guard.h"
#include "api/gzip.h"
#include "api/idempotency.h"
#include "api/metrics.h"
#include "api/reply.h"
#include "api/request.h"
#include "api/router.h"
#include "api/token.h"
#include "common/log.h"

static const struct settings *settings;
static char process_id[16];
static atomic_bool draining;

void dispatch_init(const struct settings *all)
{
	unsigned char random[4];
	if (gnutls_rnd(GNUTLS_RND_NONCE, random, sizeof(random)) != 0)
		fatal("the system gives no random numbers");
	snprintf(process_id, sizeof(process_id), "%02x%02x%02x%02x", random[0], random[1],
		random[2], random[3]);
	settings = all;
}

void dispatch_drain(void)
{
	atomic_store(&draining, true);
}

/* Ours are a random start of the process and a count: unique enough to find in a log, and free. A
 * key in the wrong header is not taken: ids are logged. */
static const char *request_id(struct arena *arena, const struct http_request *http)
{
	static const char safe[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	static atomic_uint_fast64_t count;
	const char *given = http_header(http, "X-Request-Id");
	if (given && *given && strlen(given) <= 64 && !given[strspn(given, safe)] &&
		!token_is_sound(given))
		return given;
	return arena_printf(arena, "%s-%" PRIuFAST64, process_id, atomic_fetch_add(&count, 1) + 1);
}

static bool is_known_method(const char *method)
{
	static const char *const known[] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
		"OPTIONS", "TRACE", "CONNECT" };
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strcmp(known[i], method) == 0)
			return true;
	return false;
}

static struct reply route_request(struct request *req, struct http_answer *answer)
{
	struct router_match match;
	const char *method = req->http->method;
	if (!is_known_method(method))
		return reply_problem(
			501, "unknown_method", "This service does not know that method");
	if (strcmp(req->http->target, "*") == 0) {
		http_answer_header(answer, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
		return reply_text(204, NULL, NULL, 0);
	}
	router_find(req->arena, method, req->target, &match);
	if (!match.allow)
		return reply_problem(404, "not_found", "There is nothing at this address");
	http_answer_header(answer, "Allow", match.route ? NULL : match.allow);
	if (strcmp(method, "OPTIONS") == 0)
		return reply_text(204, NULL, NULL, 0);
	if (!match.route)
		return reply_problem(405, "method_not_allowed",
			arena_printf(req->arena, "This address takes %s", match.allow));
	req->route = match.route;
	memcpy(req->path, match.params, sizeof(req->path));
	return reply_text(0, NULL, NULL, 0);
}

/* {id} and {lead} are numbers; {plan} may be a slug, {code} is a word. What cannot be one is not
 * found. */
static bool has_sound_path(const struct request *req)
{
	size_t i = 0;
	for (const char *at = strchr(req->route->path, '{'); at && req->path[i];
		at = strchr(at + 1, '{'), i++) {
		size_t length = strlen(req->path[i]);
		if (strncmp(at, "{plan}", 6) == 0 || strncmp(at, "{code}", 6) == 0)
			continue;
		if (length < 1 || length > 18 || *req->path[i] == '0' ||
			req->path[i][strspn(req->path[i], "0123456789")])
			return false;
	}
	return true;
}

static int status_of(const char *code)
{
	if (strcmp(code, "unsupported_media_type") == 0)
		return 415;
	if (strcmp(code, "precondition_required") == 0)
		return 428;
	return 400;
}

/* Reads everything that can be checked without the database; all faults are gathered. */
static struct reply read_input(struct request *req)
{
	const char *detail = NULL;
	const char *code = request_read_query(req, &detail);
	if (!code)
		code = request_read_body(req, &detail);
	if (!code && req->route->conditional)
		code = request_read_if_match(req, &detail);
	if (!code && req->route->role > ROLE_NOTIFY)
		code = idempotency_read(req, &detail);
	if (code)
		return reply_problem(status_of(code), code, detail);
	return req->faults.count ? reply_faults(req) : reply_text(0, NULL, NULL, 0);
}

/* A statement that gave no row: the key is not good enough, or there is no such thing. */
static struct reply explain_nothing(struct request *req)
{
	struct reply reply;
	if (!auth_check(req, &reply))
		return reply;
	return reply_problem(
		404, "not_found", "There is no such thing here, or it is not yours to see");
}

static void answer_with(struct request *req, const struct reply *reply, struct http_answer *answer);

/* The row is the answer, unless the handler wanted to see it first. */
static void finish_statement(struct request *req, const struct reply *reply,
	const struct db_rows *rows, struct http_answer *answer)
{
	struct reply next = { 0 };
	if (reply->then)
		next = reply->then(req, rows);
	if (next.status)
		answer_with(req, &next, answer);
	else
		reply_render_rows(req, reply, rows, answer);
}

static void run_statement(
	struct request *req, const struct reply *reply, struct http_answer *answer)
{
	struct db_rows rows;
	const char *method = req->http->method;
	bool read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
	const char *day = request_query(req, "as_of");
	enum db_outcome outcome =
		day ? engine_run_past(req->arena, day, reply->query, reply->params, &rows)
		    : engine_run(req->arena, reply->query, reply->params, read, &rows);
	if (outcome == DB_DONE && rows.count > 0) {
		finish_statement(req, reply, &rows, answer);
		return;
	}
	struct reply problem =
		outcome == DB_DONE ? explain_nothing(req) : reply_outcome(req, outcome, &rows);
	reply_render_problem(req, &problem, answer);
}

static void answer_with(struct request *req, const struct reply *reply, struct http_answer *answer)
{
	if (reply->kind == REPLY_PROBLEM)
		reply_render_problem(req, reply, answer);
	else if (reply->kind == REPLY_TEXT)
		reply_render_text(reply, answer);
	else
		run_statement(req, reply, answer);
}

static struct reply reply_wait(struct request *req, struct http_answer *answer)
{
	http_answer_header(
		answer, "Retry-After", arena_printf(req->arena, "%ld", req->key.retry_s));
	return reply_problem(429, "rate_limited",
		arena_printf(req->arena, "A key may make %ld calls a minute; wait and repeat",
			keyring_limit()));
}

/* Everything up to the handler. A status other than 0 ends the request. */
static struct reply before_handler(struct request *req, struct http_answer *answer)
{
	const char *fault = guard_fault(req->http);
	if (fault) {
		http_answer_header(answer, "Connection", "close");
		return reply_problem(400, "bad_request", fault);
	}
	req->target = arena_strdup(req->arena, req->http->target);
	char *question = strchr(req->target, '?');
	if (question) {
		*question = '\0';
		req->raw_query = question + 1;
	}
	struct reply reply = route_request(req, answer);
	size_t limit = routes_body_bytes(req->route);
	if (req->http->body_length > limit) {
		http_answer_header(answer, "Connection", "close");
		return reply_problem(413, "too_large",
			arena_printf(req->arena, "The body is longer than %zu MiB",
				limit / 1024 / 1024));
	}
	if (reply.status || !req->route)
		return reply;
	if (!auth_is_known(req))
		return reply_problem(401, "unauthorized", "The key is not accepted");
	if (req->digest && !auth_may_call(req))
		return reply_wait(req, answer);
	const char *accept = http_header(req->http, "Accept");
	if (!accept_allows(accept, req->route->type) &&
		!accept_allows(accept, "application/problem+json"))
		reply = reply_problem(406, "not_acceptable",
			arena_printf(req->arena, "This call answers in %s",
				req->route->type ? req->route->type : "application/json"));
	else if (accept_coding(http_header(req->http, "Accept-Encoding")) == ACCEPT_NO_CODING)
		reply = reply_problem(
			406, "not_acceptable", "This service answers in gzip or without a coding");
	else if (!has_sound_path(req))
		reply = reply_problem(404, "not_found", "There is nothing at this address");
	else
		reply = read_input(req);
	/* Whoever may not call at all is told that, not what is wrong with the call. */
	struct reply denied;
	if (reply.status && !auth_check(req, &denied)) {
		req->faults.count = 0;
		return denied;
	}
	return reply;
}

/* A statement checks the key itself; an answer that needs none is given to live keys only. */
static void run_handler(struct request *req, const struct reply *reply, struct http_answer *answer)
{
	struct reply denied;
	bool asks_database = reply->kind != REPLY_TEXT && reply->kind != REPLY_PROBLEM;
	bool allowed = asks_database || auth_check(req, &denied);
	answer_with(req, allowed ? reply : &denied, answer);
}

static void call_handler(struct request *req, struct http_answer *answer)
{
	struct reply reply = req->route->handler(req);
	if (req->idempotency_key)
		idempotency_run(req, &reply, answer, run_handler);
	else
		run_handler(req, &reply, answer);
	reply_join_secret(req, &reply, answer);
}

static void note_request(const struct request *req, int status, const struct timespec *from)
{
	struct timespec to;
	char status_text[16];
	char duration[32];
	clock_gettime(CLOCK_MONOTONIC, &to);
	double ms = (double)(to.tv_sec - from->tv_sec) * 1e3 +
		    (double)(to.tv_nsec - from->tv_nsec) / 1e6;
	metrics_count(req->route, status, ms / 1e3);
	/* A client may call its method what it likes, after a person even. */
	const char *method = is_known_method(req->http->method) ? req->http->method : "other";
	snprintf(status_text, sizeof(status_text), "%d", status);
	snprintf(duration, sizeof(duration), "%.3f", ms);
	log_event(status >= 500 ? LOG_WARN : LOG_INFO, "request", "method", method, "route",
		req->route ? req->route->path : "-", "status", status_text, "duration_ms", duration,
		NULL);
}

static void finish_answer(struct request *req, struct http_answer *answer)
{
	auth_finish(req, answer);
	http_answer_header(answer, "X-Request-Id", req->id);
	http_answer_header(answer, "Cache-Control", "no-store");
	http_answer_header(answer, "X-Content-Type-Options", "nosniff");
	gzip_finish(req->arena, req->http, answer);
	answer->bodiless = strcmp(req->http->method, "HEAD") == 0;
}

void dispatch_handle(
	struct arena *arena, const struct http_request *http, struct http_answer *answer)
{
	struct timespec from;
	clock_gettime(CLOCK_MONOTONIC, &from);
	struct request *req = arena_alloc(arena, sizeof(*req));
	*req = (struct request){ .arena = arena,
		.http = http,
		.public_url = settings->public_url,
		.webhook_allow = &settings->webhook_allow,
		.receipt_token = settings->receipt_token };
	req->faults.arena = arena;
	req->id = request_id(arena, http);
	req->draining = atomic_load(&draining);
	log_context("request", req->id);

	*answer = (struct http_answer){ 0 };
	struct reply reply = before_handler(req, answer);
	if (!reply.status && req->route)
		call_handler(req, answer);
	else
		answer_with(req, &reply, answer);
	finish_answer(req, answer);
	note_request(req, answer->status, &from);
	log_context(NULL, NULL);
}
