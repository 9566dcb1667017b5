/* Idempotency-Key: a POST that is sent again does nothing twice and gets the same answer
 * (draft-ietf-httpapi-idempotency-key-header-07). */
#include "api/idempotency.h"

#include <gnutls/crypto.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/engine.h"
#include "api_queries.h"
#include "common/log.h"

#define KEY_CHARACTERS_MAX 255
#define SHA256_BYTES 32

/* An sf-string, or the same characters without the quotes (RFC 8941 section 3.3.3). */
const char *idempotency_read(struct request *req, const char **detail)
{
	const char *header = http_header(req->http, "Idempotency-Key");
	if (!header || strcmp(req->http->method, "POST") != 0)
		return NULL;
	size_t length = strlen(header);
	bool quoted = length >= 2 && header[0] == '"' && header[length - 1] == '"';
	const char *key = arena_strndup(req->arena, header + quoted, length - (quoted ? 2 : 0));
	length = strlen(key);
	bool sound = length >= 1 && length <= KEY_CHARACTERS_MAX && !strpbrk(key, "\"\\");
	for (const char *at = key; *at; at++)
		sound = sound && *at >= 0x21 && *at <= 0x7e;
	if (!sound) {
		*detail =
			"Idempotency-Key must be 1 to 255 visible ASCII characters, without quotes "
			"or backslashes in it";
		return "bad_request";
	}
	req->idempotency_key = key;
	return NULL;
}

static void hash_part(gnutls_hash_hd_t hash, const void *bytes, size_t length)
{
	uint64_t size = length;
	if (gnutls_hash(hash, &size, sizeof(size)) != 0 || gnutls_hash(hash, bytes, length) != 0)
		fatal("SHA-256 is not available");
}

/* What makes a repetition the same call: its parameters, its type and its body. */
static const char *fingerprint(const struct request *req)
{
	const char *query = req->raw_query ? req->raw_query : "";
	const char *type = http_header(req->http, "Content-Type");
	unsigned char digest[SHA256_BYTES];
	gnutls_hash_hd_t hash;
	if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) != 0)
		fatal("SHA-256 is not available");
	hash_part(hash, query, strlen(query));
	hash_part(hash, type ? type : "", type ? strlen(type) : 0);
	hash_part(hash, req->http->body_length ? req->http->body : "", req->http->body_length);
	gnutls_hash_deinit(hash, digest);
	return db_bytea(req->arena, digest, sizeof(digest));
}

/* One call as it is told to the database, and the answer as it was before anything was added. */
struct call {
	const char *params[4];
	struct http_answer fresh;
};

static void refuse(struct request *req, const struct call *call, struct http_answer *answer,
	struct reply problem)
{
	*answer = call->fresh;
	reply_render_problem(req, &problem, answer);
}

static void replay(const struct db_rows *kept, struct http_answer *answer)
{
	const char *body = db_field(kept, 0, "body");
	answer->status = atoi(db_field(kept, 0, "status"));
	http_answer_header(answer, "Idempotency-Replayed", "true");
	http_answer_header(answer, "ETag", db_field(kept, 0, "etag"));
	http_answer_header(answer, "Location", db_field(kept, 0, "location"));
	http_answer_header(answer, "Content-Type", body ? "application/json" : NULL);
	answer->body = body;
	answer->body_length = body ? strlen(body) : 0;
}

static const char *header_of(const struct http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->header_count; i++)
		if (strcmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return NULL;
}

/* Stores what was answered and commits both. When it is not certain that any of it happened, the
 * answer says so. */
static void store(struct request *req, const struct call *call, struct http_answer *answer)
{
	struct db_rows rows;
	const char *params[] = { call->params[0], call->params[1], call->params[2], call->params[3],
		arena_printf(req->arena, "%d", answer->status), header_of(answer, "Location"),
		header_of(answer, "ETag"), answer->body_length ? answer->body : NULL };
	enum db_outcome outcome = engine_run(req->arena, Q_IDEMPOTENCY_STORE, params, false, &rows);
	if (outcome == DB_DONE)
		outcome = engine_commit(req->arena);
	if (outcome != DB_DONE)
		refuse(req, call, answer, reply_outcome(req, outcome, &rows));
}

static void run_new(struct request *req, const struct call *call, const struct reply *reply,
	struct http_answer *answer, idempotency_answer_fn run)
{
	run(req, reply, answer);
	if (answer->status < 300)
		store(req, call, answer);
	engine_rollback();
}

void idempotency_run(struct request *req, const struct reply *reply, struct http_answer *answer,
	idempotency_answer_fn run)
{
	struct db_rows rows = { 0 };
	const struct call call = {
		{ req->digest, arena_printf(req->arena, "%s %s", req->http->method, req->target),
			req->idempotency_key, fingerprint(req) },
		*answer
	};
	enum db_outcome outcome = engine_begin(req->arena);
	if (outcome == DB_DONE)
		outcome = engine_run(req->arena, Q_IDEMPOTENCY_BEGIN, call.params, false, &rows);
	const char *state = outcome == DB_DONE ? db_field(&rows, 0, "state") : NULL;
	if (!state)
		refuse(req, &call, answer, reply_outcome(req, outcome, &rows));
	else if (strcmp(state, "replay") == 0)
		replay(&rows, answer);
	else if (strcmp(state, "running") == 0)
		refuse(req, &call, answer,
			reply_problem(409, "still_running",
				"The first call with this Idempotency-Key is not over; ask again"));
	else if (strcmp(state, "other_body") == 0)
		refuse(req, &call, answer,
			reply_problem(422, "idempotency_key_reused",
				"This Idempotency-Key came with another body or other parameters "
				"before"));
	else
		run_new(req, &call, reply, answer, run);
	engine_rollback();
}

/* HKDF's expansion in one step (RFC 5869): the caller's token is a uniform secret already. */
void idempotency_secret(const struct request *req, unsigned char *secret, size_t length)
{
	unsigned char derived[SHA256_BYTES];
	const char *token = http_header(req->http, "Authorization");
	if (!req->idempotency_key || !token) {
		if (gnutls_rnd(GNUTLS_RND_KEY, secret, length) != 0)
			fatal("the system gives no random numbers");
		return;
	}
	token = strrchr(token, ' ') + 1;
	const char *info = arena_printf(req->arena, "goldenthread secret\n%s %s\n%s\n\x01",
		req->http->method, req->target, req->idempotency_key);
	if (length > sizeof(derived) || gnutls_hmac_fast(GNUTLS_MAC_SHA256, token, strlen(token),
						info, strlen(info), derived) != 0)
		fatal("HMAC-SHA-256 is not available");
	memcpy(secret, derived, length);
	gnutls_memset(derived, 0, sizeof(derived));
}
