/* Who is calling: the token of a request, and what its key may do. */
#include "api/auth.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "api/engine.h"
#include "api/token.h"
#include "api_queries.h"
#include "common/log.h"

/* NULL: there is none. */
static const char *bearer_token(const struct request *req)
{
	const char *header = http_header(req->http, "Authorization");
	if (!header || strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	return header + 7 + strspn(header + 7, " ");
}

/* Takes the token into req->digest. False: it is none of ours; no look-up is needed. */
static bool read_token(struct request *req)
{
	unsigned char digest[TOKEN_DIGEST_BYTES];
	const char *token = bearer_token(req);
	if (!token || !token_is_sound(token))
		return false;
	token_digest(token, digest);
	req->digest = db_bytea(req->arena, digest, sizeof(digest));
	return true;
}

/* Digests are compared, so that the time tells neither a length nor how much was right. */
static bool is_notify(const struct request *req)
{
	unsigned char theirs[TOKEN_DIGEST_BYTES];
	unsigned char ours[TOKEN_DIGEST_BYTES];
	const char *token = bearer_token(req);
	if (!token || !req->receipt_token)
		return false;
	token_digest(token, theirs);
	token_digest(req->receipt_token, ours);
	return gnutls_memcmp(theirs, ours, sizeof(ours)) == 0;
}

bool auth_is_known(struct request *req)
{
	if (req->route->role == ROLE_ANYONE)
		return true;
	return req->route->role == ROLE_NOTIFY ? is_notify(req) : read_token(req);
}

static enum role role_of(const char *name)
{
	for (enum role role = ROLE_ADMIN; role > ROLE_NOTIFY; role--)
		if (strcmp(role_name(role), name) == 0)
			return role;
	return ROLE_ANYONE;
}

bool auth_check(struct request *req, struct reply *out)
{
	struct db_rows rows;
	const char *params[] = { req->digest };
	if (req->route->role <= ROLE_NOTIFY)
		return true;
	if (engine_run(req->arena, Q_KEY_FIND, params, true, &rows) != DB_DONE) {
		*out = reply_problem(503, "unavailable", "The database is away; try again shortly");
		return false;
	}
	if (rows.count == 0) {
		*out = reply_problem(401, "unauthorized", "The key is not accepted");
		return false;
	}
	if (role_of(db_field(&rows, 0, "role")) < req->route->role) {
		*out = reply_problem(403, "forbidden",
			arena_printf(req->arena, "This needs a key with the role %s",
				role_name(req->route->role)));
		return false;
	}
	return true;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void learn_keys(struct request *req)
{
	struct db_rows rows;
	if (engine_run(req->arena, Q_KEY_LIVE, NULL, true, &rows) == DB_DONE)
		for (int i = 0; i < rows.count; i++)
			keyring_admit(db_field(&rows, i, "digest"), now_ms());
	keyring_learned();
}

bool auth_may_call(struct request *req)
{
	enum keyring_verdict verdict = keyring_take(req->digest, now_ms(), &req->key);
	if (verdict == KEYRING_LEARN) {
		learn_keys(req);
		verdict = keyring_take(req->digest, now_ms(), &req->key);
	}
	return verdict == KEYRING_GO;
}

static void touch(struct request *req)
{
	struct db_rows rows;
	const char *params[] = { req->digest };
	if (engine_run(req->arena, Q_KEY_TOUCH, params, true, &rows) != DB_DONE) {
		log_warn("the last use of a key could not be noted");
		return;
	}
	const char *expires = rows.count ? db_field(&rows, 0, "expires") : NULL;
	if (keyring_expires(req->digest, expires, now_ms()))
		log_event(LOG_WARN, "key_expires", "key", db_field(&rows, 0, "id"), "expires_at",
			expires, NULL);
	snprintf(req->key.expires, sizeof(req->key.expires), "%s", expires ? expires : "");
}

static void tell_limit(struct request *req, struct http_answer *answer)
{
	if (!keyring_limit())
		return;
	http_answer_header(answer, "RateLimit-Policy",
		arena_printf(req->arena, "\"default\";q=%ld;w=60", keyring_limit()));
	http_answer_header(answer, "RateLimit",
		arena_printf(req->arena, "\"default\";r=%ld;t=%ld", req->key.remaining,
			req->key.whole_in_s));
}

void auth_finish(struct request *req, struct http_answer *answer)
{
	if (!req->digest)
		return;
	/* A refused key is told nothing, and has no more claim than one that was never there. */
	if (answer->status == 401) {
		keyring_forget(req->digest);
		return;
	}
	if (answer->status != 429 && answer->status < 500)
		keyring_seen(req->digest, now_ms(), &req->key);
	if (req->key.touch_due)
		touch(req);
	if (!req->key.known)
		return;
	tell_limit(req, answer);
	http_answer_header(answer, "X-Key-Expires", *req->key.expires ? req->key.expires : NULL);
}
